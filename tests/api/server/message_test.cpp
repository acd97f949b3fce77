#include "api/server/message.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace cpl::testing::message_test {

namespace {

const ServerLimits limits{.header_octets_max = 1024, .body_octets_max = 100};

// Feeds the octets in pieces of that size, as a slow network would.
void feed_in_pieces(RequestParser& parser, std::string_view octets, std::size_t piece) {
  std::string received;
  while (!octets.empty() && !parser.complete() && !parser.problem()) {
    received += octets.substr(0, piece);
    octets.remove_prefix(std::min(piece, octets.size()));
    received.erase(0, parser.feed(received));
  }
}

unsigned refusal_of(std::string_view octets) {
  unsigned status = 0;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, octets.size()}) {
    RequestParser parser(limits);
    feed_in_pieces(parser, octets, piece);
    const unsigned found = parser.problem() ? parser.problem()->status : parser.complete() ? 0 : 1;
    if (piece != 1) CHECK(found == status);  // However the octets arrive.
    status = found;
  }
  return status;
}

std::string with(std::string_view fields, std::string_view body = "") {
  return "POST /x HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("server message: a request is read the same however it is cut up") {
  const std::string octets =
      "POST /v1/statements?dry=1 HTTP/1.1\r\nHost: cpl.example\r\nContent-Length: 5\r\n"
      "X-Folded: a\r\n\r\nhello";
  for (std::size_t piece = 1; piece <= octets.size(); ++piece) {
    RequestParser parser(limits);
    feed_in_pieces(parser, octets, piece);
    REQUIRE(parser.complete());
    CHECK(parser.keeps_alive());
    const HttpRequest request = parser.take_request();
    CHECK(request.method == HttpMethod::post);
    CHECK(request.target == "/v1/statements?dry=1");
    CHECK(request.segments == std::vector<std::string>{"v1", "statements"});
    CHECK(request.parameter("dry") == "1");
    CHECK(request.headers.find("host") == "cpl.example");
    CHECK(request.headers.find("x-folded") == "a");
    CHECK(request.body == "hello");
  }
}

TEST_CASE("server message: the octets of the next request are left alone") {
  const std::string first = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
  RequestParser parser(limits);
  CHECK(parser.feed(first + "GET /b HTTP/1.1\r\n") == first.size());
  CHECK(parser.complete());
}

