// Mail as a channel of the notifier: confirmed by a code, told at once or once a day, ended by one
// click, and refused for good where the server says so.
#include "notifier/mail/channel.hpp"

#include "tests/notifier/mail/mailbox.hpp"

namespace cpl::testing::channel_test {
namespace {

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("mail channel: a mailbox is told nothing before its code was typed in") {
  Mailbox mailbox;
  const Subscription subscription = mailbox.subscribe(false);
  REQUIRE(mailbox.sent.size() == 1);
  CHECK(mailbox.row(subscription).state == SubscriptionState::pending);
  CHECK(mailbox.channel.confirm(subscription.id, "12345678x").error().code == "code-wrong");
  mailbox.confirm(subscription);
  CHECK(mailbox.row(subscription).state == SubscriptionState::active);
  REQUIRE(mailbox.sent.size() == 1 + story_events.size());
  for (std::size_t i = 0; i < story_events.size(); ++i) {
    const OutgoingMail& mail = mailbox.sent[1 + i];
    CHECK(mail.to.text() == "team@party.example");
    CHECK(mail.sender.text().starts_with("bounces+"));
    CHECK(mail.content.find("X-CPL-Sequence: " + format_sequence(EntryIndex{story_events[i]})) !=
          std::string::npos);
  }
  CHECK(mailbox.channel.confirm(subscription.id, "00000000").error().code == "code-not-awaited");
}

TEST_CASE("mail channel: a Party has three codes a day sent to a mailbox, however it spells it") {
  Mailbox mailbox;
  std::vector<Subscription> all;
  for (int i = 0; i < 7; ++i) {
    const std::string tag = i == 0 ? "" : (i % 2 == 0 ? "+" : "+tag") + std::to_string(i);
    const auto made = mailbox.notifier->subscribe(
        "Party", Audience::parties,
        {(i % 2 == 0 ? "mailto:Team" : "mailto:team") + tag + "@party.example", {}, false},
        EntryIndex{0});
    REQUIRE(made);
    all.push_back(*made);
    mailbox.settle();
    mailbox.log.clock.advance(hour / 60);
    mailbox.settle();
  }
  CHECK(mailbox.sent.size() == 3);
  CHECK_THAT(mailbox.row(all[6]).last_failure,
             Catch::Contains("three codes") && Catch::Contains("within a day"));
  mailbox.log.clock.advance(25 * hour);
  mailbox.settle();
  CHECK(mailbox.sent.size() > 3);
  CHECK(mailbox.sent.size() <= 6);
}

TEST_CASE("mail channel: the old mailbox's link ends nothing of the new one's, nor its digest") {
  Mailbox mailbox;
  const Subscription subscription = mailbox.subscribe(true);
  mailbox.confirm(subscription);
  const std::string token = unsubscribe_token(mailbox.master, subscription.id, subscription.url);
  const auto changed = mailbox.notifier->change("Party", subscription.id,
                                                "https://party.example/hook", std::nullopt);
  REQUIRE(changed);
  CHECK_FALSE(changed->digest);
  CHECK(mailbox.notifier->unsubscribe_mailbox(token).error().code == "token-unknown");
}

TEST_CASE("mail channel: a code has five attempts and fifteen minutes") {
  Mailbox mailbox;
  const Subscription subscription = mailbox.subscribe(false);
  const std::string right = mailbox.code();
  for (int attempt = 0; attempt < 5; ++attempt) {
    CHECK(mailbox.channel.confirm(subscription.id, "wrong").error().code == "code-wrong");
  }
  CHECK(mailbox.channel.confirm(subscription.id, right).error().code == "code-not-awaited");
  mailbox.settle();
  CHECK(mailbox.row(subscription).attempt == 1);
  // Another one is mailed when it is due, and runs out.
  mailbox.log.clock.advance(hour);
  mailbox.settle();
  REQUIRE(mailbox.sent.size() == 2);
  mailbox.log.clock.advance(hour / 4);
  CHECK(mailbox.channel.confirm(subscription.id, mailbox.code()).error().code ==
        "code-not-awaited");
  mailbox.channel.expire();
  mailbox.settle();
  CHECK(mailbox.row(subscription).attempt == 2);
}

TEST_CASE("mail channel: a digest tells once a day all that came, in order") {
  Mailbox mailbox;
  const Subscription subscription = mailbox.subscribe(true);
  mailbox.confirm(subscription);
  CHECK(mailbox.sent.size() == 1);
  mailbox.log.clock.advance(24 * hour);
  mailbox.settle();
  REQUIRE(mailbox.sent.size() == 2);
  const std::string& mail = mailbox.sent[1].content;
  CHECK_THAT(mail, Catch::Contains("Subject: [CPL] 5 changes (entries 1 to 8)\r\n"));
  CHECK(count(mail, "Content-Disposition: attachment") == story_events.size());
  CHECK(mailbox.row(subscription).delivered == EntryIndex{8});
  mailbox.log.clock.advance(24 * hour);
  mailbox.settle();
  CHECK(mailbox.sent.size() == 2);
  // What the server does not take is told the next time that it is due.
  mailbox.log.append({addition_note(7)});
  mailbox.status = 451;
  mailbox.log.clock.advance(24 * hour);
  mailbox.settle();
  CHECK(mailbox.row(subscription).attempt == 1);
  mailbox.status = 250;
  mailbox.log.clock.advance(hour);
  mailbox.settle();
  CHECK_THAT(mailbox.sent.back().content, Catch::Contains("[CPL] 1 change (entries 10 to 10)"));
  CHECK(mailbox.row(subscription).cursor == EntryIndex{11});
}

TEST_CASE("mail channel: one click pauses, and another's token does nothing") {
  Mailbox mailbox;
  const Subscription subscription = mailbox.subscribe(false);
  mailbox.confirm(subscription);
  const std::string token = unsubscribe_token(mailbox.master, subscription.id, subscription.url);
  CHECK(mailbox.notifier->unsubscribe_mailbox(token + "x").error().code == "token-unknown");
  CHECK(mailbox.notifier->unsubscribe_mailbox(subscription.id).error().code == "token-unknown");
  CHECK(mailbox.row(subscription).state == SubscriptionState::active);
  CHECK(mailbox.notifier->unsubscribe_mailbox(token));
  CHECK(mailbox.row(subscription).state == SubscriptionState::paused);
  CHECK(mailbox.notifier->unsubscribe_mailbox(token));
}

TEST_CASE("mail channel: the owner's other subscriptions hear of an unsubscribed mailbox") {
  Mailbox mailbox;
  const Subscription subscription = mailbox.subscribe(false);
  mailbox.confirm(subscription);
  const auto sister = mailbox.notifier->subscribe("Party", Audience::parties,
                                                  {"https://a.example/", {}}, EntryIndex{10});
  REQUIRE(sister);
  for (int pass = 0; pass < 4; ++pass) {
    mailbox.notifier->run_once();
    mailbox.http.hand_over();
  }
  REQUIRE(mailbox.row(*sister).state == SubscriptionState::active);
  REQUIRE(mailbox.notifier->unsubscribe_mailbox(
      unsubscribe_token(mailbox.master, subscription.id, subscription.url)));
  mailbox.notifier->run_once();
  mailbox.http.hand_over();
  const auto& messages = mailbox.http.endpoints["https://a.example/"].messages;
  REQUIRE(messages.size() == 1);
  CHECK_THAT(messages[0].body, Catch::Contains("was unsubscribed by its mailbox") &&
                                   Catch::Contains("subscription.quarantined.v1"));
  mailbox.notifier->run_once();
}

TEST_CASE("mail channel: a mailbox that is refused for good is quarantined at once") {
  Mailbox mailbox;
  const Subscription subscription = mailbox.subscribe(false);
  mailbox.status = 550;
  mailbox.confirm(subscription);
  CHECK(mailbox.row(subscription).state == SubscriptionState::quarantined);
  mailbox.status = 250;
  mailbox.log.clock.advance(2 * hour);
  mailbox.settle();
  CHECK(mailbox.row(subscription).state == SubscriptionState::active);
  CHECK(mailbox.row(subscription).cursor == EntryIndex{10});
}

TEST_CASE("mail channel: a code that the mail server refuses, or that ran out, is told as that") {
  Mailbox mailbox;
  mailbox.status = 550;
  const Subscription subscription = mailbox.subscribe(false);
  CHECK_THAT(mailbox.row(subscription).last_failure,
             Catch::Contains("the mail server answered 550: no such user here"));
  mailbox.status = 250;
  mailbox.log.clock.advance(hour);
  mailbox.settle();
  mailbox.log.clock.advance(hour);
  mailbox.channel.expire();
  mailbox.settle();
  CHECK_THAT(mailbox.row(subscription).last_failure, Catch::Contains("within 15 minutes"));
}

TEST_CASE("channels: the Service Desk has a transport of its own") {
  NotifierFixture fixture;
  FakeTransport parties;
  FakeTransport desk;
  ChannelRouter router(parties, desk, nullptr);
  const std::string url = "https://a.example/";
  for (const Audience audience : {Audience::parties, Audience::service_desk}) {
    Subscription subscription;
    subscription.url = url;
    subscription.audience = audience;
    router.send(to_message(subscription, {{}, SentConsent{}, {}}, fixture.log.clock.now(), {}, {}),
                [](const Result<Delivered>&) {});
    CHECK(parties.hand_over() == (audience == Audience::parties ? 1U : 0U));
    CHECK(desk.hand_over() == (audience == Audience::service_desk ? 1U : 0U));
  }
}

TEST_CASE("mail channel: without one mail is refused, and URLs are not mailboxes") {
  FakeTransport http;
  ChannelRouter router(http, http, nullptr);
  std::string code;
  router.send({"mailto:a@b.example", "POST", "sub_1", "party", {}, "{}"},
              [&](Result<Delivered> outcome) { code = outcome.error().code; });
  CHECK(code == "mail-not-configured");
  CHECK_FALSE(mail_target("https://a.example/"));
  CHECK_FALSE(mail_target("mailto:a@b.example?cc=c@d.example"));
}

}  // namespace cpl::testing::channel_test
