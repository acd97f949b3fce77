// What scripts of other sites may ask and read.
#include "registry/base/http_tokens.hpp"
#include "tests/api/routes/paths.hpp"

namespace cpl::testing::cross_origin_test {

namespace {

// Those that a browser shows to every script (Fetch, "CORS-safelisted response-header name").
constexpr std::array<std::string_view, 7> always_shown = {
    "Cache-Control", "Content-Language", "Content-Length", "Content-Type",
    "Expires",       "Last-Modified",    "Pragma"};

bool names(std::string_view list, std::string_view name) {
  while (const auto element = take_element(list)) {
    if (same_token(*element, name)) return true;
  }
  return false;
}

bool is_open(const std::string& path, const Json& operation) {
  return operation.at("security").empty() && !path.starts_with("/u/") &&
         !path.starts_with("/v1/validate/") && !path.starts_with("/v1/operator/");
}

// Its headers that a script would not see.
std::vector<std::string> hidden(const HttpResponse& response) {
  const std::string exposed = header(response, "Access-Control-Expose-Headers");
  std::vector<std::string> found;
  for (const auto& [name, value] : response.headers) {
    const bool shown = std::any_of(always_shown.begin(), always_shown.end(),
                                   [&name = name](auto one) { return same_token(one, name); });
    const bool is_own = name.starts_with("Access-Control-") || name == "Vary" ||
                        name == "X-Accel-Buffering" || name == "Content-Encoding";
    if (!shown && !is_own && !names(exposed, name)) found.push_back(name);
  }
  return found;
}

}  // namespace

TEST_CASE("cross origin: what everybody may read a script may, with all its headers") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json document = registry.get_json("/v1/openapi.json");
  std::size_t open = 0;
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      CAPTURE(path, method);
      for (const char* query : {"", "?colour=red"}) {
        const HttpResponse response =
            registry.send(method_of(method), filled(path) + query, "{}", party_token);
        const bool shown = header(response, "Access-Control-Allow-Origin") == "*";
        CHECK(shown == is_open(path, operation));
        if (shown) CHECK(hidden(response).empty());
        open += shown ? 1U : 0U;
      }
    }
  }
  CHECK(open > 50);
}

TEST_CASE("cross origin: what is held already, what waits and what is kept may be read, too") {
  TestApi registry;
  registry.log.append(story_notes());
  for (const char* target : {"/v1/changes", "/v1/feed.atom", "/tile/entries/000.p/1"}) {
    CAPTURE(target);
    registry.get(target);
    const HttpResponse held =
        registry.get_with(target, "If-None-Match", header(registry.get(target), "ETag"));
    CHECK(held.status == 304);
    CHECK(header(held, "Access-Control-Allow-Origin") == "*");
    CHECK(hidden(held).empty());
  }
  const HttpResponse stream = registry.get("/v1/changes/stream");
  CHECK(header(stream, "Access-Control-Allow-Origin") == "*");
  CHECK(hidden(stream).empty());
}

TEST_CASE("cross origin: every path answers OPTIONS, and says what a script may send") {
  TestApi registry;
  const Json document = registry.get_json("/v1/openapi.json");
  for (const auto& [path, item] : document["paths"].items()) {
    const HttpResponse response = registry.send(HttpMethod::options, filled(path));
    CAPTURE(path);
    CHECK(response.status == 204);
    for (const auto& [method, operation] : item.items()) {
      const bool open = is_open(path, operation);
      CHECK(names(header(response, "Allow"), method));
      CHECK((header(response, "Access-Control-Allow-Origin") == "*") == open);
      CHECK(names(header(response, "Access-Control-Allow-Methods"), method) == open);
      CHECK(names(header(response, "Access-Control-Allow-Headers"), "if-none-match") == open);
    }
  }
  CHECK(header(registry.send(HttpMethod::options, "*"), "Allow") == "GET, HEAD, OPTIONS");
  CHECK(problem(registry.send(HttpMethod::options, "/v2"), 404)["code"] == "not-found");
}

}  // namespace cpl::testing::cross_origin_test
