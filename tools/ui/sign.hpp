// What waits for a signature on this machine: statements that came from others or were prepared
// here. Each is shown whole before it is signed, and goes on to the next who signs, or to the log.
#pragma once

#include "api/html/page.hpp"
#include "api/http/sent_form.hpp"
#include "tools/ui/sign_set.hpp"

namespace cpl {

// All of them, and where one is pasted or chosen.
Result<Page> sign_list_page(const Workplace& work);
// Takes in what was pasted or chosen there.
Result<Page> take_statement(const Workplace& work, const SentForm& form);

// "Check before you sign": one, or a folder of many.
Result<Page> sign_page(const Workplace& work, const std::string& name);
// The file as it is passed on.
Result<Page> statement_file(const Workplace& work, const std::string& name);

// What a button of that page asks for.
Result<Page> sign_set_page(const Workplace& work, const std::string& name, const SentForm& form);
Result<Page> send_set_page(const Workplace& work, const std::string& name);
Result<Page> discard_set_page(const Workplace& work, const std::string& name);
// A decision's words beside those of minutes that somebody chose.
Result<Page> compare_minutes_page(const Workplace& work, const std::string& name,
                                  const SentForm& form);

// The charter in force, proven; null where it cannot be.
CharterInForce charter_in_force(const Workplace& work);
// The beginning of a page about a statement here.
Page begin_sign_page(std::string title);

}  // namespace cpl
