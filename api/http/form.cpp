#include "api/http/form.hpp"

#include "api/http/percent.hpp"
#include "crypto/plain_text.hpp"

namespace cpl {
namespace {

constexpr std::size_t form_octets_max = std::size_t{64} * 1024;
constexpr std::size_t fields_max = 64;
constexpr std::string_view line_ends = "\r\n\t";  // What a field of several lines holds.

Error no_form(std::string detail) { return malformed("form-malformed", std::move(detail)); }

Result<std::string> field_text(std::string_view text) {
  auto out = percent_decoded(text, Plus::space);
  if (out && is_plain_text(*out, line_ends)) return *std::move(out);
  return no_form("A field of the form holds characters that nobody can see.");
}

}  // namespace

Result<HttpParameters> parse_form(BytesView body) {
  if (body.size() > form_octets_max) {
    return Error{Errc::too_large, "form-too-large", "The form holds more than 64 kB: send less."};
  }
  HttpParameters fields;
  while (!body.empty()) {
    if (fields.size() == fields_max) return no_form("The form has more than 64 fields.");
    const std::string_view pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(pair.size() + 1, body.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    std::string name = TRY(field_text(pair.substr(0, equals)));
    std::string value = TRY(field_text(pair.substr(std::min(equals + 1, pair.size()))));
    for (const auto& [known, ignored] : fields) {
      if (known == name) return no_form("A field of the form stands there twice.");
    }
    fields.emplace_back(std::move(name), std::move(value));
  }
  return fields;
}

std::string_view form_field(const HttpParameters& form, std::string_view name) {
  for (const auto& [known, value] : form) {
    if (known == name) return value;
  }
  return {};
}

}  // namespace cpl
