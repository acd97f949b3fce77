// Who may ask the pages on this machine: the person who started them, from the browser that they
// opened, and nobody else. Decided before anything is looked at, by what browsers cannot be made to
// say falsely: Host, Origin, Sec-Fetch-Site, and secrets of this one run.
#pragma once

#include <sys/types.h>

#include "api/http/http.hpp"
#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"

namespace cpl {

// Whose program asks, by its connection; nothing where that cannot be told.
using AskerOf = std::function<std::optional<uid_t>(const HttpRequest& request)>;

class UiGuard {
 public:
  // `host` as the browser names it: "127.83.12.7:40211". Whom `asker_of` tells to be another user
  // of this machine is refused.
  UiGuard(std::string host, const Clock& clock, AskerOf asker_of);

  // What a page of a file posts once, within a minute, to begin the session. Says a new one.
  std::string new_start_code();

  // Whether a browser has begun with a start code.
  bool has_begun();

  // The answer to what may not pass, or the one that begins the session; nothing: it may pass.
  std::optional<HttpResponse> answer(const HttpRequest& request);

  // What a form of that path must bring along.
  std::string form_key(std::string_view path) const;

 private:
  std::optional<HttpResponse> begin_session(const HttpRequest& request);
  bool is_from_our_pages(const HttpRequest& request) const;
  bool has_session(const HttpRequest& request) const;
  bool has_form_key(const HttpRequest& request) const;

  const std::string host_;
  const std::string cookie_name_;
  const std::string session_;
  const std::string form_secret_;
  const Clock& clock_;
  const AskerOf asker_of_;
  Mutex mutex_;
  std::string start_code_ GUARDED_BY(mutex_);  // Empty once it was used.
  UnixMillis start_until_ GUARDED_BY(mutex_){0};
  bool has_begun_ GUARDED_BY(mutex_) = false;
};

}  // namespace cpl
