// The table of routes and the API's description say the same of every request, both ways.
#include "api/routes/router.hpp"
#include "tests/api/routes/paths.hpp"

namespace cpl::testing::table_test {

namespace {

using Names = std::set<std::string>;

Names names_in(std::string_view list) {
  Names names;
  for (const std::string_view word : words_of(list)) names.emplace(word);
  return names;
}

// Without their parameters.
Names types_in(const Json& content) {
  Names types;
  for (const auto& [type, said] : content.items()) types.insert(type.substr(0, type.find(';')));
  return types;
}

Json resolved(const Json& document, const Json& said) {
  if (!said.contains("$ref")) return said;
  return document.at(Json::json_pointer(said["$ref"].get<std::string>().substr(1)));
}

// What an operation answers with where it succeeds.
Names given_types(const Json& document, const Json& operation) {
  Names types;
  for (const auto& [status, said] : operation["responses"].items()) {
    if (status[0] != '2') continue;
    types.merge(types_in(resolved(document, said).value("content", Json::object())));
  }
  return types;
}

// As the description spells it.
std::string word_of(HttpMethod method) { return ascii_lower(name_of(method)); }

const Route* row_of(const std::string& path, const std::string& method) {
  for (const Route& route : routes()) {
    if (route.pattern == path && word_of(route.method) == method) return &route;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("table: every described operation has a row that says the same") {
  TestApi registry;
  const Json document = registry.get_json("/v1/openapi.json");
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      CAPTURE(path, method);
      const Route* const route = row_of(path, method);
      REQUIRE(route != nullptr);
      Names query;
      for (const Json& parameter : query_parameters(document, operation)) {
        query.insert(parameter["name"].get<std::string>());
      }
      CHECK(names_in(route->query) == query);
      CHECK(names_in(route->gives) == given_types(document, operation));
      const Json body = operation.value("requestBody", Json::object());
      CHECK(names_in(route->takes) == types_in(body.value("content", Json::object())));
      const bool is_free = route->caller == Caller::everybody || route->caller == Caller::link;
      CHECK(operation.at("security").empty() == is_free);
      const Json& answers = operation["responses"];
      CHECK(answers.contains("406") == !route->gives.empty());
      CHECK(answers.contains("415") == !route->takes.empty());
      CHECK((method == "get" || answers.contains("403")));
    }
  }
}

TEST_CASE("table: every row is described, but for the text at /") {
  TestApi registry;
  const Json paths = registry.get_json("/v1/openapi.json")["paths"];
  Names seen;
  for (const Route& route : routes()) {
    const std::string pattern(route.pattern);
    CAPTURE(pattern, word_of(route.method));
    CHECK(seen.insert(word_of(route.method) + " " + pattern).second);
    // What is for people has no place in a description for programs.
    if (route.page != nullptr || pattern.starts_with("/assets/")) continue;
    REQUIRE(paths.contains(pattern));
    CHECK(paths[pattern].contains(word_of(route.method)));
  }
  CHECK(seen.size() > 60);
}

TEST_CASE("table: every row is found by its path and its method, and by no other row's") {
  for (const Route& route : routes()) {
    const std::string pattern(route.pattern);
    CAPTURE(pattern);
    const auto target = parse_target(pattern == "/" ? pattern : filled(pattern));
    REQUIRE(target);
    const Path* const path = find_path(target->segments);
    REQUIRE(path != nullptr);
    CHECK(path->row(route.method) == &route);
    CHECK(path->row(HttpMethod::put) == nullptr);
    CHECK(path->row(HttpMethod::other) == nullptr);
    CHECK((path->row(HttpMethod::head) != nullptr) == (path->row(HttpMethod::get) != nullptr));
  }
}

TEST_CASE("table: only what everybody may read is held by anybody but who asked") {
  for (const Route& route : routes()) {
    CAPTURE(route.pattern);
    const bool is_public_read =
        route.caller == Caller::everybody && route.method == HttpMethod::get;
    if (route.caller != Caller::everybody) CHECK(route.caching == Caching::for_asker);
    if (!is_public_read) CHECK_FALSE(route.caching == Caching::for_ever);
    if (route.rate == RateClass::metered) CHECK(route.method == HttpMethod::post);
  }
}

}  // namespace cpl::testing::table_test
