// What the pages of one session work with, from its start to its end.
#pragma once

#include "api/pages/page_source.hpp"
#include "tools/ui/audit_run.hpp"
#include "tools/ui/confirm.hpp"
#include "tools/ui/guard.hpp"
#include "tools/ui/held_keys.hpp"
#include "tools/ui/kept_checkpoint.hpp"
#include "tools/ui/outbox.hpp"

namespace cpl {

// All that it refers to outlives the pages.
struct Workplace {
  const Cli& cli;
  const UiGuard& guard;
  const HttpClient& client;
  const PageSource& source;  // The registry's word.
  const HeldKeys& keys;
  const Outbox& outbox;
  const AuditShelf& shelf;
  AuditRun& audits;
  KeptCheckpoint& newest;  // Of the log: nothing is signed where the log does not go on from it.
  std::string policy_file;
  std::string origin;  // The registry that is meant, where the policy names several logs; or empty.
  Confirm confirm;
};

// The hidden field by which a form shows that it is of these pages.
void write_form_key(HtmlWriter& html, const Workplace& work, const Href& action);
// A button that asks for one thing.
void write_button_form(HtmlWriter& html, const Workplace& work, const Href& action,
                       std::string_view words);

// The log as it is shown now, going on from all that was seen before: asked before each signature.
Result<Checkpoint> newest_checkpoint(const Workplace& work);

// The log that these pages are for: the one of the policy, or the one that was named.
Result<std::string> origin_of(const Workplace& work);

}  // namespace cpl
