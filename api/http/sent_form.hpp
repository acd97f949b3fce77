// A form as a browser sent it, of either kind: with files (multipart/form-data, RFC 7578) or
// without (application/x-www-form-urlencoded). Strictly, each field once, and bounded.
#pragma once

#include "api/http/http.hpp"

namespace cpl {

// A file that somebody chose. Nothing but its octets is believed.
struct SentFile {
  std::string field;
  std::string name;  // As the browser told it; never a place to write to.
  Bytes content;
};

struct SentForm {
  HttpParameters fields;
  std::vector<SentFile> files;  // Those that were chosen.

  std::string_view field(std::string_view name) const;  // Empty where it is not.
  const SentFile* file(std::string_view field) const;   // Null where none was chosen.
};

// By the Content-Type of the request. Errors: `form-malformed`, `form-too-large`.
Result<SentForm> parse_sent_form(const HttpRequest& request);

}  // namespace cpl
