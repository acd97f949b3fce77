// The description of the API: well-formed, and no path of it is unknown to the router, nor one that
// `/` names to the description. What answers hold is compared by tests/interop.
#include "tests/api/routes/paths.hpp"

namespace cpl::testing::openapi_test {

TEST_CASE("openapi: the description is served as what it is") {
  TestApi registry;
  const HttpResponse response = registry.get("/v1/openapi.json");
  CHECK(response.status == 200);
  CHECK(header(response, "Content-Type") == "application/vnd.oai.openapi+json;version=3.1");
  const Json document = Json::parse(*response.body);
  CHECK(document["openapi"] == "3.1.0");
  CHECK(document["webhooks"].contains("entry"));
}

TEST_CASE("openapi: every described path is routed, whatever its answer") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json document = registry.get_json("/v1/openapi.json");
  REQUIRE(document["paths"].size() > 30);
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      const HttpMethod wanted = method_of(method);
      const HttpResponse response =
          registry.send(wanted, filled(path), wanted == HttpMethod::get ? "" : "{}", party_token);
      CAPTURE(path, method, response.status);
      if (response.status < 400) continue;
      const Json told = Json::parse(*response.body);
      CHECK(told["code"] != "method-not-allowed");
      CHECK_FALSE((told["code"] == "not-found" && path.find("{id}") == path.npos));
    }
  }
}

TEST_CASE("openapi: what / names is described") {
  TestApi registry;
  const Json paths = registry.get_json("/v1/openapi.json")["paths"];
  const Bytes index = *registry.get("/").body;
  std::istringstream words(index);
  std::size_t named = 0;
  for (std::string word; words >> word;) {
    if (word[0] != '/') continue;
    ++named;
    const bool described =
        paths.contains(word) || (word == "/tile/..." && paths.contains("/tile/{path}"));
    CHECK((described ? "" : word) == "");
  }
  CHECK(named > 10);
}

}  // namespace cpl::testing::openapi_test
