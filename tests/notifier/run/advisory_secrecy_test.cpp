// What an advisory gives away to whoever does not open it: nothing of the text, and no class.
#include "notifier/mail/channel.hpp"
#include "tests/notifier/run/advisory_fixture.hpp"

namespace cpl::testing::advisory_secrecy_test {

namespace {

const std::string url = "https://energy.example/hooks";

MailAddress address(std::string_view text) {
  const auto parsed = MailAddress::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

// A story in which one advisory of the class is sent.
struct Told {
  explicit Told(const std::string& classification) {
    AdvisoryFixture scene;
    subscription = scene.subscribe_to({"WHITE", "GREEN", "AMBER", "RED"}, "energy", url);
    scene.keep(classification, {{"energy", 0}});
    scene.settle();
    const auto sent = scene.sent(url);
    REQUIRE(sent.size() == 1);
    message = sent.front();
    event = Json::parse(message.body);
    CHECK(event["dataclassification"] == classification);
    mail = mailed(scene);
  }

  Subscription subscription;
  OutgoingMessage message;
  Json event;
  Bytes mail;

 private:
  // The same to a mailbox, of one subscription whatever the class.
  Bytes mailed(AdvisoryFixture& scene) const {
    Bytes content;
    MailChannel channel(
        [&](const OutgoingMail& out, const Transport::Done&) { content = out.content; },
        scene.log.clock,
        {{"CPL notices", address("notices@cpl.example"), "Changes", log_origin},
         {},
         address("bounces@cpl.example"),
         [](const std::string&, const std::string&) { return "https://cpl.example/u/token"; }});
    OutgoingMessage to_mailbox = message;
    to_mailbox.url = "mailto:team@party.example";
    to_mailbox.subscription = "sub_0123456789abcdef0123";
    channel.send(to_mailbox, [](const Result<Delivered>&) {});
    channel.stop();
    REQUIRE_FALSE(content.empty());
    return content;
  }
};

// The names of the headers, and how long each is.
std::vector<std::pair<std::string, std::size_t>> shape(const OutgoingMessage& message) {
  std::vector<std::pair<std::string, std::size_t>> sizes;
  for (const auto& [name, value] : message.headers) sizes.emplace_back(name, value.size());
  return sizes;
}

// All but the attached event: what a mail program shows before anything is opened.
std::string shown(const Bytes& mail) {
  const auto attachment = mail.find("Content-Transfer-Encoding: base64");
  REQUIRE(attachment != mail.npos);
  return mail.substr(0, mail.find("\r\n\r\n", attachment));
}

// Boundaries and message ids may differ, as long as their lengths do not.
std::string line_of(const Bytes& mail, std::string_view start) {
  const auto at = mail.find(start);
  REQUIRE(at != mail.npos);
  return mail.substr(at, mail.find("\r\n", at) - at);
}

}  // namespace

TEST_CASE("advisory: nothing in subject, size or type tells the classes apart (T10)") {
  const Told first("WHITE");
  CHECK(first.message.body.size() == advisory_size);
  for (const char* classification : {"GREEN", "AMBER", "RED"}) {
    INFO(classification);
    const Told told(classification);
    CHECK(told.message.body.size() == first.message.body.size());
    CHECK(shape(told.message) == shape(first.message));
    CHECK(told.message.method == first.message.method);
    CHECK(header(told.message, "webhook-id") == header(first.message, "webhook-id"));
    Json event = told.event;
    event["dataclassification"] = "WHITE";
    CHECK(event == first.event);

    CHECK(told.mail.size() == first.mail.size());
    CHECK(line_of(told.mail, "Subject: ") == line_of(first.mail, "Subject: "));
    CHECK(line_of(told.mail, "Message-ID: ") == line_of(first.mail, "Message-ID: "));
    CHECK(shown(told.mail).size() == shown(first.mail).size());
    CHECK(shown(told.mail).find(classification) == std::string::npos);
  }
}

TEST_CASE("advisory: the words, the salt and the place of a sealed text never leave (T9)") {
  const Told told("RED");
  std::string all = told.message.body + told.mail;
  for (const auto& [name, value] : told.message.headers) all += name + value;
  for (const std::string& secret :
       {sealed_words, seal_salt, to_base64(seal_salt), to_hex(seal_salt), std::string("/reason")}) {
    CHECK(all.find(secret) == std::string::npos);
  }
  // As the mail holds it, too.
  const Bytes attached = told.message.body;
  CHECK(told.mail.find(to_base64(attached).substr(0, 76)) != std::string::npos);
  CHECK(told.mail.find("https://") == told.mail.find("https://cpl.example/u/"));
  CHECK(told.mail.find("/openings") == std::string::npos);
}

TEST_CASE("advisory: an address that leaves no room for one is refused at the start") {
  AdvisoryFixture scene;
  EventOptions events{"https://log.example/cpl", "example.cpl", std::chrono::minutes(1),
                      "https://" + std::string(1200, 'l') + "/v1/entries/"};
  CHECK(check_advisories_fit(events).error().code == "addresses-too-long");
  const std::size_t others = events.source.size() + events.type_prefix.size();
  events.entries_address.resize(1200 - others);
  REQUIRE(check_advisories_fit(events));
  const Advisory largest{EntryIndex{json_integer_max}, mark_of("/reason"), "WHITE", start_time};
  CHECK(format_advisory(largest, events).size() == advisory_size);
}

}  // namespace cpl::testing::advisory_secrecy_test
