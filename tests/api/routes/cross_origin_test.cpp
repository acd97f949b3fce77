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

// What everybody may read.
bool is_open(const std::string& path, const Json& item, const std::string& method) {
  return method == "get" && item.contains("get") && item["get"].at("security").empty() &&
         !path.starts_with("/u/") && !path.starts_with("/v1/validate/");
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
        CHECK(shown == is_open(path, item, method));
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
    const bool readable = is_open(path, item, "get");
    CHECK((header(response, "Access-Control-Allow-Origin") == "*") == readable);
    CHECK(names(header(response, "Access-Control-Allow-Headers"), "if-none-match") == readable);
    for (const auto& [method, operation] : item.items()) {
      CHECK(names(header(response, "Allow"), method));
      const bool open = is_open(path, item, method);
      CHECK(names(header(response, "Access-Control-Allow-Methods"), method) == open);
    }
  }
  CHECK(header(registry.send(HttpMethod::options, "*"), "Allow") == "GET, HEAD, OPTIONS");
  CHECK(problem(registry.send(HttpMethod::options, "/v2"), 404)["code"] == "not-found");
}

TEST_CASE("cross origin: a page of another site may not change anything, whoever shows it") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json document = registry.get_json("/v1/openapi.json");
  const auto is_refused = [&](const std::string& path, const std::string& method,
                              const std::vector<std::pair<std::string, std::string>>& headers) {
    const HttpResponse response =
        registry.send_with(method_of(method), filled(path), headers, "{}");
    if (response.status != 403) return false;
    return problem(response, 403)["code"] == "cross-site-request";
  };
  std::size_t changes = 0;
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      CAPTURE(path, method);
      const bool is_change = method != "get";
      for (const char* site : {"cross-site", "same-site", "strange"}) {
        CHECK(is_refused(path, method, {{"Sec-Fetch-Site", site}}) == is_change);
      }
      for (const char* origin : {"https://evil.example", "null", "https://cpl.example.evil.example",
                                 "http://cpl.example", "https://cpl.example:444", ""}) {
        CHECK(is_refused(path, method, {{"Origin", origin}}) == is_change);
      }
      changes += is_change ? 1U : 0U;
    }
  }
  CHECK(changes > 20);
}

TEST_CASE("cross origin: the service's own pages and programs may ask for changes") {
  TestApi registry;
  const auto status = [&](const std::vector<std::pair<std::string, std::string>>& headers) {
    return registry.send_with(HttpMethod::post, "/v1/statements", headers, "no note").status;
  };
  CHECK(status({}) == 400);
  CHECK(status({{"Origin", "https://cpl.example"}}) == 400);
  CHECK(status({{"Origin", "https://CPL.example"}, {"Sec-Fetch-Site", "same-origin"}}) == 400);
  CHECK(status({{"Origin", "null"}, {"Sec-Fetch-Site", "same-origin"}}) == 400);
  CHECK(status({{"Sec-Fetch-Site", "none"}}) == 400);
  // By the name that was asked, where the service has several.
  CHECK(status({{"Origin", "http://127.0.0.1:80"}, {"Host", "127.0.0.1:80"}}) == 400);
  CHECK(status({{"Origin", "http://127.0.0.1:81"}, {"Host", "127.0.0.1:80"}}) == 403);
  CHECK(status({{"Origin", "https://cpl.example"}, {"Sec-Fetch-Site", "cross-site"}}) == 403);
}

}  // namespace cpl::testing::cross_origin_test
