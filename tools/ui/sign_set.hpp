// Statements of this machine that are signed and sent together: one, or a folder of many.
#pragma once

#include "api/html/href.hpp"
#include "tools/cpl/statement_review.hpp"
#include "tools/ui/workplace.hpp"

namespace cpl {

struct SignSet {
  std::string name;  // In the outbox.
  bool is_folder = false;
  std::vector<StatementReview> reviews;  // One at least.

  bool is_complete() const;  // Nothing is missing of any.
  bool is_signed_by(const NoteVerifier& key) const;
  // Of the octets that are signed, and nothing else: changes with any of them.
  std::string id() const;
};

Result<SignSet> read_sign_set(const Outbox& outbox, const std::string& name,
                              const CharterInForce& charter);

// That all of them are for this registry (`origin-mismatch`).
Result<void> check_is_for(const SignSet& set, const std::string& origin);

// "/sign/decision-3fa91c02.stmt"
Href place_of(const SignSet& set);

// Those of the keys here that may sign all of them.
std::vector<const PersonSigner*> who_may_sign(const SignSet& set, const HeldKeys& keys,
                                              const CharterInForce& charter);

// The models that they take off the list.
std::vector<std::string> removed_ids(const SignSet& set);
// Those of them that leave devices nowhere to go, as the registry tells; none where it cannot tell.
std::vector<std::string> stranded_ids(const SignSet& set, const PageSource& source);

}  // namespace cpl
