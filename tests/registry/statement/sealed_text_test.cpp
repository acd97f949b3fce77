// Sealed texts: what stands in the log, what opens it, and what an opened text makes of a decision.
#include "registry/statement/sealed_text.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/statement/openings.hpp"
#include "tests/registry/evidence/verdict_fixture.hpp"

namespace cpl::testing::sealed_text_test {
namespace {

const Bytes salt(32, 's');
const Bytes other_salt(32, 't');

Text sealed(const std::string& words = decision_text, const Bytes& with = salt) {
  return Text(seal_of(with, words));
}

Decision sealed_decision(std::vector<ModelId> models, const Text& text = sealed()) {
  Decision decision = decision_on(std::move(models));
  decision.text = text;
  return decision;
}

DecisionStanding standing_in(const LogStory& story, EntryIndex decision) {
  const auto record = story.view()->list().decision(decision);
  REQUIRE(record.has_value());
  REQUIRE(record->has_value());
  return (**record).standing;
}

Minutes sealed_minutes(const Text& text) {
  return minutes_with({{{7, 1}, "NOTED", "An open text."}, {{7, 2}, "APPROVED", text}});
}

}  // namespace

TEST_CASE("seal: an HMAC under a label of its own") {
  CHECK(seal_of(salt, "word") == hmac_sha256(salt, BytesView("cpl/sealed/v1\0word", 18)));
  CHECK(seal_of(salt, "word") != seal_of(other_salt, "word"));
  CHECK(seal_of(salt, "word") != seal_of(salt, "words"));
}

TEST_CASE("seal: texts are the same, different, or not to be told apart yet") {
  CHECK(same_text(Text("a"), Text("a")) == true);
  CHECK(same_text(Text("a"), Text("b")) == false);
  CHECK(same_text(sealed("a"), sealed("a")) == true);
  CHECK(same_text(sealed("a"), sealed("b")) == std::nullopt);
  CHECK(same_text(sealed("a"), sealed("a", other_salt)) == std::nullopt);
  CHECK(same_text(Text("a"), sealed("a")) == std::nullopt);
  Text opened = sealed("a");
  opened.words = "a";
  CHECK(same_text(opened, Text("a")) == true);
  CHECK(same_text(opened, sealed("a")) == true);
}

TEST_CASE("seal: a statement says where its sealed texts are, and not what they say") {
  const Statement made{test_origin, at("2026-07-09T12:00:00Z"), sealed_minutes(sealed())};
  const Bytes text = format_statement(made);
  CHECK(text.find(decision_text) == text.npos);
  CHECK(text.find(to_hex(sha256(decision_text))) == text.npos);
  const auto read = parse_statement(text);
  REQUIRE(read.has_value());
  CHECK(read->seals ==
        std::map<std::string, Seal>{{"/decisions/1/text", Seal{*sealed().seal, {}}}});
  CHECK(format_statement(*read) == text);

  Json json = to_json(sealed_decision({meter}));
  json["issued_at"] = "2026-07-09T12:00:00Z";
  const auto reading = [&] {
    const auto statement =
        parse_statement("cpl/statement/v1\n" + test_origin + "\ndecision\n" + json.dump() + "\n");
    return statement ? std::string("accepted") : statement.error().detail;
  };
  CHECK(reading() == "accepted");
  json["text"]["opened"] = "x";
  CHECK_THAT(reading(), Catch::Contains("text, opened: is not a known member"));
  json["text"] = {{"sealed", "00"}};
  CHECK_THAT(reading(), Catch::Contains("text, sealed: must be 64"));
}

TEST_CASE("seal: a confidential decision authorises a removal, and minutes confirm it sealed") {
  LogStory story;
  story.founds();
  story.adds();
  const EntryIndex decision = story.does(sealed_decision({predecessor}));
  story.removes(predecessor, story.notifies_and_validates({predecessor}, decision));
  const auto verdict = [&] {
    return told(verdict_on(*build_removal_evidence(*story.view(), predecessor)));
  };
  CHECK(verdict() == "VALID, provisional");
  story.does(sealed_minutes(sealed(decision_text, other_salt)));
  CHECK(standing_in(story, decision) == DecisionStanding::provisional);
  CHECK(verdict() == "VALID, provisional");
  story.does(sealed_minutes(sealed()));
  CHECK(standing_in(story, decision) == DecisionStanding::confirmed);
  CHECK(verdict() == "VALID");
}

TEST_CASE("seal: a disclosure opens it for the list, the store and the judge") {
  LogStory story;
  story.founds();
  story.adds();
  const EntryIndex decision = story.does(sealed_decision({predecessor}));
  story.minutes({minuted()});
  story.removes(predecessor, story.notifies_and_validates({predecessor}, decision));
  CHECK(standing_in(story, decision) == DecisionStanding::provisional);
  const EntryIndex opened = story.does(Disclosure{decision, "/text", salt, decision_text});
  CHECK(standing_in(story, decision) == DecisionStanding::confirmed);
  const auto record = story.view()->list().decision(decision);
  REQUIRE(record.has_value());
  CHECK((**record).decision.text.words == decision_text);
  CHECK((**record).decision.text.seal == sealed().seal);
  const auto seals = story.view()->list().seals(decision);
  REQUIRE(seals.has_value());
  CHECK((**seals).seals.at("/text").disclosed_by == opened);
  CHECK(told(verdict_on(*build_removal_evidence(*story.view(), predecessor))) == "VALID");
}

TEST_CASE("seal: a disclosure that tells another text than the minutes contradicts the decision") {
  LogStory story;
  story.founds();
  story.adds();
  const EntryIndex decision = story.does(decision_on({predecessor}));
  const EntryIndex minutes = story.does(sealed_minutes(sealed("Quite another text.")));
  CHECK(standing_in(story, decision) == DecisionStanding::provisional);
  story.does(Disclosure{minutes, "/decisions/1/text", salt, "Quite another text."});
  CHECK(standing_in(story, decision) == DecisionStanding::contradicted);
}

TEST_CASE("seal: what opens a draft, or minutes that were replaced, leaves the final ones alone") {
  const std::string other = "Quite another text.";
  const auto of_other = [&] { return sealed(other); };
  const auto story_with = [&](Story& story, auto between) {
    story.founds();
    const EntryIndex decision = story.does(decision_on({meter}));
    const EntryIndex first_minutes = between(story);
    story.minutes({minuted("NOTED", "An open text.", {7, 1}), minuted()});
    REQUIRE(story.standing(decision) == DecisionStanding::confirmed);
    story.does(Disclosure{first_minutes, "/decisions/1/text", salt, other});
    CHECK(story.standing(decision) == DecisionStanding::confirmed);
    // Neither does a decision of the same meeting that comes later meet the draft's words.
    CHECK(story.standing(story.does(decision_on({meter}))) == DecisionStanding::confirmed);
  };
  Story with_draft;
  story_with(with_draft, [&](Story& story) {
    Minutes draft = sealed_minutes(of_other());
    draft.is_final = false;
    return story.does(draft);
  });
  Story with_older;
  story_with(with_older, [&](Story& story) { return story.does(sealed_minutes(of_other())); });
}

TEST_CASE("seal: a disclosure needs the seal, the salt and the text, and comes once") {
  Story story;
  story.founds();
  const EntryIndex decision = story.does(sealed_decision({meter}));
  const Disclosure right{decision, "/text", salt, decision_text};
  Disclosure wrong = right;
  wrong.entry = EntryIndex{0};
  CHECK(story.says(wrong) == "seal-not-found, rule 9, conflict");
  wrong = right;
  wrong.field = "/verb";
  CHECK(story.says(wrong) == "seal-not-found, rule 9, conflict");
  wrong = right;
  wrong.salt = other_salt;
  CHECK(story.says(wrong) == "disclosure-mismatch, rule 9, conflict");
  wrong = right;
  wrong.words += " ";
  CHECK(story.says(wrong) == "disclosure-mismatch, rule 9, conflict");
  CHECK(story.says(right, first(1, people().registrar)) ==
        "threshold-not-met, rule 1, unauthorized");
  CHECK(story.says(right) == "accepted");
  CHECK(story.says(right) == "seal-already-open, rule 9, conflict");
}

TEST_CASE("seal: the file that opens seals is read back, and refused where it is not one") {
  const std::vector<Opening> openings = {{"/text", salt, "Two\nlines."}};
  const auto read = parse_openings(format_openings(openings));
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 1);
  CHECK(read->front().field == "/text");
  CHECK(read->front().salt == salt);
  CHECK(read->front().words == "Two\nlines.");
  const auto reading = [](const std::string& text) { return parse_openings(text).error().detail; };
  CHECK_THAT(reading("{}"), Catch::Contains("format: is missing"));
  CHECK_THAT(reading(R"({"format":"cpl/seals/v1","openings":[{"field":"/t","salt":"AA==",)"
                     R"("value":"x"}]})"),
             Catch::Contains("salt: must be base64 of 32 octets"));
  CHECK_THAT(reading(std::string(openings_size_max + 1, ' ')), Catch::Contains("1 MiB"));
}

}  // namespace cpl::testing::sealed_text_test
