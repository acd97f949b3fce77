// Whatever somebody was given: which kind it is taken for, and the one opinion on it.
#include "registry/given/given.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/given/images.hpp"
#include "registry/given/sealed.hpp"
#include "registry/statement/openings.hpp"
#include "tests/registry/evidence/verdict_fixture.hpp"
#include "tests/registry/extract/extract_fixture.hpp"

namespace cpl::testing::given_test {

namespace {

std::string kind_told(const Bytes& content) {
  const auto kind = kind_of_given("given", content);
  if (!kind) return kind.error().code;
  constexpr std::array<std::string_view, 4> words = {"evidence", "extract", "event", "tlog-proof"};
  return std::string(words[static_cast<std::size_t>(*kind)]);
}

Json judged(GivenKind kind, Given given) {
  const auto opinion = judge_given(kind, std::move(given), log_policy(), at_time(witnessed));
  return opinion ? to_json(*opinion) : Json{{"error", opinion.error().code}};
}

Given named(Bytes content) {
  Given given;
  given.name = "given";
  given.content = std::move(content);
  return given;
}

}  // namespace

TEST_CASE("given: the kind of a file is told by how it begins") {
  const RemovalStory story;
  CHECK(kind_told(format_evidence(story.evidence())) == "evidence");
  CHECK(kind_told(R"({"specversion":"1.0"})") == "event");
  CHECK(kind_told(R"({"specversion":)") == "evidence");  // The judge says what is wrong with it.
  CHECK(kind_told(story.evidence().last.proof) == "tlog-proof");
  CHECK(kind_told("cpl/statement/v1\n") == "evidence-malformed");
  CHECK(kind_told("\xEF\xBB\xBF{}") == "file-damaged");
  CHECK(kind_told("c2sp.org/tlog-proof@v1\r\n") == "file-damaged");
  const ExtractStory extracts;
  for (const ExtractForm form : extract_forms) {
    CHECK(kind_told(extracts.files(extracts.extract(), form).content) == "extract");
  }
}

TEST_CASE(
    "given: a proof is judged with the entry that it is about, and says so where it lacks it") {
  const RemovalStory story;
  const ProvenEntry last = story.evidence().last;
  Given given = named(last.proof);
  CHECK(judged(GivenKind::tlog_proof, given)["error"] == "entry-missing");
  given.entry = last.leaf;
  const std::string number = std::to_string(story.removal.value);
  const Json valid = judged(GivenKind::tlog_proof, given);
  CHECK(valid["verdict"] == "VALID");
  CHECK(valid["entry"] == story.removal.value);
  given.expect = "entry:" + number;
  CHECK(judged(GivenKind::tlog_proof, given) == valid);
  given.expect = "entry:0";
  CHECK(judged(GivenKind::tlog_proof, given)["code"] == "evidence-mismatch");
  given.expect.clear();
  given.entry = story.evidence().entries.front().leaf;
  CHECK(judged(GivenKind::tlog_proof, given)["code"] == "inclusion-proof-invalid");
}

TEST_CASE("given: evidence is held to what was asked") {
  const RemovalStory story;
  Given given = named(format_evidence(story.evidence()));
  CHECK(judged(GivenKind::evidence, given)["verdict"] == "VALID, provisional");
  given.expect = "removal:" + std::string(meter.text());
  CHECK(judged(GivenKind::evidence, given)["verdict"] == "VALID, provisional");
  given.expect = "removal:" + std::string(display.text());
  CHECK(judged(GivenKind::evidence, given)["code"] == "evidence-mismatch");
  given.expect = "nonsense";
  CHECK(judged(GivenKind::evidence, given)["error"] == "question-malformed");
}

TEST_CASE("given: an extract comes with what lies beside it, and is held to its version") {
  const ExtractStory story;
  const ExtractFiles files = story.files(story.extract(), ExtractForm::csv);
  Given given = named(files.content);
  given.extract_proof = files.proof;
  CHECK(judged(GivenKind::extract, given)["code"] == "signature-missing");
  given.signature = files.signature;
  CHECK(judged(GivenKind::extract, given)["verdict"] == "VALID");
  given.expect = "extract:77";
  CHECK(judged(GivenKind::extract, given)["code"] == "evidence-mismatch");
}

TEST_CASE("given: the images of evidence are those that its additions name") {
  const RemovalStory story;
  const Json images = images_json(format_evidence(story.evidence()));
  REQUIRE(images.size() == 1);
  CHECK(images[0]["model"] == meter.text());
  CHECK(images[0]["image_hash"] == to_hex(*make_successor().image_hash));
  CHECK(images_json("{}").empty());
}

TEST_CASE("given: an opening opens the seal that it was made for, and no other") {
  LogStory story;
  story.founds();
  story.adds();
  const Opening opening{"/reason", Bytes(32, 's'), "A flaw."};
  const EntryIndex decision = story.decides({make_model().id()});
  const EntryIndex notice = story.notifies_and_validates({make_model().id()}, decision);
  Removal removal = removal_of(make_model().id(), notice);
  removal.reason = Text(opening.seal());
  const EntryIndex entry = story.does(removal);
  const auto evidence = build_removal_evidence(*story.view(), make_model().id());
  REQUIRE(evidence.has_value());
  const Bytes file = format_evidence(*evidence);
  Opening other = opening;
  other.words = "No flaw.";
  Opening elsewhere = opening;
  elsewhere.field = "/text";
  const auto opened = opened_json(file, format_openings({opening, other, elsewhere}));
  REQUIRE(opened.has_value());
  CHECK((*opened)[0]["entry"] == entry.value);
  CHECK((*opened)[1]["entry"].is_null());
  CHECK((*opened)[2]["entry"].is_null());
  CHECK_FALSE(opened_json(file, "{}").has_value());
}

TEST_CASE("given: a policy that mail or an editor changed is told by its file") {
  const std::string text = witness_policy_text();
  CHECK(policy_given("policy.txt", text).has_value());
  const auto damaged = policy_given("policy.txt", "\xEF\xBB\xBF" + text);
  REQUIRE_FALSE(damaged.has_value());
  CHECK(damaged.error().code == "file-damaged");
  const auto wrong = policy_given("policy.txt", "nonsense\n");
  REQUIRE_FALSE(wrong.has_value());
  CHECK_THAT(wrong.error().detail, Catch::StartsWith("policy.txt: "));
}

}  // namespace cpl::testing::given_test
