// A list that lost records which others name: the rules say that it is damaged, and change nothing.
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::missing_records_test {
namespace {

const ModelId meter = make_model().id();
const Bytes salt(32, 's');

enum class Lost : std::uint8_t { model, decision, meeting };

// A story's list without its records of one kind.
class DamagedList final : public List {
 public:
  DamagedList(const List& whole, Lost lost) : whole_(whole), lost_(lost) {}

  std::shared_ptr<const CharterRecord> charter() const override { return whole_.charter(); }
  Result<std::optional<ModelRecord>> model(const ModelId& id) const override {
    if (lost_ == Lost::model) return std::optional<ModelRecord>();
    return whole_.model(id);
  }
  Result<std::optional<DecisionRecord>> decision(EntryIndex entry) const override {
    if (lost_ == Lost::decision) return std::optional<DecisionRecord>();
    return whole_.decision(entry);
  }
  Result<std::optional<MeetingRecord>> meeting(const MeetingRef& ref) const override {
    if (lost_ == Lost::meeting) return std::optional<MeetingRecord>();
    return whole_.meeting(ref);
  }
  Result<std::optional<NoticeRecord>> notice(EntryIndex entry) const override {
    return whole_.notice(entry);
  }
  Result<std::optional<SealRecord>> seals(EntryIndex entry) const override {
    return whole_.seals(entry);
  }
  Result<std::optional<WorkRecord>> work(const WorkKey& key) const override {
    return whole_.work(key);
  }

 private:
  const List& whole_;
  Lost lost_;
};

// How the rules answer with the records lost; with all of them there they accept.
std::string says_without(Story& story, Lost lost, const StatementBody& body) {
  const DamagedList damaged(story.list(), lost);
  const auto opened = open_statement(format_note(sign(story.issued_now(body), signers_for(body))),
                                     damaged.charter());
  REQUIRE(opened.has_value());
  const auto change = apply(damaged, *opened, {test_origin, EntryIndex{1000}, story.now});
  const std::string answer = change ? "accepted" : told(change.error());
  CHECK(story.says(body) == "accepted");
  return answer;
}

const std::string damaged = "stored-data-corrupt, rule 0, corrupt";

Decision sealed_decision() {
  Decision decision = decision_on({meter});
  decision.text = Text(seal_of(salt, decision_text));
  return decision;
}

Minutes sealed_minutes() {
  return minutes_with({{{7, 2}, "APPROVED", Text(seal_of(salt, decision_text))}});
}

}  // namespace

TEST_CASE("rules: a rejection of a notice whose model is lost finds the list damaged") {
  Story story;
  story.founds();
  story.adds();
  const EntryIndex notice = story.notifies({meter}, story.decides({meter}));
  story.receipts(notice, ReceiptStatus::received);
  CHECK(says_without(story, Lost::model, receipt_of(notice, ReceiptStatus::rejected)) == damaged);
}

TEST_CASE("rules: minutes of a meeting whose decision is lost find the list damaged") {
  Story story;
  story.founds();
  story.decides({meter});
  CHECK(says_without(story, Lost::decision, minutes_with({minuted()})) == damaged);
}

TEST_CASE("rules: a decision's text is not opened where its meeting is lost") {
  Story story;
  story.founds();
  const EntryIndex decision = story.does(sealed_decision());
  CHECK(says_without(story, Lost::meeting, Disclosure{decision, "/text", salt, decision_text}) ==
        damaged);
}

TEST_CASE("rules: minutes are not opened where their meeting or its decision is lost") {
  for (const Lost lost : {Lost::meeting, Lost::decision}) {
    Story story;
    story.founds();
    story.decides({meter});
    const EntryIndex minutes = story.does(sealed_minutes());
    CHECK(says_without(story, lost,
                       Disclosure{minutes, "/decisions/0/text", salt, decision_text}) == damaged);
  }
}

}  // namespace cpl::testing::missing_records_test
