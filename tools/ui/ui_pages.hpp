// Which page answers which address of this machine: what is done here and nowhere else, or what the
// registry's own site shows.
#pragma once

#include "api/html/frame.hpp"
#include "tools/ui/desk.hpp"

namespace cpl {

class UiPages {
 public:
  explicit UiPages(const Workplace& work) : work_(work), desk_(work) {}  // It outlives this.

  HttpResponse answer(const HttpRequest& request);

 private:
  // Whom the keys here are of, by the charter in force.
  struct Roles {
    bool is_desk = false;
    bool is_registrar = false;
    bool is_signer = false;    // Of whatever.
    bool is_operator = false;  // By the token of this session.
  };

  Roles roles();
  Result<Page> page_of(const HttpRequest& request);
  Result<Page> home(const HttpRequest& request);
  Result<std::optional<Page>> page_done_here(const HttpRequest& request);
  Result<std::optional<Page>> sign_page_of(const HttpRequest& request) const;
  Result<std::optional<Page>> tray_page_of(const HttpRequest& request) const;
  Result<std::optional<Page>> prepare_page_of(const HttpRequest& request) const;
  Result<Page> receipt_page(const HttpRequest& request);
  Result<Page> page_told(const HttpRequest& request) const;
  Result<PageRequest> asked(const HttpRequest& request) const;
  HttpResponse forwarded(const HttpRequest& request) const;
  HttpResponse shown(Page page);
  HttpResponse refused(const Error& error);

  const Workplace& work_;
  UiDesk desk_;
  Mutex mutex_;
  Roles roles_ GUARDED_BY(mutex_);
  UnixMillis roles_until_ GUARDED_BY(mutex_){0};
};

}  // namespace cpl
