// Rules 4 to 8: from the decision over the notice and its receipts to the removal. Each refusal
// stands beside its twin that is accepted.
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::removal_test {
namespace {

const ModelId meter = make_model().id();
const ModelId display = make_display().id();

// A registry with a meter and a display on its list, and a decision to remove both.
struct ListedStory : Story {
  explicit ListedStory(const Charter& charter = make_charter()) {
    does(charter);
    adds();
    adds(make_display());
    decision = decides({meter, display});
  }
  EntryIndex decision;
};

Charter charter_without_validation() {
  Charter charter = make_charter();
  charter.policy.removal_needs_validation = false;
  return charter;
}

// Brings a new notice into the state, over the receipts that lead there.
EntryIndex notice_in(Story& story, EntryIndex decision, NoticeState state) {
  const EntryIndex notice = story.notifies({meter}, decision);
  if (state == NoticeState::issued) return notice;
  story.receipts(notice, ReceiptStatus::received);
  if (state == NoticeState::received) return notice;
  if (state == NoticeState::rejected) {
    story.receipts(notice, ReceiptStatus::rejected);
    return notice;
  }
  story.receipts(notice, ReceiptStatus::validated);
  if (state == NoticeState::validated) return notice;
  story.removes(meter, notice);
  story.receipts(notice, ReceiptStatus::applied);
  return notice;
}

}  // namespace

TEST_CASE("removal: decision, notice, the desk's word, removal: the model has left the list") {
  ListedStory story;
  const EntryIndex notice = story.notifies({meter, display}, story.decision);
  CHECK(story.model(meter).notice == notice);
  CHECK(story.model(meter).status == ModelStatus::listed);
  story.receipts(notice, ReceiptStatus::received);
  story.receipts(notice, ReceiptStatus::validated);
  const UnixMillis removed_at = story.now;
  const EntryIndex removal = story.removes(meter, notice);

  const ModelRecord gone = story.model(meter);
  CHECK(gone.status == ModelStatus::removed);
  CHECK(gone.changed_at == removal);
  CHECK(gone.decision == story.decision);
  CHECK(gone.notice == notice);
  CHECK(gone.status_word == "Expired");
  CHECK(gone.effective_from == removed_at);
  CHECK(story.model(display).status == ModelStatus::listed);
  CHECK(story.notice(notice).removals == std::map<ModelId, EntryIndex>{{meter, removal}});
}

TEST_CASE("rule 6: a notice is applied once all of its removals are in the log, none later") {
  ListedStory story;
  const EntryIndex notice = story.notifies_and_validates({meter, display}, story.decision);
  const Receipt applied = receipt_of(notice, ReceiptStatus::applied);
  CHECK(story.says(applied) == "removal-missing, rule 6, conflict");
  story.removes(meter, notice);
  CHECK(story.says(applied) == "removal-missing, rule 6, conflict");
  story.removes(display, notice);
  Receipt early = applied;
  early.applied_at = at("1970-01-01T00:00:00Z");
  CHECK(story.says(early) == "time-implausible, rule 6, conflict");
  early.applied_at = plus_seconds(*notice_of({}, {}).effective_from, -301);
  CHECK(story.says(early) == "time-implausible, rule 6, conflict");
  Receipt late = applied;
  late.applied_at = plus_seconds(story.now, 301);
  CHECK(story.says(late) == "time-implausible, rule 6, conflict");
  CHECK(story.says(applied) == "accepted");
}

TEST_CASE("rule 4: NOTED and SUPPORTED authorise nothing, APPROVED and AGREED do") {
  ListedStory story;
  for (const Verb verb : {Verb::noted, Verb::supported}) {
    const EntryIndex decision = story.decides({meter}, verb);
    CHECK(story.says(notice_of({meter}, decision)) == "verb-does-not-authorise, rule 4, conflict");
  }
  CHECK(story.says(notice_of({meter}, story.decides({meter}, Verb::approved))) == "accepted");
  CHECK(story.says(notice_of({display}, story.decides({display}, Verb::agreed))) == "accepted");
}

TEST_CASE("rule 5: a notice cites a decision that is in the log") {
  ListedStory story;
  const EntryIndex minutes = story.minutes({minuted()});
  for (const EntryIndex entry : {EntryIndex{0}, EntryIndex{1}, minutes, EntryIndex{1000}}) {
    CHECK(story.says(notice_of({meter}, entry)) == "decision-not-found, rule 5, conflict");
  }
  CHECK(story.says(notice_of({meter}, story.decision)) == "accepted");
}

TEST_CASE("rule 5: the decision must name every model of the notice, and for removal") {
  ListedStory story;
  const EntryIndex of_meter = story.decides({meter});
  CHECK(story.says(notice_of({meter, display}, of_meter)) ==
        "model-not-authorised, rule 5, conflict");
  CHECK(story.says(notice_of({display}, of_meter)) == "model-not-authorised, rule 5, conflict");
  Decision to_reinstate = decision_on({meter});
  to_reinstate.authorises[0].act = Act::reinstate;
  CHECK(story.says(notice_of({meter}, story.does(to_reinstate))) ==
        "model-not-authorised, rule 5, conflict");
  Decision to_nothing = decision_on({meter});
  to_nothing.authorises.clear();
  CHECK(story.says(notice_of({meter}, story.does(to_nothing))) ==
        "model-not-authorised, rule 5, conflict");
  CHECK(story.says(notice_of({meter}, of_meter)) == "accepted");
}

TEST_CASE("rule 5: what was never listed or has left the list cannot be under notice") {
  ListedStory story;
  const ModelId unknown = make_model("00000009").id();
  CHECK(story.says(notice_of({unknown}, story.decides({unknown}))) ==
        "model-not-listed, rule 5, conflict");
  story.removes(meter, story.notifies_and_validates({meter}, story.decision));
  CHECK(story.says(notice_of({meter}, story.decision)) == "model-not-listed, rule 5, conflict");
  CHECK(story.says(notice_of({display}, story.decision)) == "accepted");
}

TEST_CASE("rule 5: a model is under one notice at a time, and free again once it is rejected") {
  ListedStory story;
  const EntryIndex notice = notice_in(story, story.decision, NoticeState::received);
  CHECK(story.says(notice_of({display, meter}, story.decision)) ==
        "model-under-notice, rule 5, conflict");
  CHECK_FALSE(story.model(display).notice.has_value());
  story.receipts(notice, ReceiptStatus::rejected);
  CHECK_FALSE(story.model(meter).notice.has_value());
  CHECK(story.says(notice_of({display, meter}, story.decision)) == "accepted");
}

TEST_CASE("rule 6: receipts go forward only: received, then validated or rejected, then applied") {
  using enum ReceiptStatus;
  const std::map<NoticeState, std::set<ReceiptStatus>> legal = {
      {NoticeState::issued, {received}},
      {NoticeState::received, {validated, rejected}},
      {NoticeState::validated, {applied}},
      {NoticeState::rejected, {}},
      {NoticeState::applied, {}}};
  for (const auto& [state, followers] : legal) {
    for (const ReceiptStatus next : {received, validated, rejected, applied}) {
      ListedStory story;
      const EntryIndex notice = notice_in(story, story.decision, state);
      REQUIRE(story.notice(notice).state == state);
      if (state == NoticeState::validated) story.removes(meter, notice);
      const std::size_t before = story.notice(notice).receipts.size();
      CAPTURE(to_string(state), word_of(next));
      const bool may = followers.contains(next);
      CHECK(story.says(receipt_of(notice, next)) ==
            (may ? "accepted" : "receipt-out-of-order, rule 6, conflict"));
      CHECK(story.notice(notice).receipts.size() == before + (may ? 1 : 0));
    }
  }
}

TEST_CASE("rules 6 and 7: a receipt and a removal are about a notice that is in the log") {
  ListedStory story;
  for (const EntryIndex entry : {EntryIndex{0}, story.decision, EntryIndex{1000}}) {
    CHECK(story.says(receipt_of(entry, ReceiptStatus::received)) ==
          "notice-not-found, rule 6, conflict");
    CHECK(story.says(removal_of(meter, entry)) == "notice-not-found, rule 7, conflict");
  }
  const EntryIndex notice = story.notifies_and_validates({meter}, story.decision);
  CHECK(story.says(removal_of(meter, notice)) == "accepted");
}

TEST_CASE("rule 7: a removal waits for the desk's validation") {
  for (const NoticeState state : {NoticeState::issued, NoticeState::received}) {
    ListedStory story;
    CHECK(story.says(removal_of(meter, notice_in(story, story.decision, state))) ==
          "removal-not-validated, rule 7, conflict");
  }
  ListedStory story;
  CHECK(story.says(removal_of(meter, notice_in(story, story.decision, NoticeState::validated))) ==
        "accepted");
}

TEST_CASE("rule 7: a charter may do without the desk's validation, but not against its word") {
  for (const NoticeState state : {NoticeState::issued, NoticeState::received}) {
    ListedStory story(charter_without_validation());
    CHECK(story.says(removal_of(meter, notice_in(story, story.decision, state))) == "accepted");
  }
  ListedStory story(charter_without_validation());
  CHECK(story.says(removal_of(meter, notice_in(story, story.decision, NoticeState::rejected))) ==
        "notice-rejected, rule 7, conflict");
}

TEST_CASE("rule 7: a notice rejected too late leaves the removal bound to it") {
  ListedStory story(charter_without_validation());
  const EntryIndex notice = story.notifies({meter, display}, story.decision);
  story.removes(meter, notice);
  story.receipts(notice, ReceiptStatus::received);
  story.receipts(notice, ReceiptStatus::rejected);
  CHECK(story.model(meter).status == ModelStatus::removed);
  CHECK(story.model(meter).notice == notice);
  CHECK_FALSE(story.model(display).notice.has_value());
  CHECK(story.says(removal_of(display, notice)) == "notice-rejected, rule 7, conflict");
}

TEST_CASE("rule 7: a rejected notice is dead, a new one is needed") {
  ListedStory story;
  const EntryIndex dead = notice_in(story, story.decision, NoticeState::rejected);
  CHECK(story.says(removal_of(meter, dead)) == "notice-rejected, rule 7, conflict");
  CHECK(story.says(removal_of(meter, story.notifies_and_validates({meter}, story.decision))) ==
        "accepted");
}

TEST_CASE("rule 7: a removal is of a model that the notice names") {
  ListedStory story;
  const EntryIndex notice = story.notifies_and_validates({meter}, story.decision);
  CHECK(story.says(removal_of(display, notice)) == "model-not-in-notice, rule 7, conflict");
  CHECK(story.says(removal_of(meter, notice)) == "accepted");
}

TEST_CASE("rule 7: a model is removed once") {
  ListedStory story;
  const EntryIndex notice = story.notifies_and_validates({meter}, story.decision);
  CHECK(story.says(removal_of(meter, notice)) == "accepted");
  CHECK(story.says(removal_of(meter, notice)) == "model-not-listed, rule 7, conflict");
}

TEST_CASE("rule 7: the removal's basis is its notice's, and its word goes with the basis") {
  ListedStory story;
  const EntryIndex notice = story.notifies_and_validates({meter}, story.decision);
  Removal removal = removal_of(meter, notice);
  removal.basis = RemovalBasis::cert_withdrawn;
  removal.status_word = "Withdrawn";
  CHECK(story.says(removal) == "basis-mismatch, rule 7, conflict");
  removal.basis = RemovalBasis::cpa_expired;
  CHECK(story.says(removal) == "status-word-mismatch, rule 7, conflict");
  removal.status_word = "Expired";
  CHECK(story.says(removal) == "accepted");
}

TEST_CASE("rule 7: a certificate's account allows one word, any other basis each word") {
  const std::map<RemovalBasis, std::set<std::string>> words = {
      {RemovalBasis::cert_withdrawn, {"Withdrawn"}},
      {RemovalBasis::cert_cancelled, {"Cancelled"}},
      {RemovalBasis::cpa_expired, {"Expired"}},
      {RemovalBasis::panel_decision, {"Withdrawn", "Cancelled", "Expired"}},
      {RemovalBasis::superseded_ts, {"Withdrawn", "Cancelled", "Expired"}},
      {RemovalBasis::entry_error, {"Withdrawn", "Cancelled", "Expired"}}};
  for (const auto& [basis, allowed] : words) {
    for (const std::string_view word : removed_status_words) {
      ListedStory story;
      Notice notice = notice_of({meter}, story.decision);
      notice.basis = basis;
      const EntryIndex entry = story.does(notice);
      story.receipts(entry, ReceiptStatus::received);
      story.receipts(entry, ReceiptStatus::validated);
      Removal removal = removal_of(meter, entry);
      removal.basis = basis;
      removal.status_word = word;
      CAPTURE(to_string(basis), word);
      CHECK(story.says(removal) == (allowed.contains(std::string(word))
                                        ? "accepted"
                                        : "status-word-mismatch, rule 7, conflict"));
    }
  }
}

TEST_CASE(
    "rule 7: a removal takes effect when its notice said, or later, and not before it is made") {
  ListedStory story;
  Notice notice = notice_of({meter}, story.decision);
  notice.effective_from = plus_seconds(story.now, 3600);
  const EntryIndex entry = story.does(notice);
  story.receipts(entry, ReceiptStatus::received);
  story.receipts(entry, ReceiptStatus::validated);

  Removal removal = removal_of(meter, entry);
  removal.effective_from = notice.effective_from;
  story.now = plus_seconds(*notice.effective_from, -1);
  CHECK(story.says(removal) == "not-yet-effective, rule 7, conflict");
  REQUIRE(story.now == notice.effective_from);
  CHECK(story.says(removal) == "accepted");
}

TEST_CASE("rule 7: a removal neither runs ahead of its notice nor of the clock") {
  ListedStory story;
  const EntryIndex notice = story.notifies_and_validates({meter}, story.decision);
  Removal removal = removal_of(meter, notice);
  removal.effective_from = plus_seconds(*notice_of({}, {}).effective_from, -1);
  CHECK(story.says(removal) == "not-yet-effective, rule 7, conflict");
  removal.effective_from = plus_seconds(story.now, 1);
  CHECK(story.says(removal) == "not-yet-effective, rule 7, conflict");
  removal.effective_from = story.now;
  CHECK(story.says(removal) == "accepted");
}

TEST_CASE("rule 7: no removal takes effect before the desk validated its notice") {
  ListedStory story;
  const EntryIndex notice = story.notifies({meter, display}, story.decision);
  story.receipts(notice, ReceiptStatus::received);
  const UnixMillis validated = story.now;
  story.receipts(notice, ReceiptStatus::validated);
  Removal removal = removal_of(meter, notice);
  removal.effective_from = plus_seconds(validated, -2);
  CHECK(story.says(removal) == "effective-before-validation, rule 7, conflict");
  removal.effective_from = plus_seconds(validated, -1);
  CHECK(story.says(removal) == "accepted");
  CHECK(story.model(meter).effective_from == plus_seconds(validated, -1));
  // One that says no time has effect from its entry on, whenever it was prepared.
  removal = removal_of(display, notice);
  const UnixMillis entered = plus_seconds(story.now, 3600);
  story.now = UnixMillis{entered.value + 999};
  CHECK(story.says(removal) == "accepted");
  CHECK(story.model(display).effective_from == entered);
}

TEST_CASE("rule 8: a decision that the final minutes contradict carries no notice") {
  ListedStory story;
  story.minutes({minuted("NOTED")});
  CHECK(story.says(notice_of({meter}, story.decision)) ==
        "decision-contradicted, rule 8, conflict");
  story.minutes({minuted()});
  CHECK(story.says(notice_of({meter}, story.decision)) == "accepted");
}

TEST_CASE("rule 7: minutes that contradict the decision stop a removal that is under way") {
  ListedStory story;
  const EntryIndex notice = story.notifies_and_validates({meter}, story.decision);
  story.minutes({});
  CHECK(story.says(removal_of(meter, notice)) == "decision-contradicted, rule 7, conflict");
  story.minutes({minuted()});
  CHECK(story.says(removal_of(meter, notice)) == "accepted");
}

TEST_CASE("rule 8: until final minutes come, a removal stands on provisional authority") {
  ListedStory story;
  story.minutes({}, false);
  const EntryIndex notice = story.notifies_and_validates({meter}, story.decision);
  CHECK(story.says(removal_of(meter, notice)) == "accepted");
  CHECK(story.standing(story.decision) == DecisionStanding::provisional);
}

TEST_CASE("rule 5: no notice takes effect before its decision or its model, nor absurdly late") {
  ListedStory story;
  Notice notice = notice_of({meter}, story.decision);
  for (const std::string_view time : {"1970-01-01T00:00:00Z", "2026-07-07T22:59:59Z",
                                      "9999-12-31T23:59:59Z", "2036-08-01T00:00:00Z"}) {
    CAPTURE(time);
    notice.effective_from = at(time);
    CHECK(story.says(notice) == "time-implausible, rule 5, conflict");
  }
  // On the day of the decision, and before the model came onto the list.
  notice.effective_from = at("2026-07-08T12:00:00Z");
  CHECK(story.says(notice) == "time-implausible, rule 5, conflict");
  notice.effective_from = plus_seconds(*addition_of().effective_from, -301);
  CHECK(story.says(notice) == "time-implausible, rule 5, conflict");
  notice.effective_from = plus_seconds(*addition_of().effective_from, -300);
  CHECK(story.says(notice) == "accepted");
  notice.models = {display};
  notice.effective_from = at("2027-01-01T00:00:00Z");
  CHECK(story.says(notice) == "accepted");
}

TEST_CASE("rule 5: a decision taken before the model was on the list does not remove it") {
  ListedStory story;
  const DeviceModel ghost = make_model("0000DEAD");
  const EntryIndex early = story.decides({ghost.id()});
  story.adds(ghost);
  CHECK(story.says(notice_of({ghost.id()}, early)) == "decision-spent, rule 5, conflict");
  CHECK(story.says(notice_of({ghost.id()}, story.decides({ghost.id()}))) == "accepted");
}

TEST_CASE("rule 10: a certificate that expires removes nothing by itself") {
  ListedStory story;
  story.now = at("2028-09-01T12:00:00Z");
  story.minutes({}, false);
  CHECK(story.model(meter).status == ModelStatus::listed);
}

}  // namespace cpl::testing::removal_test
