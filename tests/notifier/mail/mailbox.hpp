// A registry whose only channel is mail, and the mail server in the test's hands.
#pragma once

#include "notifier/mail/channel.hpp"
#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing {

inline MailAddress address(std::string_view text) {
  const auto parsed = MailAddress::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

class Mailbox {
 public:
  Mailbox() {
    log.append(story_notes());
    NotifierOptions options;
    options.events = {"https://log.example/cpl", "example.cpl", std::chrono::hours(876'000)};
    options.request_origin = "log.example";
    options.canary_interval = std::chrono::hours(876'000);
    auto opened = Notifier::open(
        store, [this] { return log.view(); }, router, log.clock, master, options);
    REQUIRE(opened);
    notifier = *std::move(opened);
  }
  ~Mailbox() {
    channel.stop();
    notifier.reset();
  }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  Subscription subscribe(bool digest) {
    const auto made = notifier->subscribe("Party", Audience::parties,
                                          {"mailto:team@party.example", {}, digest}, EntryIndex{0});
    REQUIRE(made);
    settle();
    return *made;
  }
  void settle() {
    for (int pass = 0; pass < 20; ++pass) notifier->run_once();
  }
  std::string code() const {
    std::string mail = sent.back().content;
    // Quoted-printable may break a line anywhere.
    for (auto at = mail.find("=\r\n"); at != mail.npos; at = mail.find("=\r\n")) mail.erase(at, 3);
    const auto at = mail.find("confirm it within");
    REQUIRE(at != mail.npos);
    const auto digit = mail.find_first_of("0123456789", mail.find("code", at));
    return mail.substr(digit, 8);
  }
  void confirm(const Subscription& subscription) {
    REQUIRE(channel.confirm(subscription.id, code()));
    settle();
  }
  Subscription row(const Subscription& subscription) const {
    const auto found = notifier->find(subscription.owner, subscription.id);
    REQUIRE(found);
    return *found;
  }

  const Bytes master = "the master key of the notices";
  MemoryStore store;
  TestLog log{store};
  unsigned status = 250;
  std::vector<OutgoingMail> sent;
  MailChannel channel{[this](OutgoingMail mail, Transport::Done done) {
                        sent.push_back(std::move(mail));
                        Delivered answer;
                        answer.status = status;
                        answer.permanent = status >= 500;
                        if (status >= 500) answer.words = "no such user here";
                        done(answer);
                      },
                      log.clock,
                      {{"CPL notices", address("notices@cpl.example"), "Changes", log_origin,
                        "https://cpl.example/notices/"},
                       {},
                       address("bounces@cpl.example"),
                       [this](const std::string& id, const std::string& url) {
                         return "https://cpl.example/u/" + unsubscribe_token(master, id, url);
                       }}};
  FakeTransport http;
  ChannelRouter router{http, http, &channel};
  std::unique_ptr<Notifier> notifier;
};

}  // namespace cpl::testing