TEST_CASE("server message: every method the registry knows is told apart") {
  const std::vector<std::pair<std::string, HttpMethod>> methods = {
      {"GET", HttpMethod::get},         {"HEAD", HttpMethod::head},
      {"POST", HttpMethod::post},       {"PUT", HttpMethod::put},
      {"PATCH", HttpMethod::patch},     {"DELETE", HttpMethod::delete_},
      {"OPTIONS", HttpMethod::options}, {"TRACE", HttpMethod::other},
      {"get", HttpMethod::other},       {"BREW", HttpMethod::other}};
  for (const auto& [name, method] : methods) {
    RequestParser parser(limits);
    parser.feed(name + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(parser.complete());
    CHECK(parser.take_request().method == method);
  }
}

TEST_CASE("server message: a request that could be read in two ways is refused") {
  CHECK(refusal_of(with("Transfer-Encoding: chunked\r\n", "0\r\n\r\n")) == 411);
  CHECK(refusal_of(with("Transfer-Encoding: identity\r\n")) == 411);
  CHECK(refusal_of(with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")) == 411);
  CHECK(refusal_of(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "abc")) == 400);
  CHECK(refusal_of(with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "abc")) == 400);
  CHECK(refusal_of(with("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")) == 400);
  CHECK(refusal_of(with("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd")) == 400);
  CHECK(refusal_of(with("Content-Length: 3, 3\r\n", "abc")) == 400);
  CHECK(refusal_of(with("Content-Length: +3\r\n", "abc")) == 400);
  CHECK(refusal_of(with("Content-Length: -3\r\n", "abc")) == 400);
  CHECK(refusal_of(with("Content-Length: 0x3\r\n", "abc")) == 400);
  CHECK(refusal_of(with("Content-Length : 3\r\n", "abc")) == 400);
  CHECK(refusal_of(with("Content-Length: 99999999999999999999999\r\n")) == 400);
  CHECK(refusal_of(with("Host: b\r\n")) == 400);
  CHECK(refusal_of("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(refusal_of("GET / HTTP/1.0\r\n\r\n") == 0);
}

TEST_CASE("server message: empty lines before a request are passed over, a few of them") {
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  CHECK(refusal_of("\r\n" + request) == 0);
  CHECK(refusal_of("\r\n\r\n\r\n" + request) == 0);
  std::string many;
  for (int i = 0; i < 9; ++i) many += "\r\n";
  CHECK(refusal_of(many + request) == 400);
  CHECK(refusal_of("\n" + request) == 400);
  CHECK(refusal_of("\r" + request) == 400);
  CHECK(refusal_of(" \r\n" + request) == 400);
  RequestParser parser(limits);
  CHECK(parser.feed("\r\n\r") == 2);
  CHECK_FALSE(parser.begun());
  CHECK(parser.feed("\r\nG") == 2);  // The rest is to be given again, with more.
  CHECK(parser.begun());
}

TEST_CASE("server message: a body in a coding is refused with the reason") {
  CHECK(refusal_of(with("Content-Encoding: gzip\r\nContent-Length: 3\r\n", "abc")) == 415);
  CHECK(refusal_of(with("Content-Encoding: br, gzip\r\nContent-Length: 3\r\n", "abc")) == 415);
  CHECK(refusal_of(with("Content-Encoding: Identity\r\nContent-Length: 3\r\n", "abc")) == 0);
}

TEST_CASE("server message: fields of one name are one list") {
  RequestParser parser(limits);
  parser.feed(with("Accept: a\r\nX: y\r\nACCEPT:\t b \r\n"));
  REQUIRE(parser.complete());
  const HttpRequest request = parser.take_request();
  CHECK(request.headers.list("accept") == "a, b");
  CHECK(request.headers.list("absent").empty());
}

TEST_CASE("server message: a malformed request line is refused") {
  const auto line =
      GENERATE(as<std::string_view>(), "GET", "GET /", "GET / HTTP/2.0", "GET / HTTP/1.1 x",
               "GET  / HTTP/1.1", " GET / HTTP/1.1", "GET / http/1.1", "G\x01T / HTTP/1.1",
               "GET /a b HTTP/1.1", "GET /\x80 HTTP/1.1", "GET /% HTTP/1.1", "CONNECT a:1 HTTP/1.1",
               "GET a HTTP/1.1", "GET / FTP/1.1");
  CAPTURE(line);
  CHECK(refusal_of(std::string(line) + "\r\nHost: a\r\n\r\n") == 400);
}

TEST_CASE("server message: header, target and body are bounded") {
  CHECK(refusal_of(with("X: " + std::string(2000, 'x') + "\r\n")) == 431);
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X:1\r\n";
  CHECK(refusal_of(with(many)) == 431);
  CHECK(refusal_of(with("Content-Length: 101\r\n")) == 413);
  CHECK(refusal_of(with("Content-Length: 100\r\n", std::string(100, 'x'))) == 0);
  RequestParser parser({.header_octets_max = 16384});
  parser.feed("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(parser.problem());
  CHECK(parser.problem()->status == 414);
}

TEST_CASE("server message: an expectation other than 100-continue is refused") {
  CHECK(refusal_of(with("Expect: 200-ok\r\n")) == 417);
  RequestParser parser(limits);
  parser.feed(with("Expect: 100-Continue\r\nContent-Length: 2\r\n"));
  CHECK(parser.head_complete());
  CHECK(parser.awaits_continue());
  parser.feed("ab");
  CHECK(parser.complete());
  CHECK_FALSE(parser.awaits_continue());
}

TEST_CASE("server message: a control character cannot begin a new header field") {
  HttpResponse response;
  response.headers.emplace_back("Location", "/a\r\nSet-Cookie: x=1");
  std::string out;
  append_response_head(out, response, {.date = "now", .closing = true});
  CHECK(out ==
        "HTTP/1.1 200 OK\r\nServer: cpld\r\nX-Content-Type-Options: nosniff\r\nDate: now\r\n"
        "Location: /a  Set-Cookie: x=1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST_CASE("server message: only an answer that may have a body has a length") {
  const auto status = GENERATE(204U, 304U);
  std::string out;
  append_response_head(out, {.status = status, .headers = {}, .body = nullptr}, {.date = "now"});
  CHECK(out.find("Content-Length") == std::string::npos);
}

TEST_CASE("server message: a problem is a document of RFC 9457") {
  const HttpResponse response = problem_response(
      "https://cpl.example/problems/", {422, "odd", "An odd thing", "It is \"odd\" \\ strange."});
  CHECK(response.status == 422);
  const auto json = nlohmann::json::parse(*response.body);
  CHECK(json == nlohmann::json{{"type", "https://cpl.example/problems/odd"},
                               {"title", "An odd thing"},
                               {"status", 422},
                               {"detail", "It is \"odd\" \\ strange."},
                               {"code", "odd"}});
}

}  // namespace cpl::testing::message_test
