// The monitor watches what must be done in time: by the Service Desk, by whoever makes extracts.
#include "tests/registry/monitor/monitor_fixture.hpp"

namespace cpl::testing::deadline_test {

TEST_CASE("monitor: the Service Desk's deadlines, each from what came before it") {
  Watch watch;
  watch.asks_witness = false;
  watch.limits.received_max = 100;
  watch.limits.validated_max = 200;
  watch.limits.applied_max = 300;
  NoticeStory story;
  watch.show(story);
  watch.now = story.now = at("2026-07-09T12:00:04Z");  // The notice's.
  CHECK(watch.after(100) == "quiet");
  CHECK(watch.after(1) == "ALARM notice-not-received 4");
  CHECK(watch.events[0].standing.alarm.entry == EntryIndex{4});
  story.now = watch.now;
  story.receipts(EntryIndex{4}, ReceiptStatus::received);
  watch.show(story);
  CHECK(watch.after(10) == "cleared notice-not-received 4");
  CHECK(watch.after(190) == "quiet");
  CHECK(watch.after(1) == "ALARM notice-not-validated 4");
  story.now = watch.now;
  story.receipts(EntryIndex{4}, ReceiptStatus::validated);
  watch.show(story);
  CHECK(watch.after(300) == "cleared notice-not-validated 4");
  CHECK(watch.after(1) == "ALARM notice-not-applied 4");
  story.removes(meter, EntryIndex{4});
  story.receipts(EntryIndex{4}, ReceiptStatus::applied);
  watch.show(story);
  CHECK(watch.after(1) == "cleared notice-not-applied 4");
}

TEST_CASE("monitor: a notice is not late with applying before it takes effect; a dead one never") {
  Watch watch;
  watch.asks_witness = false;
  watch.limits.applied_max = 300;
  NoticeStory story;
  Notice later = notice_of({display}, EntryIndex{3});
  later.effective_from = at("2026-07-09T14:00:00Z");
  const EntryIndex notice = story.does(later);
  for (const EntryIndex entry : {EntryIndex{4}, notice}) {
    story.receipts(entry, ReceiptStatus::received);
  }
  story.receipts(EntryIndex{4}, ReceiptStatus::rejected);
  story.receipts(notice, ReceiptStatus::validated);
  watch.show(story);
  watch.now = at("2026-07-09T14:05:00Z");
  CHECK(watch.round() == "quiet");
  CHECK(watch.after(1) == "ALARM notice-not-applied 5");
}

TEST_CASE("monitor: an extract is late only if it is asked for and something is not in one") {
  Watch watch;
  watch.asks_witness = false;
  const NoticeStory story;
  watch.show(story);
  watch.limits.received_max = 100 * 86'400;
  watch.now = at("2026-07-09T12:00:00Z");
  CHECK(watch.after(7 * 86'400 + 1) == "quiet");
  watch.limits.extract_age_max = 7 * 86'400;
  CHECK(watch.round() == "ALARM extract-late");
  watch.ledger.extracts.uncovered_since.reset();
  CHECK(watch.round() == "cleared extract-late");
}

TEST_CASE("monitor: a version of the list that the DCC has not loaded in time, the oldest first") {
  Watch watch;
  watch.asks_witness = false;
  watch.limits.received_max = 100 * 86'400;
  NoticeStory story;
  watch.show(story);
  watch.now = story.now = at("2026-07-09T12:00:10Z");
  watch.ledger.extracts.compared = {{sha256("first"), at("2026-07-09T12:00:00Z")},
                                    {sha256("second"), at("2026-07-09T15:00:00Z")}};
  CHECK(watch.after(86'390) == "quiet");
  CHECK(watch.after(1) == "ALARM list-not-loaded 1");
  story.now = watch.now;
  for (const auto status :
       {LoadingStatus::received, LoadingStatus::verified, LoadingStatus::loaded}) {
    story.does(Loading{1, sha256("first"), TreeSize{2}, status, story.now, {}, {}});
  }
  watch.show(story);
  CHECK(watch.after(5) == "cleared list-not-loaded 1");
  CHECK(watch.after(3 * 3600 - 6) == "quiet");
  CHECK(watch.after(1) == "ALARM list-not-loaded 2");  // The second, three hours later.
}

TEST_CASE("monitor: a sealed text that was to be open by a day that is over") {
  Watch watch;
  watch.asks_witness = false;
  watch.limits.received_max = 100 * 86'400;
  NoticeStory story;
  Decision decision = decision_on({display});
  decision.place = {9, 1};
  decision.text = Text(seal_of(Bytes(salt_size, 's'), "The words."));
  decision.text.opens = day("2026-07-10");
  const EntryIndex sealed = story.does(decision);
  watch.show(story);
  watch.now = at("2026-07-10T22:59:59Z");  // Still the tenth in London.
  CHECK(watch.round() == "quiet");
  CHECK(watch.after(1) == "ALARM seal-not-opened 5 /text");
  story.now = watch.now;
  story.does(Disclosure{sealed, "/text", Bytes(salt_size, 's'), "The words."});
  watch.show(story);
  CHECK(watch.after(5) == "cleared seal-not-opened 5 /text");
}

}  // namespace cpl::testing::deadline_test
