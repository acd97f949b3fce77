// How many codes go out in a day: no Party uses up what others have, and no spelling gets more.
#include "notifier/mail/pace.hpp"

#include <catch2/catch.hpp>

#include "notifier/send/turns.hpp"

namespace cpl::testing::pace_test {

namespace {

constexpr UnixMillis now{1'000'000'000'000};
constexpr std::uint64_t day = 86'400'000;

std::size_t sent(MailPace& pace, const std::string& owner, const std::string& to, int wanted,
                 UnixMillis at = now) {
  std::size_t count = 0;
  for (int i = 0; i < wanted; ++i) {
    if (!pace.ask(owner, MailAddress::parse(to).value(), at)) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("mail pace: a mailbox is one, whatever follows the + and however it is written") {
  MailPace pace;
  CHECK(sent(pace, "a", "team@party.example", 1) == 1);
  CHECK(sent(pace, "a", "TEAM+x@party.example", 1) == 1);
  CHECK(sent(pace, "a", "team+y+z@PARTY.example", 1) == 1);
  CHECK(sent(pace, "a", "team+@party.example", 9) == 0);
  CHECK(sent(pace, "a", "other@party.example", 1) == 1);
}

TEST_CASE("mail pace: one Party leaves some of a mailbox's and a domain's codes to others") {
  MailPace pace;
  CHECK(sent(pace, "a", "team@party.example", 9) == 3);
  CHECK(sent(pace, "b", "team@party.example", 9) == 2);
  CHECK(sent(pace, "c", "team@party.example", 9) == 0);  // Five in all.
  std::size_t of_one = 0;
  for (int i = 0; i < 100; ++i)
    of_one += sent(pace, "a", "m" + std::to_string(i) + "@party.example", 1);
  CHECK(of_one == 20 - 3);
  CHECK(sent(pace, "b", "somebody@party.example", 1) == 1);
  CHECK(sent(pace, "a", "team@elsewhere.example", 1) == 1);
  CHECK(sent(pace, "a", "team@party.example", 9, UnixMillis{now.value + day}) == 3);
}

TEST_CASE(
    "mail pace: a Party has two hundred codes sent in a day, and all of a domain's are sixty") {
  MailPace pace;
  std::size_t of_one = 0;
  for (int i = 0; i < 300; ++i)
    of_one += sent(pace, "a", "m@d" + std::to_string(i) + ".example", 1);
  CHECK(of_one == 200);
  std::size_t of_domain = 0;
  for (int i = 0; i < 100; ++i) {
    of_domain += sent(pace, "p" + std::to_string(i), "m" + std::to_string(i) + "@one.example", 1);
  }
  CHECK(of_domain == 60);
}

TEST_CASE(
    "mail pace: what was sent while the clock was ahead holds nobody up for longer than a day") {
  MailPace pace;
  CHECK(sent(pace, "a", "team@party.example", 9, UnixMillis{now.value + 30 * day}) == 3);
  CHECK(sent(pace, "a", "team@party.example", 9) == 0);
  CHECK(sent(pace, "a", "team@party.example", 9, UnixMillis{now.value + day}) == 3);
}

TEST_CASE("turns: owners take turns, whoever has more or came first") {
  Turns<int> turns;
  for (int i = 0; i < 3; ++i) turns.push("a", i);
  turns.push("b", 10);
  turns.push("c", 20);
  std::vector<int> order;
  while (const auto one = turns.take()) order.push_back(*one);
  CHECK(order == std::vector<int>{0, 10, 20, 1, 2});
  CHECK(turns.size() == 0);
}

}  // namespace cpl::testing::pace_test
