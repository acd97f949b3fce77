// Verdicts held to what was asked: what is true of something else is no answer.
#include "registry/evidence/asked.hpp"

#include "tests/registry/audit/published_log.hpp"

namespace cpl::testing::asked_test {
namespace {

const JudgeOptions judge_options{at("2026-07-09T12:10:00Z")};

// Two models under notice, one of them removed; a second apart.
struct Scene {
  LogStory story;
  ModelId first = make_model().id();
  ModelId second = make_model("38040405").id();
  EntryIndex decision;
  EntryIndex notice;

  Scene() {
    story.founds();
    story.adds();
    story.adds(make_model("38040405"));
    decision = story.decides({first, second});
    notice = story.notifies_and_validates({first}, decision);
    story.removes(first, notice);
  }

  static Bytes file(const Result<Evidence>& evidence) {
    REQUIRE(evidence.has_value());
    return format_evidence(*evidence);
  }
  Bytes notice_file() const { return file(build_notice_evidence(*story.view(), notice)); }
  Bytes model_file(std::uint64_t size) const {
    return file(build_model_evidence(*story.view(), second, TreeSize{size}));
  }
  static Verdict bound(const Bytes& file, const Asked& asked) {
    Verdict verdict = judge_file(file, log_policy(), judge_options);
    bind(verdict, asked);
    return verdict;
  }
  static Verdict bound(const Bytes& file, const std::string& question) {
    const auto asked = parse_asked(question);
    INFO(question);
    REQUIRE(asked.has_value());
    return bound(file, *asked);
  }
};

std::string told(const Verdict& verdict) { return to_string(verdict.outcome) + " " + verdict.code; }

}  // namespace

TEST_CASE("asked: a verdict is one on the question and the subject that were asked") {
  const Scene scene;
  const std::string number = std::to_string(scene.notice.value);
  const Bytes file = scene.notice_file();
  CHECK(told(Scene::bound(file, "notice:" + number)) == "VALID, provisional ");
  for (const std::string& other :
       {"notice:" + std::to_string(scene.notice.value + 1), "decision:" + number,
        "removal:" + scene.first.text(), "entry:" + number, "extract:" + number}) {
    CAPTURE(other);
    const Verdict verdict = Scene::bound(file, other);
    CHECK(told(verdict) == "INVALID evidence-mismatch");
    CHECK_FALSE(verdict.checks.back().passed);
  }
}

TEST_CASE("asked: a model's state is that of the size that was asked about, or of now") {
  const Scene scene;
  const std::string model = "model:" + scene.second.text();
  const std::uint64_t newest = scene.story.view()->size().value;
  CHECK(told(Scene::bound(scene.model_file(5), model + "@5")) == "VALID ");
  CHECK(told(Scene::bound(scene.model_file(newest), model)) == "VALID ");
  for (const std::uint64_t size : {std::uint64_t{4}, std::uint64_t{6}, newest}) {
    CAPTURE(size);
    CHECK(told(Scene::bound(scene.model_file(5), model + "@" + std::to_string(size))) ==
          "INVALID evidence-mismatch");
  }
  CHECK(told(Scene::bound(scene.model_file(5), model)) == "INVALID evidence-mismatch");
}

TEST_CASE("asked: a model's state is that of the time that was asked about") {
  const Scene scene;
  const std::string model = "model:" + scene.second.text() + "@";
  // Entry 4 came at 12:00:04, and entry 5 at 12:00:05.
  const Bytes file = scene.model_file(5);
  CHECK(told(Scene::bound(file, model + "2026-07-09T12:00:04Z")) == "VALID ");
  CHECK(told(Scene::bound(file, model + "2026-07-09T12:00:03Z")) == "INVALID evidence-mismatch");
  CHECK(told(Scene::bound(file, model + "2026-07-09T12:00:05Z")) == "INVALID evidence-mismatch");
  // The newest state shows nothing of a time after its last entry.
  const Bytes newest = scene.model_file(scene.story.view()->size().value);
  CHECK(told(Scene::bound(newest, model + "2026-07-09T12:09:00Z")) == "VALID, stale ");
}

TEST_CASE("asked: what is under an older checkpoint than was seen is an old answer") {
  const Scene scene;
  Asked asked{{"notice"}, std::to_string(scene.notice.value), {}, {}, scene.story.view()->size()};
  CHECK(told(Scene::bound(scene.notice_file(), asked)) == "VALID, provisional ");
  ++asked.shown.value;
  CHECK(told(Scene::bound(scene.notice_file(), asked)) == "INVALID evidence-mismatch");
}

TEST_CASE("asked: evidence under another charter than the one that is known is refused") {
  const Scene scene;
  const auto judged = [&](const Hash& charter) {
    JudgeOptions options = judge_options;
    options.charter = charter;
    return told(judge_file(scene.notice_file(), log_policy(), options));
  };
  const Note note = *parse_note(entry_of(scene.story.leaves()[0]).statement);
  CHECK(judged(statement_id(note.text)) == "VALID, provisional ");
  CHECK(judged(sha256("another")) == "INVALID charter-mismatch");
}

TEST_CASE("asked: an audit of a log that begins with another charter is not sound") {
  const Scene scene;
  const Published files = scene.story.published();
  const auto found = [&](const Hash& charter) {
    AuditOptions options;
    options.charter = charter;
    const auto report = audit(fetch_from(files), log_policy(), options);
    REQUIRE(report.has_value());
    return report->findings.empty() ? "" : report->findings.front().code;
  };
  const Note note = *parse_note(entry_of(scene.story.leaves()[0]).statement);
  CHECK(found(statement_id(note.text)).empty());
  CHECK(found(sha256("another")) == "charter-mismatch");
}

TEST_CASE("asked: each question is read, and anything else is refused") {
  const std::string model = make_model().id().text();
  for (const std::string text :
       {"notice:1503", "decision:0", "entry:7", "extract:12", "extract:12@9"}) {
    CAPTURE(text);
    CHECK(parse_asked(text).has_value());
  }
  CHECK(parse_asked("removal:" + model).has_value());
  CHECK(parse_asked("model:" + model + "@120")->size == TreeSize{120});
  CHECK(parse_asked("model:" + model + "@2026-07-09T10:15:30Z")->time ==
        at("2026-07-09T10:15:30Z"));
  const std::vector<std::string> nonsense = {"",
                                             "notice",
                                             "notice:",
                                             "notice:x",
                                             "notice:5@6",
                                             "model:5",
                                             "remove:" + model,
                                             "model:" + model + "@",
                                             "model:" + model + "@soon",
                                             "removal:" + model + "@5",
                                             "extract:1@2026-07-09T10:15:30Z"};
  for (const std::string& text : nonsense) {
    CAPTURE(text);
    CHECK_FALSE(parse_asked(text).has_value());
  }
}

}  // namespace cpl::testing::asked_test
