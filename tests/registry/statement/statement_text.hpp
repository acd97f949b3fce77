// Statements as texts, with one member wrong where a test wants that; and one of each type of the
// work around the list.
#pragma once

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::statement_test {

inline const ModelId meter = make_model().id();
inline const std::string issued = R"("issued_at":"2026-07-09T12:00:00Z")";

inline Statement statement_of(StatementBody body) {
  return {test_origin, at("2026-07-09T12:00:00Z"), std::move(body)};
}

inline Bytes text_of(std::string_view type, std::string_view json) {
  return "cpl/statement/v1\n" + test_origin + "\n" + std::string(type) + "\n" + std::string(json) +
         "\n";
}

// "accepted", or the code and what is wrong where.
inline std::string reading(BytesView text) {
  const auto statement = parse_statement(text);
  return statement ? "accepted" : statement.error().code + ": " + statement.error().detail;
}

// A statement's JSON with one member changed; null takes the member away.
inline std::string with(const StatementBody& body, const std::string& pointer, const Json& value) {
  Json json = to_json(body);
  json["issued_at"] = "2026-07-09T12:00:00Z";
  const Json::json_pointer place(pointer);
  if (value.is_null()) {
    json[place.parent_pointer()].erase(place.back());
  } else {
    json[place] = value;
  }
  const Statement statement = statement_of(body);
  return reading(text_of(statement.type(), json.dump()));
}

inline Text promised_seal() {
  Text text(sha256("a seal"));
  text.opens = day("2026-12-31");
  return text;
}

inline Minutes with_all_that_may_be_left_out() {
  Minutes minutes = minutes_with({minuted()});
  minutes.actions.front().due = day("2026-08-01");
  minutes.outstanding = {{"SECP154/02", ActionState::open, day("2026-09-01"), Text("Soon.")},
                         {"SECP154/03", ActionState::closed, {}, {}}};
  return minutes;
}

inline std::vector<StatementBody> one_of_each_work() {
  return {
      Withdrawal{EntryIndex{5}, {meter}, "Renewed.", EntryIndex{9}},
      Loading{3,
              sha256("list"),
              TreeSize{40},
              LoadingStatus::loaded,
              at("2026-07-09T10:00:00Z"),
              {},
              {}},
      Loading{3, sha256("list"), TreeSize{40}, LoadingStatus::rejected, at("2026-07-09T10:00:00Z"),
              "load-failed", Text("It stopped.")},
      Deployment{day("2026-07-08"), 2, 30, sha256("rows")},
      MeetingCalendar{"SECP", {{"SECP_156", day("2026-08-12")}, {"SECP_157", day("2026-09-09")}}},
      MeetingPaper{{"SECP", "SECP_156"},
                   "GREEN",
                   sha256("paper"),
                   10,
                   "text/html",
                   TreeSize{3},
                   TreeSize{40},
                   {{{meter}, RemovalBasis::cpa_expired, promised_seal()}}},
      ActionUpdate{"SECP", "SECP155/01", ActionState::open, day("2026-08-01"), "More time."},
      ActionUpdate{"SECP", "SECP155/01", ActionState::closed, {}, "Done."},
      Specifications{1,
                     {{"SMETS", "V4.2", "3.2", day("2027-01-01"), day("2028-01-01"), {}},
                      {"SMETS", "V5.0", {}, {}, {}, day("2029-01-01")}}},
      with_all_that_may_be_left_out()};
}

}  // namespace cpl::testing::statement_test
