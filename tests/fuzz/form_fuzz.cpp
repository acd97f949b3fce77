#include "api/http/sent_form.hpp"
#include "crypto/plain_text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// What a browser, or somebody who is none, sends of a form: the first line is its Content-Type.
CPL_FUZZ_TARGET(form) {
  const auto line_end = std::min(input.find('\n'), input.size());
  HttpRequest request;
  request.headers.add("Content-Type", input.substr(0, line_end));
  request.body = Bytes(input.substr(std::min(line_end + 1, input.size())));
  const auto form = parse_sent_form(request);
  if (!form) return;
  check(form->fields.size() + form->files.size() <= 64);
  std::size_t octets = 0;
  for (const auto& [name, value] : form->fields) {
    check(is_plain_text(name, "\r\n\t") && is_plain_text(value, "\r\n\t"));
    check(form->field(name) == value);
    octets += value.size();
  }
  for (const SentFile& file : form->files) octets += file.content.size();
  check(octets <= request.body.size());
}

}  // namespace cpl::fuzz
