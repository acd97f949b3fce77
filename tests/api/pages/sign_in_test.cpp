// Signing in and out, and what keeps others from sending forms in a Party's name.
#include "tests/api/pages/browser.hpp"

namespace cpl::testing::sign_in_test {

namespace {

std::string place(const HttpResponse& response) {
  CHECK(response.status == 303);
  return header(response, "Location");
}

}  // namespace

TEST_CASE("sign in: a token begins a session, whose cookie no script and no other site is given") {
  TestApi registry;
  Browser party(registry);
  CHECK(says(party.look("/sign-in"), "Your Party's token"));
  const HttpResponse answer = party.sign_in(" " + std::string(party_token) + "\r\n");
  CHECK(place(answer) == "/me");
  const std::string line = header(answer, "Set-Cookie");
  CHECK(line.starts_with("__Host-cpl="));
  CHECK(line.size() > 11 + 64);
  CHECK(line.ends_with("; Secure; HttpOnly; SameSite=Lax; Path=/"));
  CHECK(header(answer, "Cache-Control") == "private, no-store");
  CHECK(says(party.look("/sign-in"), "You are party"));
}

TEST_CASE("sign in: every failure has the same answer") {
  TestApi registry;
  const auto failed = [&](std::string_view token) {
    registry.log.clock.advance(60'000);
    Browser party(registry);
    HttpResponse response = party.sign_in(token);
    CHECK(response.status == 401);
    CHECK(header(response, "Set-Cookie").empty());
    return response;
  };
  const HttpResponse none = failed("");
  CHECK(says(none, "No Party here has this token"));
  for (const std::string_view token : {std::string_view("guessed"), operator_token, metrics_token,
                                       std::string_view("the token of a Part")}) {
    const HttpResponse again = failed(token);
    CHECK(*again.body == *none.body);
    CHECK(again.headers == none.headers);
  }
  CHECK(none.body->find("guessed") == std::string::npos);
}

TEST_CASE("sign in: an address has five tries a minute, and others have theirs") {
  TestApi registry;
  Browser party(registry);
  for (int i = 0; i < 5; ++i) CHECK(party.sign_in("guessed").status == 401);
  const HttpResponse late = party.sign_in(party_token);
  CHECK(late.status == 429);
  CHECK(says(late, "five times within a minute"));
  registry.log.clock.advance(12'000);
  CHECK(party.sign_in(party_token).status == 303);
  CHECK(party.sign_in(party_token).status == 429);
}

TEST_CASE("sign in: who wanted a page of a Party's own comes to it, and nowhere else") {
  TestApi registry;
  Browser party(registry);
  const std::string asked = place(party.look("/me/openings/5?as=file"));
  CHECK(asked == "/sign-in?to=%2Fme%2Fopenings%2F5%3Fas%3Dfile");
  CHECK(party.look(asked).body->find("value=\"/me/openings/5?as=file\"") != std::string::npos);
  CHECK(place(party.sign_in(party_token, "/me/openings")) == "/me/openings");
  registry.log.clock.advance(60'000);
  for (const char* elsewhere : {"//evil.example/me", "https://evil.example/me", "/\\evil.example",
                                "/models", "/v1/subscriptions", "me", "/me/../models"}) {
    CAPTURE(elsewhere);
    registry.log.clock.advance(12'000);
    CHECK(place(party.sign_in(party_token, elsewhere)) == "/me");
  }
}

TEST_CASE("sign in: a session is for pages alone, and ends with its token") {
  TestApi registry;
  Browser party(registry);
  party.sign_in(party_token);
  CHECK(party.look("/me").status == 200);
  CHECK(
      registry.send_with(HttpMethod::get, "/v1/subscriptions", {{"Cookie", party.cookie}}).status ==
      401);
  const Json known = Json::parse(
      *registry.send(HttpMethod::get, "/v1/operator/parties/party", {}, operator_token).body);
  const std::string token = known["tokens"][0]["id"].get<std::string>();
  REQUIRE(registry
              .send(HttpMethod::delete_, "/v1/operator/parties/party/tokens/" + token, {},
                    operator_token)
              .status == 200);
  CHECK(party.look("/me").status == 303);
}

TEST_CASE("sign in: who signs out takes the session and all that the browser keeps along") {
  TestApi registry;
  Browser party(registry);
  party.sign_in(party_token);
  const std::string before = party.cookie;
  const HttpResponse out = party.send_form("/me", "/sign-out", {});
  CHECK(place(out) == "/signed-out");
  CHECK(header(out, "Clear-Site-Data") == "\"cookies\", \"storage\", \"cache\"");
  CHECK(party.cookie.empty());
  CHECK(says(party.look("/signed-out"), "You are signed out"));
  party.cookie = before;
  CHECK(party.look("/me").status == 303);
}

TEST_CASE("sign in: a new sign-in ends the session that the browser had") {
  TestApi registry;
  Browser party(registry);
  party.sign_in(party_token);
  const std::string before = party.cookie;
  party.sign_in(other_token);
  CHECK(says(party.look("/sign-in"), "You are other"));
  party.cookie = before;
  CHECK(party.look("/me").status == 303);
}

TEST_CASE("sign in: a client certificate speaks for its Party without a session") {
  TestApi registry;
  const Json subject = {{"label", "c"}, {"certificate", "CN=party.example"}};
  REQUIRE(registry
              .send(HttpMethod::post, "/v1/operator/parties/party/tokens", subject.dump(),
                    operator_token)
              .status == 201);
  registry.client_certificate = "CN=party.example";
  Browser party(registry);
  CHECK(says(party.look("/sign-in"), "by the certificate that your browser shows"));
  CHECK(party.look("/me").status == 200);
  CHECK(party.cookie.empty());
  CHECK(says(party.look("/models"), "Signed in: "));
  CHECK(party.look("/me").body->find("/sign-out") == std::string::npos);
  registry.client_certificate = "CN=stranger.example";
  CHECK(party.look("/me").status == 303);
}

TEST_CASE("sign in: every page says who is signed in, and none of these is kept") {
  TestApi registry;
  registry.log.append(story_notes());
  Browser anybody(registry);
  Browser party(registry);
  party.sign_in(party_token);
  for (const std::string& page : {std::string("/"), std::string("/models"), std::string("/help"),
                                  "/models/" + small_id(2).text(), std::string("/nothing")}) {
    CAPTURE(page);
    anybody.look(page);
    const HttpResponse own = party.look(page);
    CHECK(says(own, "Signed in: party"));
    CHECK_FALSE(header(own, "ETag").starts_with("\""));
    CHECK_FALSE(says(anybody.look(page), "Signed in: "));
    if (own.status == 200) CHECK(header(own, "Cache-Control") == "private, no-store");
  }
}

TEST_CASE("sign in: a form counts only from our own pages, whatever cookie comes with it") {
  TestApi registry;
  Browser party(registry);
  party.sign_in(party_token);
  const std::string key = party.form_key("/me", "/sign-out");
  const auto status = [&](const Fields& fields, const std::map<std::string, std::string>& other) {
    return party.post("/sign-out", fields, other).status;
  };
  const Fields right = {{"form", key}};
  for (const char* origin : {"", "null", "https://evil.example", "http://cpl.example",
                             "https://cpl.example:444", "https://cpl.example.evil.example"}) {
    CAPTURE(origin);
    CHECK(status(right, {{"Origin", origin}}) == 403);
    CHECK(party.post("/sign-in", {{"token", "x"}}, {{"Origin", origin}}).status == 403);
  }
  for (const char* site : {"same-site", "cross-site", "none"}) {
    CAPTURE(site);
    CHECK(status(right, {{"Sec-Fetch-Site", site}}) == 403);
  }
  // By the name that was asked a page of the API would be our own; here the public one counts.
  CHECK(status(right, {{"Origin", "http://127.0.0.1"}, {"Host", "127.0.0.1"}}) == 403);
  CHECK(status({}, {}) == 403);
  CHECK(status({{"form", "x"}}, {}) == 403);
  CHECK(status({{"form", key.substr(0, key.size() - 1)}}, {}) == 403);
  CHECK(status({{"form", party.form_key("/report", "/report")}}, {}) == 403);
  Browser other(registry);
  other.sign_in(party_token);
  CHECK(status({{"form", other.form_key("/me", "/sign-out")}}, {}) == 403);
  CHECK(party.look("/me").status == 200);
  CHECK(status(right, {}) == 303);
  CHECK(status(right, {}) == 401);
}

TEST_CASE("sign in: where a browser would keep no cookie, the page says so") {
  for (const auto& [address, keeps] :
       std::map<std::string, bool>{{"http://cpl.example", false},
                                   {"http://127.0.0.1:8080", true},
                                   {"http://127.83.1.2:1", true},
                                   {"http://localhost:8080", true},
                                   {"http://[::1]:8080", true},
                                   {"http://127.evil.example", false},
                                   {"http://[::2]", false}}) {
    CAPTURE(address);
    TestApi registry({}, address);
    Browser party(registry);
    const HttpResponse answer =
        party.post("/sign-in", {{"token", std::string(party_token)}}, {{"Origin", address}});
    CHECK(answer.status == (keeps ? 303 : 409));
    if (!keeps) CHECK(says(answer, "Nobody can sign in at " + address));
  }
}

}  // namespace cpl::testing::sign_in_test
