// The page on which a person consents for a receiver.
#include "notifier/subscription/late_consent.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::consent_test {

TEST_CASE("api: opening the page of consent agrees to nothing, its button does, once") {
  TestApi registry;
  const auto made = registry.notifier->subscribe(
      "party", Audience::parties, {"https://party.example/hooks", {}}, EntryIndex{0});
  REQUIRE(made);
  const auto row = [&] { return *registry.notifier->find("party", made->id); };
  const std::string path = "/v1/validate/" + consent_token(std::string(32, 'k'), row());
  for (int opened = 0; opened < 2; ++opened) {
    const HttpResponse page = registry.get(path);
    CHECK(page.status == 200);
    CHECK(header(page, "Content-Type") == "text/html; charset=utf-8");
    CHECK(header(page, "Content-Security-Policy").starts_with("default-src 'none'"));
    CHECK(page.body->find("<button>Send the notices there</button>") != Bytes::npos);
    CHECK_FALSE(row().consented_late);
  }
  CHECK(problem(registry.send(HttpMethod::put, path), 405)["code"] == "method-not-allowed");
  CHECK_FALSE(row().consented_late);
  const HttpResponse agreed = registry.send(HttpMethod::post, path, "consent=yes");
  CHECK(agreed.status == 200);
  CHECK(agreed.body->find("Thank you") != Bytes::npos);
  CHECK(row().consented_late == registry.log.clock.now());
  CHECK(problem(registry.send(HttpMethod::post, path), 404)["code"] == "token-unknown");
  CHECK(registry.get(path).body->find("<button>") == Bytes::npos);
}

TEST_CASE("api: whom nobody asked is shown no button, and gives no consent") {
  TestApi registry;
  for (const char* token : {"x", "sub_00000000000000000000.AAAA", "a.b.c"}) {
    const std::string path = "/v1/validate/" + std::string(token);
    const HttpResponse page = registry.get(path);
    CHECK(page.status == 200);
    CHECK(page.body->find("<button>") == Bytes::npos);
    CHECK(problem(registry.send(HttpMethod::post, path), 404)["code"] == "token-unknown");
  }
}

}  // namespace cpl::testing::consent_test
