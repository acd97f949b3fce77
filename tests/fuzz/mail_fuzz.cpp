#include "notifier/mail/message.hpp"
#include "notifier/mail/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {
namespace {

// Every line ends CRLF, none is longer than SMTP carries, and no CR or LF stands by itself.
void check_lines(std::string_view text, std::size_t line_max) {
  while (!text.empty()) {
    const auto end = text.find("\r\n");
    check(end != text.npos && end <= line_max);
    check(text.substr(0, end).find_first_of("\r\n") == text.npos);
    text.remove_prefix(end + 2);
  }
}

}  // namespace

// Whatever the text: one header field, one body, and an address that is one address.
CPL_FUZZ_TARGET(mail) {
  check_lines(quoted_printable(input), 76);
  check_lines(quoted_printable(flowed(input)), 76);
  check_lines(base64_lines(input), 76);
  const std::string field = header_field("Subject", input);
  check_lines(field, 998);
  for (auto at = field.find("\r\n"); at + 2 < field.size(); at = field.find("\r\n", at + 2)) {
    check(field[at + 2] == ' ');  // A line that goes on, and no new field.
  }
  const auto address = MailAddress::parse(input);
  if (address) check(address->text() == input && input.find_first_of("\r\n <>,\"") == input.npos);
}

}  // namespace cpl::fuzz
