// Rules 4 and 11 to 15: the work around the list. Each refusal stands beside its twin that is
// accepted.
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::work_test {
namespace {

const ModelId meter = make_model().id();
const ModelId newer = make_model("38040405").id();
const ModelId display = make_display().id();

struct ListedStory : Story {
  explicit ListedStory(const Charter& charter = make_charter()) {
    does(charter);
    adds();
    adds(make_model("38040405"));
    adds(make_display());
    decision = decides({meter, display});
  }
  EntryIndex decision;
};

Charter charter_that_asks(bool CharterPolicy::*what) {
  Charter charter = make_charter();
  charter.policy.*what = true;
  return charter;
}

Withdrawal withdrawal_of(EntryIndex notice, std::vector<ModelId> models = {meter}) {
  return {notice, std::move(models), "The certificate was renewed.", {}};
}

Decision decision_to_withdraw(std::vector<ModelId> models) {
  Decision decision = decision_on({meter});
  decision.place = {8, 1};
  decision.authorises = {{Act::withdraw, std::move(models)}};
  return decision;
}

const Hash first_list = sha256("version 1");

Loading loading_of(LoadingStatus status, std::uint64_t version = 1, std::uint64_t size = 4) {
  Loading loading{version,
                  version == 1 ? first_list : sha256("another"),
                  TreeSize{size},
                  status,
                  at("2026-07-09T12:00:00Z"),
                  {},
                  {}};
  if (status == LoadingStatus::rejected) {
    loading.reject_code = "load-failed";
    loading.reject_text = "The batch stopped.";
  }
  return loading;
}

Deployment count_of(const std::string& day_text) {
  return {day(day_text), 2, 1'000'000, sha256("the rows")};
}

ActionUpdate action_is(ActionState state, const std::string& ref = "SECP155/01") {
  return {"SECP", ref, state, {}, "The desk was told on 9 July."};
}

MeetingPaper paper_for(const std::string& meeting, std::vector<RemovalProposal> proposals = {}) {
  return {{"SECP", meeting}, "WHITE",     sha256("paper"), 100,
          "text/html",       TreeSize{0}, TreeSize{4},     std::move(proposals)};
}

template <class Record>
Record work_record(const Story& story, const WorkKey& key) {
  const auto record = work_of<Record>(story.list(), key);
  REQUIRE(record.has_value());
  REQUIRE(record->has_value());
  return **record;
}

ActionRecord action_in(const Story& story, const std::string& ref = "SECP155/01") {
  return work_record<ActionRecord>(story, action_key("SECP", ref));
}

}  // namespace

TEST_CASE("withdrawal: the models of the notice are free again, and nothing is due on it") {
  ListedStory story;
  const EntryIndex notice = story.notifies({meter, display}, story.decision);
  story.receipts(notice, ReceiptStatus::received);
  story.receipts(notice, ReceiptStatus::validated);
  const EntryIndex taken_back = story.does(withdrawal_of(notice, {display, meter}));
  CHECK(story.notice(notice).state == NoticeState::withdrawn);
  CHECK(story.notice(notice).withdrawn_by == taken_back);
  CHECK_FALSE(story.model(meter).notice);
  CHECK_FALSE(story.model(display).notice);
  CHECK(story.model(meter).status == ModelStatus::listed);
  CHECK(story.says(removal_of(meter, notice)) == "notice-withdrawn, rule 7, conflict");
  CHECK(story.says(receipt_of(notice, ReceiptStatus::applied)) ==
        "receipt-out-of-order, rule 6, conflict");
  // The decision still stands: it takes a new notice, and that one leads to the removal.
  story.removes(meter, story.notifies_and_validates({meter}, story.decision));
  CHECK(story.model(meter).status == ModelStatus::removed);
}

TEST_CASE("withdrawal: only of a notice that is open, with its models, by two registrars") {
  ListedStory story;
  const EntryIndex notice = story.notifies_and_validates({meter, display}, story.decision);
  CHECK(story.says(withdrawal_of(EntryIndex{1})) == "notice-not-found, rule 11, conflict");
  CHECK(story.says(withdrawal_of(notice, {meter})) == "models-mismatch, rule 11, conflict");
  CHECK(story.says(withdrawal_of(notice, {meter, display, newer})) ==
        "models-mismatch, rule 11, conflict");
  CHECK(story.says(withdrawal_of(notice, {meter, display}), first(1, people().registrar)) ==
        "threshold-not-met, rule 1, unauthorized");
  story.removes(meter, notice);
  CHECK(story.says(withdrawal_of(notice, {meter, display})) == "notice-over, rule 11, conflict");
  const EntryIndex other = story.notifies({newer}, story.decides({newer}));
  story.receipts(other, ReceiptStatus::received);
  story.receipts(other, ReceiptStatus::rejected);
  CHECK(story.says(withdrawal_of(other, {newer})) == "notice-over, rule 11, conflict");
}

TEST_CASE("withdrawal: where the charter asks for a decision, one for these models, taken since") {
  ListedStory story(charter_that_asks(&CharterPolicy::withdrawal_needs_decision));
  const EntryIndex early = story.does(decision_to_withdraw({meter}));
  const EntryIndex notice = story.notifies({meter}, story.decision);
  Withdrawal withdrawal = withdrawal_of(notice);
  CHECK(story.says(withdrawal) == "decision-missing, rule 11, conflict");
  withdrawal.decision = early;
  CHECK(story.says(withdrawal) == "decision-spent, rule 11, conflict");
  withdrawal.decision = story.decides({meter});
  CHECK(story.says(withdrawal) == "model-not-authorised, rule 11, conflict");
  withdrawal.decision = story.does(decision_to_withdraw({display}));
  CHECK(story.says(withdrawal) == "model-not-authorised, rule 11, conflict");
  Decision noted = decision_to_withdraw({meter});
  noted.verb = Verb::noted;
  withdrawal.decision = story.does(noted);
  CHECK(story.says(withdrawal) == "verb-does-not-authorise, rule 4, conflict");
  withdrawal.decision = story.does(decision_to_withdraw({meter}));
  CHECK(story.says(withdrawal) == "accepted");
}

TEST_CASE("rejection: it names the models of its notice, and no others") {
  ListedStory story;
  const EntryIndex notice = story.notifies({meter, display}, story.decision);
  story.receipts(notice, ReceiptStatus::received);
  CHECK(story.says(receipt_of(notice, ReceiptStatus::rejected, {meter})) ==
        "models-mismatch, rule 6, conflict");
  CHECK(story.says(receipt_of(notice, ReceiptStatus::rejected, {display, meter})) == "accepted");
}

TEST_CASE("loading: received, verified, loaded: the DCC's systems use the version") {
  ListedStory story;
  const EntryIndex received = story.does(loading_of(LoadingStatus::received));
  story.does(loading_of(LoadingStatus::verified));
  const EntryIndex loaded = story.does(loading_of(LoadingStatus::loaded));
  const auto record = work_record<LoadingRecord>(story, loading_key(1));
  CHECK(record.status() == LoadingStatus::loaded);
  CHECK(record.steps.front().entry == received);
  CHECK(record.time_of(LoadingStatus::loaded) == at("2026-07-09T12:00:00Z"));
  CHECK_FALSE(record.time_of(LoadingStatus::rejected));
  const auto newest = work_record<LoadedRecord>(story, loaded_key());
  CHECK(newest.version == 1);
  CHECK(newest.entry == loaded);
}

TEST_CASE("loading: each step once and in order; what was rejected may come again") {
  const std::string out_of_order = "loading-out-of-order, rule 12, conflict";
  ListedStory story;
  CHECK(story.says(loading_of(LoadingStatus::verified)) == out_of_order);
  CHECK(story.says(loading_of(LoadingStatus::rejected)) == out_of_order);
  story.does(loading_of(LoadingStatus::received));
  CHECK(story.says(loading_of(LoadingStatus::received)) == out_of_order);
  CHECK(story.says(loading_of(LoadingStatus::loaded)) == out_of_order);  // B16: unverified.
  story.does(loading_of(LoadingStatus::verified));
  CHECK(story.says(loading_of(LoadingStatus::verified)) == out_of_order);
  story.does(loading_of(LoadingStatus::rejected));
  CHECK(story.says(loading_of(LoadingStatus::loaded)) == out_of_order);
  story.does(loading_of(LoadingStatus::received));
  story.does(loading_of(LoadingStatus::verified));
  CHECK(story.says(loading_of(LoadingStatus::loaded)) == "accepted");
}

TEST_CASE("loading: a version is one list, that the log has come to, at a time that has come") {
  ListedStory story;
  CHECK(story.says(loading_of(LoadingStatus::received, 1, 6)) ==
        "loading-mismatch, rule 12, conflict");
  CHECK(story.says(loading_of(LoadingStatus::received, 1, 5)) == "accepted");
  CHECK(story.says(loading_of(LoadingStatus::verified, 1, 4)) ==
        "loading-mismatch, rule 12, conflict");
  Loading other = loading_of(LoadingStatus::verified, 1, 5);
  other.extract = sha256("another list");
  CHECK(story.says(other) == "loading-mismatch, rule 12, conflict");
  Loading early = loading_of(LoadingStatus::verified, 1, 5);
  early.at = at("2026-07-09T11:54:00Z");
  CHECK(story.says(early) == "time-implausible, rule 12, conflict");
  Loading late = loading_of(LoadingStatus::verified, 1, 5);
  late.at = at("2026-07-09T12:06:00Z");
  CHECK(story.says(late) == "time-implausible, rule 12, conflict");
  CHECK(story.says(loading_of(LoadingStatus::verified, 1, 5)) == "accepted");
  CHECK(story.says(loading_of(LoadingStatus::loaded, 1, 5), first(3, people().registrar)) ==
        "threshold-not-met, rule 1, unauthorized");
}

TEST_CASE("loading: no older version after a newer one, and no shorter list under a newer number") {
  ListedStory story;
  for (const auto status :
       {LoadingStatus::received, LoadingStatus::verified, LoadingStatus::loaded}) {
    story.does(loading_of(status, 2, 5));
  }
  CHECK(story.says(loading_of(LoadingStatus::received, 1, 5)) ==
        "loading-older, rule 12, conflict");
  CHECK(story.says(loading_of(LoadingStatus::received, 3, 4)) ==
        "loading-older, rule 12, conflict");
  CHECK(story.says(loading_of(LoadingStatus::received, 3, 5)) == "accepted");
}

TEST_CASE("deployment: of a day that has come, and never of an earlier one than is known") {
  ListedStory story;
  CHECK(story.says(count_of("2026-07-10")) == "time-implausible, rule 8, conflict");
  const EntryIndex first_count = story.does(count_of("2026-07-08"));
  CHECK(work_record<DeploymentRecord>(story, deployment_key()).entry == first_count);
  CHECK(story.says(count_of("2026-07-07")) == "deployment-older, rule 13, conflict");
  CHECK(story.says(count_of("2026-07-08")) == "accepted");  // Counted again.
  CHECK(story.says(count_of("2026-07-09"), first(2, people().registrar)) ==
        "threshold-not-met, rule 1, unauthorized");
}

TEST_CASE("actions: raised by minutes, closed by the registrar or later minutes, open again") {
  ListedStory story;
  CHECK(story.says(action_is(ActionState::closed)) == "action-not-found, rule 14, conflict");
  const EntryIndex draft = story.minutes({minuted()}, false);
  CHECK(action_in(story).state == ActionState::open);
  CHECK(action_in(story).owner == "SECAS");
  const EntryIndex closed = story.does(action_is(ActionState::closed));
  CHECK(action_in(story).state == ActionState::closed);
  CHECK(action_in(story).closed_by == closed);
  CHECK(story.says(action_is(ActionState::closed)) == "action-closed, rule 14, conflict");
  // The final minutes say again what was said, and open nothing.
  const EntryIndex final_minutes = story.minutes({minuted()});
  CHECK(action_in(story).state == ActionState::closed);
  CHECK(action_in(story).closed_by == closed);
  CHECK(action_in(story).entries == std::vector{draft, closed, final_minutes});
  ActionUpdate again = action_is(ActionState::open);
  again.due = day("2026-08-01");
  story.does(again);
  CHECK(action_in(story).state == ActionState::open);
  CHECK(action_in(story).due == day("2026-08-01"));
  CHECK_FALSE(action_in(story).closed_by);
}

TEST_CASE(
    "actions: minutes carry those outstanding, known or not, and close what they say is done") {
  ListedStory story;
  Minutes minutes = minutes_with({minuted()});
  minutes.outstanding = {{"SECP22/04", ActionState::open, day("2026-09-01"), {}},
                         {"SECP22/08", ActionState::closed, {}, Text("Published.")}};
  const EntryIndex entry = story.does(minutes);
  CHECK(action_in(story, "SECP22/04").state == ActionState::open);
  CHECK(action_in(story, "SECP22/04").due == day("2026-09-01"));
  CHECK_FALSE(action_in(story, "SECP22/04").owner);
  CHECK(action_in(story, "SECP22/08").closed_by == entry);
  Minutes later = minutes_with({});
  later.meeting.meeting = "SECP_156_1207";
  later.actions.clear();
  later.outstanding = {{"SECP155/01", ActionState::closed, {}, {}}};
  const EntryIndex closed_by = story.does(later);
  CHECK(action_in(story).closed_by == closed_by);
}

TEST_CASE(
    "papers: for a meeting without final minutes, of entries that are there and models listed") {
  ListedStory story;
  const RemovalProposal proposal{{meter}, RemovalBasis::cpa_expired, "It ends on 30 August."};
  const EntryIndex paper = story.does(paper_for("SECP_155_0807", {proposal}));
  const auto meeting = story.list().meeting({"SECP", "SECP_155_0807"});
  REQUIRE(meeting.has_value());
  REQUIRE(meeting->has_value());
  CHECK((*meeting)->papers == std::vector{paper});
  CHECK_FALSE(story.model(meter).notice);  // A proposal removes nothing.
  MeetingPaper ahead = paper_for("SECP_156_1207");
  ahead.until = TreeSize{50};
  CHECK(story.says(ahead) == "paper-ahead, rule 14, conflict");
  const RemovalProposal unknown{{make_model("00000009").id()}, RemovalBasis::entry_error, "Wrong."};
  CHECK(story.says(paper_for("SECP_156_1207", {unknown})) == "model-not-listed, rule 14, conflict");
  story.minutes({minuted()});
  CHECK(story.says(paper_for("SECP_155_0807")) == "paper-late, rule 14, conflict");
  CHECK(story.says(paper_for("SECP_156_1207")) == "accepted");
}

TEST_CASE("calendar: the newest of a body counts") {
  ListedStory story;
  story.does(MeetingCalendar{"SECP", {{"SECP_156_1207", day("2026-08-12")}}});
  story.does(MeetingCalendar{"SSC", {}});
  const EntryIndex newest =
      story.does(MeetingCalendar{"SECP", {{"SECP_156_1207", day("2026-08-13")}}});
  const auto record = work_record<CalendarRecord>(story, calendar_key("SECP"));
  CHECK(record.entry == newest);
  CHECK(record.calendar.meetings.front().date == day("2026-08-13"));
}

TEST_CASE("specifications: each version of the table replaces the one before it") {
  ListedStory story;
  SpecificationRow row{"SMETS", "V4.2", {}, day("2027-01-01"), {}, {}};
  CHECK(story.says(Specifications{2, {row}}) ==
        "specifications-version-mismatch, rule 15, conflict");
  story.does(Specifications{1, {row}});
  CHECK(story.says(Specifications{1, {row}}, first(3, people().registrar)) ==
        "specifications-version-mismatch, rule 15, conflict");
  const EntryIndex second = story.does(Specifications{2, {row}});
  CHECK(work_record<SpecificationsRecord>(story, specifications_key()).entry == second);
}

TEST_CASE("successors: where the charter asks, a decision says what the hardware is left with") {
  ListedStory story(make_charter());
  Charter asks = charter_that_asks(&CharterPolicy::decision_names_successors);
  asks.replaces = EntryIndex{0};
  story.does(asks);
  Decision decision = decision_on({meter, display});
  CHECK(story.says(decision) == "no-successor-named, rule 4, conflict");
  decision.successors = {newer};
  CHECK(story.says(decision) == "no-successor-named, rule 4, conflict");  // The display's.
  decision.without_successor = {display};
  CHECK(story.says(decision) == "accepted");
  decision.successors = {make_model("00000009").id()};
  CHECK(story.says(decision) == "successor-not-listed, rule 4, conflict");
  Decision both = decision_on({meter, newer});
  both.successors = {newer};
  CHECK(story.says(both) == "successor-not-listed, rule 4, conflict");
  both.successors.clear();
  both.without_successor = {meter, newer};
  CHECK(story.says(both) == "accepted");
  Decision noted = decision_on({meter});
  noted.verb = Verb::noted;
  CHECK(story.says(noted) == "accepted");  // It authorises nothing.
}

TEST_CASE("concerns since: from a day that has come") {
  ListedStory story;
  const EntryIndex notice = story.notifies_and_validates({meter}, story.decision);
  Removal removal = removal_of(meter, notice);
  removal.concerns_since = day("2026-07-10");
  CHECK(story.says(removal) == "time-implausible, rule 8, conflict");
  removal.concerns_since = day("2026-01-10");
  CHECK(story.says(removal) == "accepted");
  CertificateChange change{
      display, CertificateKind::zigbee, CertificateEvent::withdrawn, day("2026-07-01"), {}, {},
      {},      day("2026-07-10")};
  CHECK(story.says(change) == "time-implausible, rule 8, conflict");
  change.concerns_since = day("2026-06-10");
  CHECK(story.says(change) == "accepted");
}

}  // namespace cpl::testing::work_test
