// The registry's tray on these pages: what waits there for a key of this session, taken to this
// computer to be looked at and signed as any other statement is, and put back. The registry sees
// signatures, and never a key.
#pragma once

#include "api/html/page.hpp"
#include "api/http/sent_form.hpp"
#include "tools/ui/sign_set.hpp"

namespace cpl {

// The table of what waits there; nothing where this session has no token, or its token sees
// nothing.
void write_tray_section(HtmlWriter& html, const Workplace& work, const CharterInForce& charter);
// A button for a statement that somebody has signed; nothing where there is no token.
void write_tray_form(HtmlWriter& html, const Workplace& work, const SignSet& set);

// Takes a copy of one to this computer, and shows that.
Result<Page> take_from_tray(const Workplace& work, const std::string& id);
// Puts one there that lies on this computer, or adds its signatures to the one that is there.
Result<Page> put_set_into_tray(const Workplace& work, const std::string& name,
                               const SentForm& form);
// Takes out what this session's account put there.
Result<Page> withdraw_page(const Workplace& work, const std::string& id);

}  // namespace cpl
