// Audits on one's own machine: what is found is kept, the next one goes on where the last ended,
// and what is wrong never becomes what later ones rest on.
#include "tools/ui/audit_run.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "tests/registry/audit/published_log.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tools/shared/files.hpp"

namespace cpl::testing::audit_run_test {
namespace {

struct Auditor {
  LogStory story;
  TemporaryFolder folder;
  AuditShelf shelf{folder.path() / "audits"};
  AuditRun audits{shelf};

  Auditor() {
    story.founds();
    story.adds();
  }

  // A copy of the log as it is now, with one file of it altered where that is asked.
  void publish(const std::string& altered_file = {}) {
    for (const auto& [path, content] : story.published()) {
      const auto file = folder.path() / "log" / path;
      std::filesystem::create_directories(file.parent_path());
      Bytes octets = content;
      if (path == altered_file) octets.back() = octets.back() == 'A' ? 'B' : 'A';
      REQUIRE(write_file(file, octets, Secrecy::open));
    }
  }

  AuditTask task() const {
    AuditTask task{.source = (folder.path() / "log").string(),
                   .origin = test_origin,
                   .policy = log_policy(),
                   .options = {}};
    task.options.now = story.now;
    return task;
  }

  // Waits for its end, as its pages are asked again and again.
  AuditProgress ended(AuditTask task) {
    REQUIRE(audits.start(std::move(task)));
    for (;;) {
      const AuditProgress progress = audits.progress();
      if (!progress.is_running) return progress;
      std::this_thread::yield();
    }
  }

  Json report(const std::string& name) const {
    return Json::parse(shelf.read_report(name, "json").value());
  }
};

}  // namespace

TEST_CASE("audit run: a sound audit leaves a report, a state and the charter's id") {
  Auditor auditor;
  auditor.publish();
  const AuditProgress progress = auditor.ended(auditor.task());
  INFO((progress.failure ? progress.failure->detail : ""));
  REQUIRE_FALSE(progress.failure);
  CHECK(auditor.report(progress.report)["outcome"] == "sound");
  CHECK(auditor.shelf.reports() == std::vector<std::string>{progress.report});
  CHECK(auditor.shelf.read_report(progress.report, "html").value().find("<h1>") != Bytes::npos);
  const auto ledger = auditor.shelf.read_state(test_origin, log_policy());
  REQUIRE(ledger);
  CHECK(ledger->checkpoint->checkpoint.size == auditor.story.view()->size());
  CHECK(auditor.shelf.read_charter(test_origin).value().has_value());
}

TEST_CASE("audit run: the next one goes on where the last ended, unless all is asked for") {
  Auditor auditor;
  auditor.publish();
  auditor.ended(auditor.task());
  const std::uint64_t before = auditor.story.view()->size().value;
  auditor.story.adds(make_display());
  auditor.publish();
  AuditTask task = auditor.task();
  CHECK(auditor.report(auditor.ended(task).report)["replayed_from"] == before);
  task.from_start = true;
  CHECK(auditor.report(auditor.ended(task).report)["replayed_from"] == 0);
}

TEST_CASE("audit run: what is wrong is in the report, and the state stays where it was") {
  Auditor auditor;
  auditor.publish();
  auditor.ended(auditor.task());
  const Bytes state = read_file(auditor.shelf.state_file(test_origin), 1U << 20U).value();
  auditor.story.adds(make_display());
  const std::uint64_t size = auditor.story.view()->size().value;
  auditor.publish("tile/entries/000.p/" + std::to_string(size));
  const Json report = auditor.report(auditor.ended(auditor.task()).report);
  CHECK(report["outcome"] == "unsound");
  REQUIRE(report["findings"].size() == 1);
  CHECK(report["findings"][0]["entry"] == size - 1);
  CHECK(read_file(auditor.shelf.state_file(test_origin), 1U << 20U).value() == state);
}

TEST_CASE(
    "audit run: a log that begins with another charter than was pinned is another registry's") {
  Auditor auditor;
  auditor.publish();
  AuditTask task = auditor.task();
  task.options.charter = Hash{};
  const Json report = auditor.report(auditor.ended(task).report);
  CHECK(report["findings"][0]["code"] == "charter-mismatch");
  CHECK(report["findings"][0]["entry"] == 0);
  CHECK_FALSE(auditor.shelf.read_charter(test_origin).value());
}

TEST_CASE("audit run: without a log there is no outcome, and nothing is kept") {
  Auditor auditor;
  const AuditProgress progress = auditor.ended(auditor.task());
  REQUIRE(progress.failure);
  CHECK(progress.failure->code == "resource-not-found");
  CHECK(auditor.shelf.reports().empty());
}

TEST_CASE("audit shelf: the name of a report leads nowhere else, and the oldest go") {
  const TemporaryFolder folder;
  const AuditShelf shelf(folder.path() / "audits");
  for (std::uint64_t i = 0; i <= kept_reports_max; ++i) {
    REQUIRE(shelf.keep_report(UnixMillis{start_time.value + i * 1000}, "{}", "<p>"));
  }
  CHECK(shelf.reports().size() == kept_reports_max);
  CHECK(shelf.read_report(shelf.reports().front(), "json").value() == "{}");
  REQUIRE(write_file(folder.path() / "audits" / "secret.json", "{}", Secrecy::open));
  for (const char* name : {"../secret", "audit-../../secret", "audit-20260101T000000Z", ""}) {
    CHECK(shelf.read_report(name, "json").error().code == "report-not-here");
  }
}

}  // namespace cpl::testing::audit_run_test
