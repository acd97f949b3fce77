#include "api/bearer.hpp"

#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::size_t header_size_max = 200;
constexpr std::string_view scheme = "Bearer ";

}  // namespace

std::optional<Hash> bearer_token_hash(const HttpRequest& request) {
  const auto header = request.headers.find("authorization").value_or("");
  if (!header.starts_with(scheme) || header.size() > header_size_max) return std::nullopt;
  return sha256(header.substr(scheme.size()));
}

Error credentials_missing(const std::string& whose) {
  return Error{Errc::unauthorized, "credentials-missing", "this needs the bearer token " + whose};
}

}  // namespace cpl
