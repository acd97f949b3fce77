#include "api/http/caching.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::http_test {

namespace {

std::string refusal_of(std::string_view target) {
  const auto parsed = parse_target(target);
  return parsed ? "" : parsed.error().code;
}

}  // namespace

TEST_CASE("http: a target is taken apart and decoded") {
  const auto target =
      parse_target("/v1/models/ESME%2D1?status=current&q=smart+meter%20%C3%A9&x").value();
  CHECK(target.segments == std::vector<std::string>{"v1", "models", "ESME-1"});
  CHECK(target.query ==
        HttpParameters{{"status", "current"}, {"q", "smart meter \xc3\xa9"}, {"x", ""}});
}

TEST_CASE("http: the root has no segments and a trailing slash leaves an empty one") {
  CHECK(parse_target("/").value().segments.empty());
  CHECK(parse_target("*").value().segments.empty());
  CHECK(parse_target("/v1/").value().segments == std::vector<std::string>{"v1", ""});
  CHECK(parse_target("/a//b").value().segments == std::vector<std::string>{"a", "", "b"});
}

TEST_CASE("http: an encoded slash stays inside its segment and a plus stays in the path") {
  CHECK(parse_target("/a%2Fb/c+d").value().segments == std::vector<std::string>{"a/b", "c+d"});
}

TEST_CASE("http: the absolute form means its path") {
  const auto target = parse_target("http://cpl.example:80/v1/models?x=1").value();
  CHECK(target.segments == std::vector<std::string>{"v1", "models"});
  CHECK(target.query == HttpParameters{{"x", "1"}});
  CHECK(parse_target("HTTP://cpl.example/v1").value().segments == std::vector<std::string>{"v1"});
  CHECK(parse_target("https://cpl.example").value().segments.empty());
  CHECK(parse_target("https://cpl.example?a=b").value().query == HttpParameters{{"a", "b"}});
}

TEST_CASE("http: a target that is not strictly encoded is refused") {
  const auto target =
      GENERATE(as<std::string_view>(), "/%", "/%4", "/%zz", "/a b", "/\xc3\xa9", "/%ff", "/%00",
               "/%0a", "/%7f", "/..", "/a/../b", "/%2e%2e/b", "/.", "v1/models", "", "?a=b", "/a#b",
               "/?q=%c0%80", "/?q=%1", "cpl.example:443");
  CAPTURE(target);
  CHECK(refusal_of(target) == "target-malformed");
}

TEST_CASE("http: the size of a target is bounded") {
  CHECK(refusal_of("/" + std::string(8191, 'a')).empty());
  CHECK(refusal_of("/" + std::string(8192, 'a')) == "target-too-long");
  std::string segments;
  for (int i = 0; i < 33; ++i) segments += "/a";
  CHECK(refusal_of(segments) == "target-malformed");
  CHECK(refusal_of(std::string_view(segments).substr(2)).empty());
  std::string query = "/?";
  for (int i = 0; i < 65; ++i) query += "a=b&";
  CHECK(refusal_of(query) == "target-malformed");
}

TEST_CASE("http: header names are compared without case, and the first field is found") {
  HttpHeaders headers;
  headers.add("If-None-Match", "\"a\"");
  headers.add("X-Empty", "");
  headers.add("if-none-match", "\"b\"");
  CHECK(headers.find("IF-NONE-MATCH") == "\"a\"");
  CHECK(headers.find("x-empty") == "");
  CHECK(headers.find("X-Absent") == std::nullopt);
  CHECK(headers.count("if-none-match") == 2);
}

TEST_CASE("http: a parameter is found by its name") {
  HttpRequest request;
  request.query = {{"a", "1"}, {"a", "2"}};
  CHECK(request.parameter("a") == "1");
  CHECK(request.parameter("b") == std::nullopt);
}

TEST_CASE("http: dates are spelt as RFC 9110 does") {
  using namespace std::chrono;
  CHECK(http_date(sys_seconds(seconds(784111777))) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(sys_seconds(seconds(0))) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST_CASE("http: a field is set in place of the one of its name, or after all others") {
  HttpResponse response;
  response.headers = {{"Content-Type", "text/plain"}, {"Cache-Control", "no-store"}};
  set_header(response, "Content-Type", "text/html");
  set_header(response, "Allow", "GET");
  using Fields = std::vector<std::pair<std::string, std::string>>;
  CHECK(response.headers ==
        Fields{{"Content-Type", "text/html"}, {"Cache-Control", "no-store"}, {"Allow", "GET"}});
}

TEST_CASE("http: what may be held has a tag, what may not has none") {
  const auto tag_of = [](Caching caching) {
    HttpResponse response;
    response.body = std::make_shared<const Bytes>("the same");
    set_caching(response, caching);
    const auto at =
        std::ranges::find(response.headers, "ETag", &std::pair<std::string, std::string>::first);
    return at == response.headers.end() ? "" : at->second;
  };
  CHECK(tag_of(Caching::no_store).empty());
  CHECK(tag_of(Caching::for_asker).empty());
  CHECK_FALSE(tag_of(Caching::revalidate).empty());
  CHECK(tag_of(Caching::minute) == tag_of(Caching::for_ever));
}

}  // namespace cpl::testing::http_test
