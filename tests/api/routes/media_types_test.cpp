// Bodies of a type that a path does not take, and answers of a type that a client does not.
#include "api/routes/router.hpp"
#include "tests/api/routes/paths.hpp"

namespace cpl::testing::media_types_test {

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Asked {
  TestApi registry;

  Asked() { registry.log.append(story_notes()); }

  // As a page of ours would: that is what forms for people ask first.
  HttpResponse send(const Route& route, Headers headers) {
    headers.emplace_back("Origin", "https://cpl.example");
    return registry.send_with(route.method, filled(std::string(route.pattern)), headers, "{}");
  }
};

}  // namespace

TEST_CASE("media types: no path takes a body of a type that it does not name") {
  Asked asked;
  std::size_t refusals = 0;
  for (const Route& route : routes()) {
    if (route.takes.empty()) continue;
    CAPTURE(route.pattern);
    const Json told = problem(asked.send(route, {{"Content-Type", "image/png"}}), 415);
    CHECK(told["code"] == "media-type-unsupported");
    for (const std::string_view type : words_of(route.takes)) {
      CHECK_THAT(told["detail"].get<std::string>(), Catch::Contains(std::string(type)));
      const std::string spelt = ascii_upper(type) + "; charset=utf-8";
      CHECK(asked.send(route, {{"Content-Type", spelt}}).status != 415);
    }
    CHECK(asked.send(route, {}).status != 415);  // Nothing is said of it.
    ++refusals;
  }
  CHECK(refusals > 10);
}

TEST_CASE("media types: an answer that the client does not take is refused") {
  Asked asked;
  std::size_t refusals = 0;
  for (const Route& route : routes()) {
    if (route.gives.empty() || route.pattern.find('{') != std::string_view::npos) continue;
    CAPTURE(route.pattern);
    for (const char* accept :
         {"image/png", "image/*, */*;q=0", "application/json;q=0, image/png"}) {
      CHECK(problem(asked.send(route, {{"Accept", accept}}), 406)["code"] == "not-acceptable");
      ++refusals;
    }
    for (const std::string_view type : words_of(route.gives)) {
      const std::string range = std::string(type.substr(0, type.find('/'))) + "/*";
      for (const std::string& accept : {std::string(type), range, std::string("*/*;q=0.1"),
                                        "image/png, " + std::string(type) + ";q=0.2"}) {
        CHECK(asked.send(route, {{"Accept", accept}}).status != 406);
      }
    }
  }
  CHECK(refusals > 60);
}

TEST_CASE("media types: who reads JSON or XML reads what is built on them") {
  Asked asked;
  const auto status = [&](const char* target, const char* accept) {
    return asked.registry.get_with(target, "Accept", accept).status;
  };
  CHECK(status("/v1/openapi.json", "application/json") == 200);
  CHECK(status("/v1/feed.atom", "text/xml, application/rss+xml") == 200);
  CHECK(status("/v1/feed.atom", "application/json") == 406);
  CHECK(status("/v1/models", "application/xml") == 406);
}

}  // namespace cpl::testing::media_types_test
