// `cpl monitor` itself, a log that was rolled back before its eyes, and a receiver for its alarms
// that takes them, is out of order, or never answers.
#include <condition_variable>
#include <fstream>
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/server/server.hpp"
#include "tests/registry/monitor/monitor_fixture.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/tools/cpl/program_run.hpp"

namespace cpl::testing::monitor_run_test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto deadline = 60s;

// Answers with the statuses it is given, in turn, and then with the last; 0: never.
class AlarmReceiver {
 public:
  explicit AlarmReceiver(std::vector<unsigned> statuses) : statuses_(std::move(statuses)) {
    server_ = Server::start({}, [this](HttpRequest request, HttpReply reply) {
                take(std::move(request), std::move(reply));
              }).value();
  }
  ~AlarmReceiver() {
    for (const HttpReply& reply : unanswered_) reply(text_response(503, "text/plain", "late\n"));
    server_->stop();
  }
  AlarmReceiver(const AlarmReceiver&) = delete;
  AlarmReceiver& operator=(const AlarmReceiver&) = delete;

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/alarms";
  }
  // The bodies, once there are so many.
  std::vector<Json> heard(std::size_t count) {
    std::unique_lock lock(mutex_);
    REQUIRE(came_.wait_for(lock, deadline, [&] { return requests_.size() >= count; }));
    std::vector<Json> bodies;
    for (const HttpRequest& request : requests_) {
      CHECK(request.method == HttpMethod::post);
      CHECK(request.target == "/alarms");
      bodies.push_back(Json::parse(request.body));
    }
    return bodies;
  }

 private:
  void take(HttpRequest request, HttpReply reply) {
    const std::lock_guard lock(mutex_);
    const unsigned status = statuses_[std::min(requests_.size(), statuses_.size() - 1)];
    requests_.push_back(std::move(request));
    if (status == 0) {
      unanswered_.push_back(std::move(reply));
    } else {
      reply(text_response(status, "text/plain", "taken\n"));
    }
    came_.notify_all();
  }

  const std::vector<unsigned> statuses_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<HttpRequest> requests_;  // Guarded by mutex_, as is the next.
  std::vector<HttpReply> unanswered_;
  std::unique_ptr<Server> server_;
};

// A copy of a log that the monitor has seen whole, and of which the end is now gone.
class RolledBackLog {
 public:
  RolledBackLog() {
    write_policy();
    LogStory story;
    story.founds();
    const Published before = story.published();
    story.adds();
    show(story.published());
    CHECK(round({}) == 0);
    REQUIRE(fs::exists(state()));
    whole_ = content_of(state());
    show(before);
  }

  std::vector<std::string> words(const std::vector<std::string>& more) const {
    std::vector<std::string> all{CPL_PROGRAM,       "monitor", copy().string(), "--policy",
                                 policy().string(), "--state", state().string()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  // One round; its status.
  int round(std::vector<std::string> more) const {
    more.emplace_back("--once");
    ProgramRun run(words(more), printed());
    const auto status = run.status_within(deadline);
    INFO(said());
    REQUIRE(status);
    return *status;
  }
  std::string said() const { return content_of(printed()); }
  fs::path printed() const { return folder_.path() / "printed"; }
  // The monitor believes what it saw whole, and nothing of what it saw since.
  void expect_state_kept() const { CHECK(content_of(state()) == whole_); }

 private:
  fs::path copy() const { return folder_.path() / "copy"; }
  fs::path policy() const { return folder_.path() / "policy.txt"; }
  fs::path state() const { return folder_.path() / "monitor.state"; }

  static Bytes content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write_policy() const {
    std::ofstream(policy()) << "log " << log_key().verifier().to_string() << "\nquorum none\n";
  }
  void show(const Published& files) const {
    fs::remove_all(copy());
    for (const auto& [path, octets] : files) {
      fs::create_directories((copy() / path).parent_path());
      std::ofstream(copy() / path, std::ios::binary) << octets;
    }
  }

  TemporaryFolder folder_;
  Bytes whole_;
};

}  // namespace

TEST_CASE(
    "monitor run: an alarm is posted once, SIGTERM ends it with 0, and no restart repeats it") {
  const RolledBackLog log;
  AlarmReceiver receiver({200});
  {
    ProgramRun monitor(log.words({"--webhook", receiver.url(), "--interval", "1s"}), log.printed());
    const Json alarm = receiver.heard(1).front();
    CHECK(alarm["code"] == "log-shrank");
    monitor.signal(SIGTERM);
    CHECK(monitor.status_within(deadline) == 0);
  }
  CHECK_THAT(log.said(), Catch::Contains("ALARM log-shrank"));
  log.expect_state_kept();
  CHECK(log.round({"--webhook", receiver.url()}) == 1);  // It stands, and was told.
  CHECK(receiver.heard(1).size() == 1);
  log.expect_state_kept();
}

TEST_CASE("monitor run: what a receiver out of order did not take, it is told in the next round") {
  const RolledBackLog log;
  AlarmReceiver receiver({500, 200});
  ProgramRun monitor(log.words({"--webhook", receiver.url(), "--interval", "1s"}), log.printed());
  const auto told = receiver.heard(2);
  CHECK(told[0] == told[1]);
  CHECK(told[0]["code"] == "log-shrank");
  monitor.signal(SIGTERM);
  CHECK(monitor.status_within(deadline) == 0);
  CHECK_THAT(log.said(), Catch::Contains("NOT TOLD to the webhook") && Catch::Contains("http-500"));
  CHECK(log.round({"--webhook", receiver.url()}) == 1);
  CHECK(receiver.heard(2).size() == 2);
}

TEST_CASE("monitor run: a receiver that never answers does not keep it, nor lose the alarm") {
  const RolledBackLog log;
  AlarmReceiver silent({0});
  SECTION("it goes on after a time") { CHECK(log.round({"--webhook", silent.url()}) == 1); }
  SECTION("it stops when told to, once it has waited so long") {
    ProgramRun monitor(log.words({"--webhook", silent.url(), "--interval", "1h"}), log.printed());
    silent.heard(1);
    monitor.signal(SIGTERM);
    CHECK(monitor.status_within(deadline) == 0);
  }
  CHECK(silent.heard(1).size() == 1);
  CHECK_THAT(log.said(), Catch::Contains("NOT TOLD to the webhook"));
  log.expect_state_kept();
  AlarmReceiver receiver({200});
  CHECK(log.round({"--webhook", receiver.url()}) == 1);
  CHECK(receiver.heard(1) == silent.heard(1));
}

}  // namespace cpl::testing::monitor_run_test
