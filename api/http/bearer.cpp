#include "api/http/bearer.hpp"

#include "crypto/hash.hpp"
#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

constexpr std::size_t header_size_max = 200;
constexpr std::string_view bearer_scheme = "Bearer";

}  // namespace

std::optional<Hash> bearer_token_hash(const HttpRequest& request) {
  // Of two it would be for us to choose whose request it is.
  if (request.headers.count("authorization") != 1) return std::nullopt;
  const std::string_view header = *request.headers.find("authorization");
  const std::size_t space = header.find(' ');
  if (space == header.npos || header.size() > header_size_max) return std::nullopt;
  if (!same_token(header.substr(0, space), bearer_scheme)) return std::nullopt;
  return sha256(without_spaces(header.substr(space)));
}

Error credentials_missing(const std::string& whose) {
  return Error{Errc::unauthorized, "credentials-missing",
               "this needs " + whose +
                   "; send it as \"Authorization: Bearer TOKEN\" (cpl reads it from CPL_TOKEN)"};
}

Error credentials_unknown(std::string detail) {
  return Error{Errc::unauthorized, "credentials-unknown", std::move(detail)};
}

}  // namespace cpl
