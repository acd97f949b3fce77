#include "notifier/ask_pace.hpp"

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

std::optional<UnixMillis> AskPace::ask(const std::string& owner, const std::string& url,
                                       UnixMillis now) {
  const std::string of_url = owner + " " + url;  // No owner's name has a space.
  const std::string of_host = owner + " " + host_of(url);
  const auto url_until = urls_.full_until(of_url, now);
  const auto host_until = hosts_.full_until(of_host, now);
  if (url_until || host_until) {
    return std::max(url_until.value_or(now), host_until.value_or(now));
  }
  urls_.note(of_url, now);
  hosts_.note(of_host, now);
  return std::nullopt;
}

}  // namespace cpl
