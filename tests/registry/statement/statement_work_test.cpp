// What statements may leave out, and those of the work around the list.
#include "tests/registry/statement/statement_text.hpp"

namespace cpl::testing::statement_test {

TEST_CASE("statement: what may be left out is read back where it is there") {
  const auto same = [](const StatementBody& body) {
    const Bytes text = format_statement(statement_of(body));
    const auto read = parse_statement(text);
    REQUIRE(read.has_value());
    CHECK(format_statement(*read) == text);
    return *read;
  };
  Addition addition = addition_of();
  addition.submission = sha256("a submission");
  CHECK(std::get<Addition>(same(addition).body).submission == addition.submission);
  Removal removal = removal_of(meter, EntryIndex{5});
  removal.concerns_since = day("2026-01-01");
  CHECK(std::get<Removal>(same(removal).body).concerns_since == day("2026-01-01"));
  Decision decision = decision_on({meter});
  decision.successors = {make_model("38040405").id()};
  decision.without_successor = {make_display().id()};
  CHECK(std::get<Decision>(same(decision).body).successors == decision.successors);
  Charter charter = make_charter();
  charter.policy.decision_names_successors = true;
  charter.policy.withdrawal_needs_decision = true;
  charter.roles.at(Role::panel).ends = {{"panel-1", day("2027-12-31")}};
  const Charter read = std::get<Charter>(same(charter).body);
  CHECK(read.policy.decision_names_successors);
  CHECK(read.policy.withdrawal_needs_decision);
  CHECK(read.roles.at(Role::panel).ends == charter.roles.at(Role::panel).ends);
}

TEST_CASE("statement: a seal may promise a day, and the promise is no part of what is sealed") {
  Decision decision = decision_on({meter});
  decision.text = promised_seal();
  const auto read = parse_statement(format_statement(statement_of(decision)));
  REQUIRE(read.has_value());
  CHECK(read->seals.at("/text") == Seal{sha256("a seal"), day("2026-12-31")});
  CHECK_THAT(with(decision, "/text/opens", "tomorrow"), Catch::Contains("opens"));
}

TEST_CASE("statement: the work around the list is read as strictly as the rest") {
  const Loading loaded{
      1, sha256("list"), TreeSize{4}, LoadingStatus::loaded, at("2026-07-09T10:00:00Z"), {}, {}};
  CHECK_THAT(with(loaded, "/version", 0), Catch::Contains("version"));
  CHECK_THAT(with(loaded, "/code", "other"), Catch::Contains("code"));  // Of a rejection only.
  CHECK_THAT(with(loaded, "/status", "used"), Catch::Contains("status"));
  const Deployment count{day("2026-07-08"), 2, 30, sha256("rows")};
  CHECK_THAT(with(count, "/rows", deployed_rows_max + 1), Catch::Contains("rows"));
  const MeetingCalendar calendar{"SECP", {{"A_1", day("2026-08-12")}, {"A_2", day("2026-09-09")}}};
  CHECK_THAT(with(calendar, "/meetings/1/date", "2026-08-12"), Catch::Contains("must rise by day"));
  CHECK_THAT(with(calendar, "/meetings/1/meeting", "A_1"), Catch::Contains("A_1 is there twice"));
  const ActionUpdate closed{"SECP", "SECP155/01", ActionState::closed, {}, "Done."};
  CHECK_THAT(with(closed, "/due", "2026-08-12"), Catch::Contains("due"));
  const Specifications table{
      1, {{"SMETS", "V4.2", {}, {}, {}, {}}, {"SMETS", "V5.0", {}, {}, {}, {}}}};
  CHECK_THAT(with(table, "/rows/1/ts_version", "V4.2"), Catch::Contains("is there twice"));
  const MeetingPaper paper{{"SECP", "SECP_156"}, "GREEN",     sha256("paper"), 10,
                           "text/html",          TreeSize{3}, TreeSize{40},    {}};
  CHECK_THAT(with(paper, "/until", 2), Catch::Contains("until"));
  MeetingPaper proposing = paper;
  proposing.proposals = {{{meter}, RemovalBasis::cpa_expired, "It ends."}};
  CHECK(with(proposing, "/classification", "WHITE") == "accepted");
  CHECK_THAT(with(proposing, "/classification", "AMBER"), Catch::Contains("leave them out here"));
  CHECK_THAT(with(make_charter(), "/policy/withdrawal_needs_decision", false),
             Catch::Contains("must be true, or left out"));
  CHECK_THAT(with(make_charter(), "/roles/panel/ends", Json{{"nobody", "2027-01-01"}}),
             Catch::Contains("nobody is no key of the role"));
}

}  // namespace cpl::testing::statement_test
