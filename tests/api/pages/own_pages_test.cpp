// A Party's own pages: a subscription's whole life, what went wrong with it, reports and sealed
// texts; and nothing of another Party's.
#include "tests/api/pages/browser.hpp"

namespace cpl::testing::own_pages_test {

namespace {

const std::string new_page = "/me/subscriptions/new";

// A Party that is signed in, at a registry where something has happened.
class SignedIn {
 public:
  SignedIn() {
    registry.log.append(story_notes());
    REQUIRE(party.sign_in(party_token).status == 303);
    REQUIRE(other.sign_in(other_token).status == 303);
  }
  HttpResponse make(Fields fields, Browser& who) {
    fields.emplace_back("act", "make");
    return who.send_form(new_page, new_page, std::move(fields));
  }
  // The page of a subscription that was just made.
  std::string made(Fields fields = {{"url", "https://party.example/hooks"}}) {
    const HttpResponse response = make(std::move(fields), party);
    CAPTURE(*response.body);
    REQUIRE(response.status == 200);
    const std::string link = quoted_after(*response.body, "class=\"button\" href=\"");
    REQUIRE(link.starts_with("/me/subscriptions/sub_"));
    return link;
  }
  HttpResponse act(const std::string& page, const std::string& act, Fields fields = {}) {
    fields.emplace_back("act", act);
    return party.send_form(page, page, std::move(fields));
  }
  Json api(const std::string& page) {
    const std::string id = page.substr(page.rfind('/') + 1);
    return Json::parse(
        *registry.send(HttpMethod::get, "/v1/subscriptions/" + id, {}, party_token).body);
  }
  void run() {
    for (int pass = 0; pass < 20; ++pass) registry.notifier->run_once();
  }

