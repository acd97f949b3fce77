// Who may ask the pages of one's own machine: each way that another program or site could try.
#include "tools/ui/guard.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/support/log_fixture.hpp"

namespace cpl::testing::ui_guard_test {

namespace {

const std::string host = "127.83.12.7:40211";

struct Ask {
  HttpMethod method = HttpMethod::get;
  std::string target = "/desk";
  std::vector<std::pair<std::string, std::string>> headers = {};
  Bytes body = {};
};

struct Guarded {
  TestClock clock;
  std::optional<uid_t> asker;  // Who asks; nobody can tell where it is absent.
  UiGuard guard{host, clock, [this](const HttpRequest&) { return asker; }};

  // 0 where it may pass.
  unsigned status(const Ask& ask, bool with_host = true) {
    const auto answer = answered(ask, with_host);
    return answer ? answer->status : 0;
  }

  std::optional<HttpResponse> answered(const Ask& ask, bool with_host = true) {
    HttpRequest request;
    request.method = ask.method;
    request.target = ask.target;
    request.body = ask.body;
    if (with_host) request.headers.add("Host", host);
    for (const auto& [name, value] : ask.headers) request.headers.add(name, value);
    return guard.answer(request);
  }

  Ask start(const std::string& code) { return {HttpMethod::post, "/session", {}, "code=" + code}; }

  std::pair<std::string, std::string> cookie() {
    const auto begun = answered(start(guard.new_start_code()));
    REQUIRE(begun);
    REQUIRE(begun->status == 200);
    for (const auto& [name, value] : begun->headers) {
      if (name == "Set-Cookie") return {"Cookie", value.substr(0, value.find(';'))};
    }
    FAIL("no cookie");
    return {};
  }
};

}  // namespace

TEST_CASE("ui guard: a name that leads here is not this address") {
  Guarded ui;
  for (const char* name :
       {"rebind.example", "127.83.12.7", "127.83.12.7:40212", "localhost:40211"}) {
    CHECK(ui.status({.headers = {{"Host", name}}}, false) == 421);
  }
  CHECK(ui.status({}, false) == 421);
}

TEST_CASE("ui guard: nothing is shown without the session, and a wrong cookie is none") {
  Guarded ui;
  const auto cookie = ui.cookie();
  CHECK(ui.status({}) == 401);
  CHECK(ui.status({.headers = {{"Cookie", cookie.second + "0"}}}) == 401);
  CHECK(ui.status({.headers = {{"Cookie", "a=b; " + cookie.second + "; c=d"}}}) == 0);
  CHECK(ui.status({.target = "/assets/cpl.css"}) == 0);  // No secret.
}

TEST_CASE("ui guard: another user of the machine is refused, whatever they know") {
  Guarded ui;
  const auto cookie = ui.cookie();
  ui.asker = ::geteuid();
  CHECK(ui.status({.headers = {cookie}}) == 0);
  ui.asker = ::geteuid() + 1;
  CHECK(ui.status({.headers = {cookie}}) == 403);
  CHECK(ui.status(ui.start(ui.guard.new_start_code())) == 403);
  CHECK(ui.status({.target = "/assets/cpl.css"}) == 403);
}

TEST_CASE("ui guard: the start code counts once, and for a minute") {
  Guarded ui;
  const std::string code = ui.guard.new_start_code();
  CHECK(ui.status(ui.start(std::string(64, '0'))) == 403);
  CHECK(ui.status({.target = "/session?code=" + code}) == 401);
  CHECK_FALSE(ui.guard.has_begun());
  CHECK(ui.status(ui.start(code)) == 200);
  CHECK(ui.guard.has_begun());
  CHECK(ui.status(ui.start(code)) == 403);
  const std::string late = ui.guard.new_start_code();
  ui.clock.advance(60'000);
  CHECK(ui.status(ui.start(late)) == 403);
}

TEST_CASE("ui guard: who is asked from elsewhere is refused, though the cookie is sent along") {
  Guarded ui;
  const auto cookie = ui.cookie();
  for (const auto& from :
       std::vector<std::pair<std::string, std::string>>{{"Origin", "http://127.83.12.7:1"},
                                                        {"Origin", "null"},
                                                        {"Origin", "https://127.83.12.7:40211"},
                                                        {"Sec-Fetch-Site", "same-site"},
                                                        {"Sec-Fetch-Site", "cross-site"}}) {
    CAPTURE(from.first, from.second);
    CHECK(ui.status({.headers = {cookie, from}}) == 403);
  }
  CHECK(ui.status({.headers = {cookie, {"Sec-Fetch-Site", "none"}}}) == 0);
  CHECK(ui.status({.headers = {cookie, {"Sec-Fetch-Site", "same-origin"}}}) == 0);
}

TEST_CASE("ui guard: a form needs our origin and the key that its page was given") {
  Guarded ui;
  const auto cookie = ui.cookie();
  const std::pair<std::string, std::string> own{"Origin", "http://" + host};
  const std::string path = "/notices/7/receipt/validated";
  const Bytes body = "form=" + ui.guard.form_key(path);
  CHECK(ui.status({HttpMethod::post, path, {cookie, own}, body}) == 0);
  CHECK(ui.status({HttpMethod::post, path, {cookie}, body}) == 403);
  CHECK(ui.status({HttpMethod::post, path, {cookie, own}, ""}) == 403);
  CHECK(ui.status({HttpMethod::post, "/notices/8/receipt/validated", {cookie, own}, body}) == 403);
  CHECK(ui.status({HttpMethod::post, path, {own}, body}) == 401);
  CHECK(ui.status({HttpMethod::delete_, path, {cookie, own}, body}) == 405);
}

}  // namespace cpl::testing::ui_guard_test
