// The parameters of queries, on every path that the description names: what a path does not take,
// what stands there twice and what cannot be read is refused, and the refusal names it.
#include "tests/api/routes/api_fixture.hpp"
#include "tests/api/routes/paths.hpp"

namespace cpl::testing::query_test {

namespace {

// A value that a parameter of this schema cannot have; empty where it may have any.
std::string ill_formed(const Json& document, const Json& schema) {
  if (schema.contains("$ref")) {
    return ill_formed(
        document, document.at(Json::json_pointer(schema.at("$ref").get<std::string>().substr(1))));
  }
  if (schema.contains("items")) {
    const std::string item = ill_formed(document, schema["items"]);
    return item.empty() ? "strange," : item;
  }
  const bool is_any = schema.value("type", "") == "string" && !schema.contains("pattern") &&
                      !schema.contains("format") && !schema.contains("enum");
  return is_any ? "" : "strange";
}

struct Asked {
  TestApi registry;
  Json document;
  std::size_t refusals = 0;

  Asked() {
    registry.log.append(story_notes());
    document = registry.get_json("/v1/openapi.json");
  }

  void refused(const std::string& path, const std::string& method, const std::string& query,
               const std::string& code, const std::string& named) {
    CAPTURE(method, path, query);
    const std::string_view token = path.starts_with("/v1/operator") ? operator_token : party_token;
    const HttpResponse response =
        registry.send(method_of(method), filled(path) + "?" + query, "{}", token);
    const Json told = problem(response, 400);
    CHECK(told["code"] == code);
    CHECK_THAT(told["detail"].get<std::string>(), Catch::Contains(named));
    ++refusals;
  }

  template <class Each>
  void each_operation(const Each& each) {
    for (const auto& [path, item] : document["paths"].items()) {
      for (const auto& [method, operation] : item.items()) {
        each(path, method, query_parameters(document, operation));
      }
    }
  }
};

}  // namespace

TEST_CASE("query: no path ignores a parameter that it does not take") {
  Asked asked;
  asked.each_operation([&](const auto& path, const auto& method, const auto& parameters) {
    asked.refused(path, method, "colour=red", "parameter-unknown", "\"colour\"");
    asked.refused(path, method, "colour", "parameter-unknown", "\"colour\"");
    for (const Json& parameter : parameters) {
      asked.refused(path, method, "colour=red", "parameter-unknown",
                    parameter["name"].get<std::string>());
    }
  });
  CHECK(asked.refusals > 120);
  CHECK(problem(asked.registry.get("/?at=3"), 400)["code"] == "parameter-unknown");
}

TEST_CASE("query: no path takes one of two values of a parameter") {
  Asked asked;
  asked.each_operation([&](const auto& path, const auto& method, const auto& parameters) {
    for (const Json& parameter : parameters) {
      const auto name = parameter["name"].get<std::string>();
      asked.refused(path, method, name + "=1&" + name + "=1", "parameter-repeated", name);
      asked.refused(path, method, name + "=1&%" + to_hex(name.substr(0, 1)) + name.substr(1) + "=2",
                    "parameter-repeated", name);
    }
  });
  CHECK(asked.refusals > 60);
}

TEST_CASE("query: no path takes for nothing what it cannot read") {
  Asked asked;
  asked.each_operation([&](const auto& path, const auto& method, const auto& parameters) {
    for (const Json& parameter : parameters) {
      const auto name = parameter["name"].get<std::string>();
      const bool may_be_empty = name == "q" || name == "last_event_id" || name == "lastEventId";
      if (!may_be_empty) asked.refused(path, method, name + "=", "parameter-malformed", name);
      const std::string value = ill_formed(asked.document, parameter["schema"]);
      if (value.empty() || name == "follow") continue;
      asked.refused(path, method, name + "=" + value,
                    name == "time" ? "time-malformed" : "parameter-malformed", name);
    }
  });
  CHECK(asked.refusals > 60);
}

TEST_CASE("query: what is asked for goes together, or is refused") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto code = [&](const std::string& target) {
    return problem(registry.get(target), 400)["code"].get<std::string>();
  };
  CHECK(code("/v1/entries/3/proof?size=5") == "parameter-unknown");
  CHECK(code("/v1/changes?follow=1") == "parameter-unknown");
  const auto lines = [&](const std::string& query) {
    return registry.get_with("/v1/changes?" + query, "Accept", "application/x-ndjson");
  };
  CHECK(problem(lines("limit=1"), 400)["code"] == "parameter-unknown");
  CHECK(problem(lines("wait=1"), 400)["code"] == "parameter-unknown");
  const std::string cursor = "00000000000000000003";
  CHECK(code("/v1/changes/stream?after=" + cursor + "&lastEventId=" + cursor) ==
        "parameter-repeated");
  CHECK(registry.get("/v1/changes/stream?after=" + cursor + "&lastEventId=").status == 200);
  CHECK(code("/v1/changes?types=entry.removed.v1,") == "parameter-malformed");
  CHECK(registry.get("/v1/models?q=").status == 200);
}

TEST_CASE("query: a poll may say that it starts at the first entry") {
  TestApi registry;
  registry.log.append(story_notes());
  CHECK(registry.get_json("/v1/changes?after=earliest&limit=3") ==
        registry.get_json("/v1/changes?limit=3"));
  CHECK(problem(registry.get("/v1/changes?after=latest"), 400)["code"] == "parameter-malformed");
}

}  // namespace cpl::testing::query_test
