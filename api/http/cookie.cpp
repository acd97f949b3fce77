#include "api/http/cookie.hpp"

#include "registry/base/http_tokens.hpp"

namespace cpl {

std::optional<std::string> cookie_of(const HttpRequest& request, std::string_view name) {
  const std::string cookies = request.headers.list("cookie");
  std::string_view rest = cookies;
  while (const auto cookie = take_element(rest, ';')) {
    const auto equals = cookie->find('=');
    if (equals == cookie->npos || cookie->substr(0, equals) != name) continue;
    return std::string(cookie->substr(equals + 1));
  }
  return std::nullopt;
}

}  // namespace cpl
