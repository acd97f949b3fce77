// The Service Desk's commands and what follows them, against a registry that tells the truth; and
// what --dry-run leaves unsent.
#include "tests/tools/cpl/client_scene.hpp"

namespace cpl::testing::desk_run_test {
namespace {

using Words = std::vector<std::string>;

const std::string first_model = small_id(1).text();

struct Ran {
  int status = -1;
  std::string printed;
};

// One registry and one folder for several runs.
class Desk {
 public:
  explicit Desk(std::size_t entries) : scene_(entries, log_keys().log.verifier()) {}

  Ran run(const Words& words) {
    std::filesystem::remove(scene_.folder.path("printed"));
    scene_.start(
        words,
        [this](const ProxyRequest& request) {
          {
            const std::lock_guard lock(mutex_);
            requests.push_back(request.method + " " + request.target);
          }
          return scene_.registry.answer(request);
        },
        "20s");
    const auto status = scene_.status();
    REQUIRE(status);
    return {*status, scene_.printed()};
  }
  Ran desk(Words words) {
    words.insert(words.begin(), "desk");
    words.insert(words.end(), {"--key", "@desk.key", "--policy", "@policy.txt"});
    return run(words);
  }
  std::uint64_t size() { return scene_.registry.size(); }
  bool has_sent(const std::string& request) const {
    return std::find(requests.begin(), requests.end(), request) != requests.end();
  }
  ClientFolder& folder() { return scene_.folder; }

  std::vector<std::string> requests;  // Guarded by mutex_ while a command runs.

 private:
  std::mutex mutex_;
  ClientScene scene_;
};

void put_secret(const ClientFolder& folder, const std::string& name, const std::string& content) {
  std::ofstream(folder.path(name), std::ios::binary) << content;
  std::filesystem::permissions(
      folder.path(name), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace

TEST_CASE("desk: whoever validates a notice that nobody received signs both") {
  Desk desk(6);
  const Ran ran = desk.desk({"validate", "5"});
  INFO(ran.printed);
  CHECK(ran.status == 0);
  CHECK(desk.size() == 8);
  CHECK_THAT(ran.printed,
             Catch::Contains("notice 5 is received") && Catch::Contains("notice 5 is validated"));
  CHECK_THAT(desk.desk({"validate", "5"}).printed, !Catch::Contains("notice 5 is received"));
  CHECK(desk.size() == 8);
}

TEST_CASE("desk: a notice that the desk rejected is genuine, and says that it was rejected") {
  Desk desk(7);
  REQUIRE(desk.desk({"reject", "5", "--code", "other", "--reason", "No."}).status == 0);
  const Ran ran = desk.run({"desk", "check", "5", "--policy", "@policy.txt"});
  CHECK_THAT(ran.printed, Catch::Contains("GENUINE, BUT REJECTED by the Service Desk (other)") &&
                              Catch::Contains("nothing is to be removed on this notice"));
}

TEST_CASE("desk: another's key signs nothing, and is told whose it is not") {
  Desk desk(6);
  put_secret(desk.folder(), "other.key", log_keys().registrar.to_key_file());
  const Ran ran =
      desk.run({"desk", "receive", "5", "--key", "@other.key", "--policy", "@policy.txt"});
  CHECK(ran.status == 1);
  CHECK_THAT(ran.printed,
             Catch::Contains("registrar is not a Service Desk key; nothing was signed"));
  CHECK(desk.size() == 6);
}

TEST_CASE("remove: without a model it prepares the removal of each model of the notice") {
  Desk desk(8);
  const Words words{"remove",   "--notice", "5",     "--dcc-status", "withdrawn",
                    "--origin", log_origin, "--out", "@removals"};
  const Ran ran = desk.run(words);
  INFO(ran.printed);
  CHECK(ran.status == 0);
  const Bytes text = desk.folder().content("removals/" + first_model + ".stmt");
  const auto statement = parse_statement(text);
  REQUIRE(statement);
  CHECK(std::get<Removal>(statement->body).model == small_id(1));
  CHECK_THAT(desk.run(words).printed, Catch::Contains("folder-not-empty"));
  Desk done(9);
  CHECK_THAT(done.run(words).printed, Catch::Contains("nothing-to-remove"));
}

TEST_CASE("dry run: a receipt is judged by the registry, and neither signed nor sent") {
  Desk desk(6);
  const Ran ran = desk.desk({"validate", "5", "--dry-run"});
  INFO(ran.printed);
  CHECK(ran.status == 0);
  CHECK_THAT(ran.printed, Catch::Contains("nothing was signed or sent"));
  CHECK(desk.has_sent("POST /v1/statements/check"));
  CHECK_FALSE(desk.has_sent("POST /v1/statements"));
  CHECK(desk.size() == 6);
}

TEST_CASE("dry run: whatever changes something at the registry is told and not sent") {
  const std::string id = "sub_0123456789abcdef0123";
  const std::vector<std::pair<Words, std::string>> commands = {
      {{"party", "add", "example-energy"}, "POST /v1/operator/parties"},
      {{"party", "token", "a", "--label", "b"}, "POST /v1/operator/parties/a/tokens"},
      {{"party", "certificate", "a", "CN=a"}, "POST /v1/operator/parties/a/tokens"},
      {{"party", "revoke", "a", "tok_1"}, "DELETE /v1/operator/parties/a/tokens/tok_1"},
      {{"openings", "destroy", "5", "--field", "/reason"}, "DELETE /v1/operator/openings/5"},
      {{"report", "send", first_model, "--reason", "words"}, "POST /v1/reports"},
      {{"report", "answer", "1", "--outcome", "acted", "--reason", "w"},
       "POST /v1/operator/reports/1/answers"},
      {{"backup"}, "POST /v1/operator/backups"},
      {{"subscribe", "add", "https://a.example/"}, "POST /v1/subscriptions"},
      {{"subscribe", "verify", id}, "POST /v1/subscriptions/" + id + "/verify"},
      {{"subscribe", "pause", id}, "POST /v1/subscriptions/" + id + "/pause"},
      {{"subscribe", "rotate", id}, "POST /v1/subscriptions/" + id + "/rotate"},
      {{"subscribe", "test", id}, "POST /v1/subscriptions/" + id + "/test"},
  };
  ::setenv("CPL_TOKEN", std::string(operator_token).c_str(), 1);
  Desk desk(6);
  for (const auto& [words, request] : commands) {
    CAPTURE(words);
    desk.requests.clear();
    Words all = words;
    all.emplace_back("--dry-run");
    const Ran ran = desk.run(all);
    CHECK(ran.status == 0);
    const auto space = request.find(' ');
    CHECK_THAT(ran.printed, Catch::Contains("nothing was sent") &&
                                Catch::Contains(request.substr(0, space) + " http://") &&
                                Catch::Contains(request.substr(space + 1)));
    CHECK(desk.requests.empty());
  }
  ::unsetenv("CPL_TOKEN");
}

}  // namespace cpl::testing::desk_run_test