  TestApi registry;
  Browser party{registry};
  Browser other{registry};
};

std::string place(const HttpResponse& response) {
  CAPTURE(*response.body);
  CHECK(response.status == 303);
  return header(response, "Location");
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("own pages: a new subscription is previewed, checked, made once, and shows its secret") {
  SignedIn at;
  CHECK(says(at.party.look(new_page), "Where you choose nothing, you are told of all."));
  const Fields wish = {{"url", "https://party.example/hooks"},
                       {"type-entry.removed.v1", "on"},
                       {"device-PPMID", "on"},
                       {"models", small_id(1).text() + "\r\n" + small_id(2).text()}};
  Fields check = wish;
  check.emplace_back("act", "check");
  const HttpResponse checked = at.party.send_form(new_page, new_page, check);
  CHECK(says(checked, "It would have told you 1 change in the last 90 days."));
  CHECK(says(checked, "A model was removed"));
  const auto none = at.registry.send(HttpMethod::get, "/v1/subscriptions", {}, party_token);
  CHECK(Json::parse(*none.body)["subscriptions"].empty());

  Fields make = wish;
  make.emplace_back("act", "make");
  make.emplace_back("form", at.party.form_key(new_page, new_page));
  const HttpResponse made = at.party.post(new_page, make);
  CHECK(says(made, "Keep the secret now"));
  CHECK(count_of(*made.body, ">whsec_") == 1);
  CHECK(header(made, "Cache-Control") == "private, no-store");
  CHECK(at.party.post(new_page, make).status == 200);  // The same form makes no other.
  const auto all = at.registry.send(HttpMethod::get, "/v1/subscriptions", {}, party_token);
  const Json own = Json::parse(*all.body)["subscriptions"];
  REQUIRE(own.size() == 1);
  CHECK(own[0]["filter"] == Json{{"types", {"entry.removed.v1"}},
                                 {"device_types", {"PPMID"}},
                                 {"models", {small_id(1).text(), small_id(2).text()}}});
  // No other page has the secret.
  const std::string page = "/me/subscriptions/" + own[0]["id"].get<std::string>();
  for (const std::string& look : {std::string("/me"), page, page + "/change", page + "/attempts"}) {
    CAPTURE(look);
    const HttpResponse shown = at.party.look(look);
    CHECK(shown.status == 200);
    CHECK(shown.body->find("whsec_") == std::string::npos);
    CHECK(header(shown, "Cache-Control") == "private, no-store");
    read_page(shown);
  }
}

TEST_CASE(
    "own pages: a mailbox is given as people write it, and confirmed by the code that it gets") {
  SignedIn at;
  const Fields wish = {{"url", "team@party.example"}, {"delivery", "daily"}};
  const HttpResponse made = at.make(wish, at.party);
  CHECK(says(made, "A code is mailed to that address."));
  CHECK(made.body->find("whsec_") == std::string::npos);
  const std::string page = quoted_after(*made.body, "class=\"button\" href=\"");
  CHECK(at.api(page)["url"] == "mailto:team@party.example");
  CHECK(at.api(page)["delivery"] == "daily");
  CHECK(says(at.party.look(page), "Mailbox, one message a day"));
  CHECK(says(at.party.look(page), "Code from the mail"));
  CHECK(at.party.look(page).body->find("value=\"rotate\"") == std::string::npos);
  // This registry sends no mail.
  const HttpResponse refused = at.act(page, "confirm", {{"code", "12345678"}});
  CHECK(refused.status == 409);
  CHECK(says(refused, "this registry sends no mail"));
}

TEST_CASE(
    "own pages: the Service Desk is offered its formal notices, and Parties their announcement") {
  SignedIn at;
  const HttpResponse added = at.registry.send(
      HttpMethod::post, "/v1/operator/parties",
      Json{{"name", "dcc-desk"}, {"audience", "service_desk"}}.dump(), operator_token);
  REQUIRE(added.status == 201);
  Browser desk(at.registry);
  REQUIRE(desk.sign_in(Json::parse(*added.body)["token"].get<std::string>()).status == 303);
  CHECK(says(desk.look(new_page), "The formal notice to remove"));
  CHECK_FALSE(says(desk.look(new_page), "A removal is under way"));
  CHECK(says(at.party.look(new_page), "A removal is under way"));
  CHECK_FALSE(says(at.party.look(new_page), "The formal notice to remove"));
}

TEST_CASE("own pages: what is wrong with a subscription is said at its field, and kept") {
  SignedIn at;
  const auto wrong = [&](Fields fields, const std::string& act) {
    fields.emplace_back("act", act);
    HttpResponse response = at.party.send_form(new_page, new_page, std::move(fields));
    CHECK(response.status == 400);
    CHECK(says(response, "There is a problem"));
    CHECK(response.body->find("<title>Error: ") != std::string::npos);
    return response;
  };
  CHECK(says(wrong({}, "check"), "Say where events are to go."));
  const HttpResponse models =
      wrong({{"url", "https://a.example/"}, {"models", "ESME-1"}, {"type-entry.added.v1", "on"}},
            "check");
  CHECK(models.body->find("href=\"#models\"") != std::string::npos);
  CHECK(models.body->find("value=\"https://a.example/\"") != std::string::npos);
  CHECK(models.body->find("value=\"on\" checked") != std::string::npos);
  const HttpResponse daily = wrong({{"url", "https://a.example/"}, {"delivery", "daily"}}, "make");
  CHECK(says(daily, "only a mailbox can have one message a day"));
}

TEST_CASE("own pages: a receiver is asked, tested, paused, resumed and sent again") {
  SignedIn at;
  const std::string page = at.made();
  CHECK(says(at.party.look(page), "The receiver has not said yet that it wants events"));
  CHECK(says(at.party.look("/me"), "A receiver is not confirmed yet"));
  CHECK(place(at.act(page, "verify")) == page + "?done=verify");
  CHECK(says(at.party.look(page + "?done=verify"), "The receiver is asked now"));
  at.run();
  CHECK(says(at.party.look(page), "Active"));
  CHECK(place(at.act(page, "test")) == page + "?done=test");
  at.run();
  CHECK(says(at.party.look(page), "your test"));
  CHECK(place(at.act(page, "pause")) == page + "?done=pause");
  CHECK(at.api(page)["state"] == "paused");
  CHECK(place(at.act(page, "resume")) == page + "?done=resume");
  CHECK(at.api(page)["state"] == "active");
  CHECK(place(at.act(page, "replay", {{"from", "3"}})) == page + "?done=replay");
  CHECK(at.api(page)["cursor"] == 3);
  const HttpResponse ahead = at.act(page, "replay", {{"from", "999"}});
  CHECK(ahead.status == 409);
  CHECK(says(ahead, "is beyond the subscription"));
  CHECK(at.act(page, "replay", {{"from", "x"}}).status == 400);
  CHECK(at.act(page, "explode").status == 400);
  CHECK(at.act(page, "verify").status == 409);
  const HttpResponse rotated = at.act(page, "rotate", {{"grace", "3600"}});
  CHECK(rotated.status == 200);
  CHECK(count_of(*rotated.body, ">whsec_") == 1);
  CHECK(at.api(page)["key_generation"] == 1);
}

TEST_CASE("own pages: each attempt has an address, says what went wrong, and what to do") {
  SignedIn at;
  const std::string page = at.made();
  at.run();
  at.registry.transport.status = 503;
  REQUIRE(at.act(page, "test").status == 303);
  at.run();
  const HttpResponse failed = at.party.look(page + "/attempts?state=failed");
  CHECK(says(failed, "the endpoint answered 503"));
  CHECK_FALSE(says(failed, "the challenge"));
  CHECK(says(at.party.look(page + "/attempts?state=delivered"), "the challenge"));
  CHECK(says(at.party.look(page + "/attempts?day=1&month=1&year=2100"), "There are none."));
  CHECK(at.party.look(page + "/attempts?day=31&month=2&year=2026").status == 400);
  CHECK(at.party.look(page + "/attempts?state=odd").status == 400);
  const std::string attempt = "/attempts/" + std::to_string(2);
  const HttpResponse one = at.party.look(page + attempt);
  CHECK(one.status == 200);
  CHECK(says(one, "What to do:"));
  CHECK(says(one, "The fault is in the receiver"));
  CHECK(at.party.look(page + "/attempts/99").status == 404);
  CHECK(at.party.look(page + "/attempts/x").status == 404);
}

TEST_CASE("own pages: a subscription is changed and ended only by who has seen it as it is") {
  SignedIn at;
  const std::string page = at.made();
  const std::string form = *at.party.look(page + "/change").body;
  const std::string seen = quoted_after(form, "name=\"tag\" value=\"");
  CHECK(seen.starts_with("&quot;0-"));
  const auto change = [&](const std::string& tag, const std::string& url) {
    return at.party.send_form(page + "/change", page + "/change",
                              {{"tag", tag}, {"url", url}, {"device-GSME", "on"}});
  };
  const std::string tag = "\"" + seen.substr(6, seen.size() - 12) + "\"";
  CHECK(place(change(tag, "https://b.example/")) == page + "?done=change");
  CHECK(at.api(page)["filter"]["device_types"][0] == "GSME");
  const HttpResponse late = change(tag, "https://c.example/");
  CHECK(late.status == 412);
  CHECK(says(late, "It was changed since you looked"));
  CHECK(says(late, "https://b.example/"));
  CHECK(says(late, "https://c.example/"));
  CHECK(at.api(page)["url"] == "https://b.example/");
  const HttpResponse blind = change("", "https://c.example/");
  CHECK(blind.status == 428);
  CHECK(says(blind, "Open the page again, and send the form from there."));
  const HttpResponse wrong =
      at.party.send_form(page + "/change", page + "/change",
                         {{"tag", "*"}, {"url", "https://c.example/"}, {"makers", "no maker"}});
  CHECK(wrong.status == 400);
  CHECK(wrong.body->find("href=\"#makers\"") != std::string::npos);
  const auto end = [&](const std::string& with) {
    return at.party.send_form(page + "/end", page + "/end", {{"tag", with}});
  };
  CHECK(end(tag).status == 412);
  CHECK(at.api(page)["state"] == "pending");
  CHECK(place(end("*")) == "/me");
  CHECK(at.api(page)["state"] == "retired");
  CHECK(says(at.party.look(page), "Ended"));
  CHECK(at.party.look(page).body->find("value=\"pause\"") == std::string::npos);
}

TEST_CASE("own pages: another Party's is shown as one that never was") {
  SignedIn at;
  const std::string page = at.made();
  const std::string never = "/me/subscriptions/sub_00000000000000000000";
  const auto bare = [](const HttpResponse& response) {
    const ReadPage read = read_page(response);
    return read.words;
  };
  for (const char* below : {"", "/change", "/end", "/attempts", "/attempts/0"}) {
    CAPTURE(below);
    const HttpResponse theirs = at.other.look(page + below);
    const HttpResponse none = at.other.look(never + below);
    CHECK(theirs.status == 404);
    CHECK(bare(theirs) == bare(none));
    CHECK(theirs.headers == none.headers);
    CHECK(at.party.look(page + below).status == (std::string(below) == "/attempts/0" ? 404 : 200));
  }
  const std::string key = at.other.form_key(new_page, new_page);
  CHECK(at.other.post(page, {{"act", "pause"}, {"form", key}}).status == 403);
  CHECK(at.api(page)["state"] == "pending");
}

TEST_CASE("own pages: a report is sent, found wanting, and answered") {
  SignedIn at;
  const std::string model = small_id(2).text();
  const std::string link = "/report?model=" + model;
  CHECK(at.party.look("/models/" + model).body->find("href=\"" + link) != std::string::npos);
  CHECK(at.party.look(link).body->find("value=\"" + model + "\"") != std::string::npos);
  const auto report = [&](const Fields& fields) {
    return at.party.send_form("/report", "/report", fields);
  };
  CHECK(report({{"model", "ESME-1"}, {"text", "x"}}).status == 400);
  CHECK(report({{"model", small_id(99).text()}, {"text", "x"}}).status == 400);
  CHECK(report({{"model", model}}).status == 400);
  const HttpResponse sent = report({{"model", model},
                                    {"about", "cpa withdrawn"},
                                    {"text", "It was withdrawn.\r\nSee <b>the letter</b>."}});
  CHECK(place(sent) == "/reports/1");
  const HttpResponse waiting = at.party.look("/reports/1");
  CHECK(says(waiting, "Its CPA certificate: withdrawn"));
  CHECK(says(waiting, "SECAS has not answered yet."));
  CHECK(says(at.party.look("/me"), "Waiting"));
  const Json answer = {{"outcome", "acted"}, {"text", "Thank you."}, {"entries", {4}}};
  REQUIRE(
      at.registry
          .send(HttpMethod::post, "/v1/operator/reports/1/answers", answer.dump(), operator_token)
          .status == 201);
  CHECK(says(at.party.look("/reports/1"), "Thank you."));
  CHECK(at.other.look("/reports/1").status == 404);
}

TEST_CASE("own pages: sessions are listed, and the others can be ended") {
  SignedIn at;
  Browser second(at.registry);
  second.sign_in(party_token);
  const std::string me = *at.party.look("/me").body;
  CHECK(count_of(me, "name=\"session\"") == 1);
  CHECK(says(at.party.look("/me"), "This is you"));
  const std::string id = quoted_after(me, "name=\"session\" value=\"");
  const Fields end = {{"session", id}, {"form", at.party.form_key("/me", "/me")}};
  CHECK(place(at.party.post("/me", end)) == "/me");
  CHECK(second.look("/me").status == 303);
  CHECK(at.party.post("/me", end).status == 404);
}

TEST_CASE("own pages: no text of a receiver or of a Party becomes markup") {
  SignedIn at;
  const std::string page = at.made({{"url", "https://party.example/<b>\"'&"}});
  const ReadPage read = read_page(at.party.look(page));
  CHECK(std::count(read.elements.begin(), read.elements.end(), "b") == 0);
}

}  // namespace cpl::testing::own_pages_test
