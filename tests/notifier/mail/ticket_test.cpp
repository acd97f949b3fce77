// A ticket system's mailbox: one thread for a notice, a block of lines for programs, and nothing
// that would open a ticket of no notice.
#include "tests/notifier/mail/mailbox.hpp"

namespace cpl::testing::ticket_test {
namespace {

const std::string desk_url = "mailto:cpl@desk.example";

struct TicketBox : Mailbox {
  TicketBox() {
    const auto made = notifier->subscribe("desk", Audience::service_desk,
                                          {desk_url, {}, false, true}, EntryIndex{0});
    REQUIRE(made);
    settle();
    confirm(*made);
    sent.erase(sent.begin());  // The code.
  }
  bool has(std::size_t mail, const std::string& text) const {
    return sent.at(mail).content.find(text) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("ticket: a notice opens a thread, and each step of it follows up in the same") {
  TicketBox box;
  REQUIRE(box.sent.size() == 4);  // The notice, two receipts and the removal; no addition.
  INFO(box.sent[0].content);
  const auto found = box.notifier->of_owner("desk");
  REQUIRE(found.size() == 1);
  const std::string thread = "<notice-5." + found[0].id + "@cpl.example>";
  CHECK(box.has(0, "Message-ID: " + thread));
  CHECK_FALSE(box.has(0, "References:"));
  CHECK(box.has(0, "Subject: Removal notice, entry 5\r\n"));
  CHECK(box.has(
      0, "\r\nNotice: entry 5\r\nDecision: entry 4\r\nModels: 1: " + small_id(1).text() + "\r\n"));
  const UnixMillis issued = box.log.view()->entry(EntryIndex{5}).value().time;
  CHECK(box.has(0, "\r\nDue: " + format_time(UnixMillis{issued.value + 24 * hour}) +
                       "\r\nHow to check: cpl desk check 5\r\n"
                       "Address: https://cpl.example/notices/5\r\n"));
  const std::vector<std::string> steps = {"", "received", "validated", "removed"};
  for (std::size_t i = 1; i < box.sent.size(); ++i) {
    CHECK(box.has(i, "References: " + thread));
    CHECK(box.has(i, "In-Reply-To: " + thread));
    CHECK(box.has(i, "Subject: Re: Removal notice, entry 5: " + steps[i]));
    CHECK(box.has(i, "\r\nStep: " + steps[i] + "\r\n"));
  }
  for (std::size_t i = 0; i < box.sent.size(); ++i) {
    for (const char* const no : {"Auto-Submitted", "List-", "Precedence", "format=flowed"}) {
      CHECK_FALSE(box.has(i, no));
    }
  }
}

TEST_CASE("ticket: a step that is late follows up once, and no other news opens a ticket") {
  TicketBox box;
  box.sent.clear();
  box.log.clock.advance(25 * hour);  // The DCC has not said that it applied the removal.
  box.settle();
  REQUIRE(box.sent.size() == 1);
  CHECK(box.has(0, "Subject: Re: Removal notice, entry 5: late"));
  CHECK(box.has(0, "\r\nLate: apply\r\n"));
  box.log.clock.advance(hour);
  box.log.append({addition_note(4)});
  box.settle();
  CHECK(box.sent.size() == 1);
}

}  // namespace cpl::testing::ticket_test
