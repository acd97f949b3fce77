#include "notifier/subscription/verification_rate_limit.hpp"

#include <algorithm>

namespace cpl {
namespace {

// "https://host:8443/path" up to the path; an address of a mailbox whole.
std::string host_of(const std::string& url) {
  const auto scheme = url.find("://");
  const auto from = scheme == url.npos ? 0 : scheme + 3;
  return url.substr(0, std::min(url.find_first_of("/?#", from), url.size()));
}

}  // namespace

std::optional<UnixMillis> VerificationRateLimit::ask(const std::string& owner,
                                                     const std::string& url, UnixMillis now) {
  Asked& asked = by_owner_[owner];
  const std::string host = host_of(url);
  const auto url_until = asked.urls.full_until(url, now);
  const auto minute_until = asked.urls_by_minute.full_until(url, now);
  const auto host_until = asked.hosts.full_until(host, now);
  if (url_until || minute_until || host_until) {
    return std::max(
        {url_until.value_or(now), minute_until.value_or(now), host_until.value_or(now)});
  }
  asked.urls.note(url, now);
  asked.urls_by_minute.note(url, now);
  asked.hosts.note(host, now);
  return std::nullopt;
}

}  // namespace cpl
