#include "notifier/ask_pace.hpp"

#include <algorithm>

namespace cpl {
namespace {

// "https://host:8443/path" and "mailto:a@example.org": up to the path.
std::string host_of(const std::string& url) {
  const auto scheme = url.find("://");
  const auto from = scheme == url.npos ? 0 : scheme + 3;
  return url.substr(0, std::min(url.find_first_of("/?#", from), url.size()));
}

}  // namespace

std::optional<UnixMillis> AskPace::full_until(Asked& asked, std::size_t count_max,
                                              UnixMillis now) const {
  while (!asked.empty() && asked.front().value + limits_.window_millis <= now.value) {
    asked.pop_front();
  }
  if (asked.size() < count_max) return std::nullopt;
  return UnixMillis{asked[asked.size() - count_max].value + limits_.window_millis};
}

void AskPace::forget_old(UnixMillis now) {
  std::erase_if(asked_, [&](auto& one) {
    return one.second.empty() || one.second.back().value + limits_.window_millis <= now.value;
  });
}

std::optional<UnixMillis> AskPace::ask(const std::string& owner, const std::string& url,
                                       UnixMillis now) {
  if (asked_.size() >= limits_.kept) forget_old(now);
  // A host's name is no URL, so the two do not meet.
  Asked& of_url = asked_[{owner, url + " url"}];
  Asked& of_host = asked_[{owner, host_of(url)}];
  const auto url_until = full_until(of_url, limits_.per_url, now);
  const auto host_until = full_until(of_host, limits_.per_host, now);
  if (url_until || host_until) {
    return std::max(url_until.value_or(now), host_until.value_or(now));
  }
  of_url.push_back(now);
  of_host.push_back(now);
  return std::nullopt;
}

}  // namespace cpl
