// What is written down of the operator's deeds and of who read sealed texts.
#include <fstream>

#include "registry/statement/openings.hpp"
#include "tests/api/routes/paths.hpp"

namespace cpl::testing::journal_test {

namespace {

const std::string journal_path = "/v1/operator/journal";

class Recorded : public TestApi {
 public:
  Recorded() {
    log.append(story_notes());
    open();
  }

  void open() {
    ApiOptions options = api_options();
    journal = std::make_shared<Journal>(file(), log.clock,
                                        [this](const std::string& line) { lines.push_back(line); });
    options.journal = journal;
    store_party(kept_, "party", party_token);
    auto parties = PartyBook::open(kept_, log.clock, {});
    REQUIRE(parties);
    options.parties = *std::move(parties);
    auto answers = AnswerBook::open(kept_, log.clock, std::string(32, 'k'), {});
    REQUIRE(answers);
    options.answers = *std::move(answers);
    auto shelf = OpeningShelf::open(folder_.path() / "openings");
    REQUIRE(shelf);
    options.openings = *std::move(shelf);
    api = std::make_unique<Api>(*log, *sequencer, *notifier, log.clock, std::move(options));
  }
  HttpResponse as_operator(HttpMethod method, const std::string& target, const Bytes& body = {}) {
    return send(method, target, body, operator_token);
  }
  Json read(const std::string& query = "") {
    const HttpResponse response = as_operator(HttpMethod::get, journal_path + query);
    INFO(*response.body);
    REQUIRE(response.status == 200);
    return Json::parse(*response.body);
  }
  std::filesystem::path file() const { return folder_.path() / "journal.ndjson"; }
  Bytes written() const {
    std::ifstream stream(file(), std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(stream), {});
  }

  std::shared_ptr<Journal> journal;
  std::vector<std::string> lines;

 private:
  TemporaryFolder folder_;
  MemoryStore kept_;
};

}  // namespace

TEST_CASE("journal: a deed has a line before it is done and one after, without its secrets") {
  Recorded registry;
  const HttpResponse made =
      registry.as_operator(HttpMethod::post, "/v1/operator/parties", R"({"name":"north"})");
  REQUIRE(made.status == 201);
  const Json lines = registry.read()["lines"];
  REQUIRE(lines.size() == 2);
  for (const Json& line : lines) {
    CHECK(line["who"] == "operator");
    CHECK(line["from"] == "192.0.2.1");
    CHECK(line["what"] == "POST /v1/operator/parties");
    CHECK(parse_time_millis(line["time"].get<std::string>()).has_value());
  }
  CHECK_FALSE(lines[1].contains("status"));
  CHECK(lines[0]["status"] == 201);
  CHECK(lines[0]["about"]["party"] == "north");
  CHECK(lines[0]["number"] == 2);
  const Json answer = Json::parse(*made.body);
  CHECK(registry.written().find(answer["token"].get<std::string>()) == Bytes::npos);
  CHECK(registry.written().find(operator_token) == Bytes::npos);
  CHECK(registry.lines.size() == 3);  // With the reading of the journal.
}

TEST_CASE("journal: whatever the operator asks for is in it, refused or not") {
  Recorded registry;
  const Json document = registry.get_json("/v1/openapi.json");
  std::size_t asked = 0;
  for (const auto& [path, item] : document["paths"].items()) {
    if (!path.starts_with("/v1/operator/")) continue;
    for (const auto& [method, operation] : item.items()) {
      CAPTURE(path, method);
      const std::size_t before = registry.lines.size();
      const std::string target = filled(path);
      const HttpResponse response = registry.as_operator(method_of(method), target, "{}");
      REQUIRE(registry.lines.size() == before + (method == "get" ? 1 : 2));
      const Json line = Json::parse(registry.lines.back());
      CHECK(line["status"] == response.status);
      CHECK(line["what"].get<std::string>().ends_with(" " + target));
      ++asked;
      // Who is not the operator does nothing that could be told, and fills nothing.
      registry.send(method_of(method), target, "{}", party_token);
      CHECK(registry.lines.size() == before + (method == "get" ? 1 : 2));
    }
  }
  CHECK(asked > 10);
}

TEST_CASE("journal: who reads a sealed text is in it, and who may not is not") {
  Recorded registry;
  const Opening sealed{"/reason", Bytes(32, 's'), "The certificate was forged."};
  Notice notice{{small_id(2)}, EntryIndex{4}, RemovalBasis::panel_decision, start_time};
  notice.reason = Text(sealed.seal());
  registry.log.append({cpl::testing::sign(notice, log_keys().registrar)});
  const Json keep = {{"entry", 10},
                     {"seals", Json::parse(format_openings({sealed}))},
                     {"classification", "AMBER"},
                     {"readers", {{{"who", "party"}}}}};
  const HttpResponse kept =
      registry.as_operator(HttpMethod::post, "/v1/operator/openings", keep.dump());
  INFO(*kept.body);
  REQUIRE(kept.status == 201);
  CHECK(Json::parse(registry.lines.back())["about"]["readers"][0]["who"] == "party");
  const std::size_t before = registry.lines.size();
  CHECK(registry.send(HttpMethod::get, "/v1/entries/10/openings", {}, "guessed").status == 401);
  CHECK(registry.send(HttpMethod::get, "/v1/entries/9/openings", {}, party_token).status == 404);
  CHECK(registry.lines.size() == before);
  REQUIRE(registry.send(HttpMethod::get, "/v1/entries/10/openings", {}, party_token).status == 200);
  REQUIRE(registry.lines.size() == before + 1);
  const Json line = Json::parse(registry.lines.back());
  CHECK(line["who"] == "party:party");
  CHECK(line["what"] == "GET /v1/entries/10/openings");
  CHECK(registry.written().find("forged") == Bytes::npos);
}

TEST_CASE("journal: what cannot be written down is neither done nor shown") {
  Recorded registry;
  std::filesystem::create_directory(registry.file());  // Nothing can be appended to a folder.
  const HttpResponse refused =
      registry.as_operator(HttpMethod::post, "/v1/operator/parties", R"({"name":"north"})");
  CHECK(problem(refused, 503)["code"] == "journal-unavailable");
  CHECK(refused.body->find(registry.file().string()) == Bytes::npos);
  CHECK(registry.as_operator(HttpMethod::get, "/v1/operator/parties").status == 503);
  std::filesystem::remove(registry.file());
  const HttpResponse listed = registry.as_operator(HttpMethod::get, "/v1/operator/parties");
  REQUIRE(listed.status == 200);  // It goes on by itself.
  CHECK(Json::parse(*listed.body)["parties"].size() == 1);
}

TEST_CASE("journal: it is read in pages, after a restart too, and a torn line costs that line") {
  Recorded registry;
  for (int i = 0; i < 4; ++i) registry.as_operator(HttpMethod::get, "/v1/operator/parties");
  std::ofstream(registry.file(), std::ios::app) << "{\"time\":\"2026";
  registry.open();
  Json page = registry.read("?limit=3");  // The one that was torn, and two before it.
  REQUIRE(page["lines"].size() == 3);
  CHECK(page["lines"][0]["number"] == 5);
  CHECK(page["lines"][0]["what"] == "(a line that cannot be read)");
  CHECK(page["lines"][1]["what"] == "GET /v1/operator/parties");
  CHECK(page["next"] == 3);
  page = registry.read("?limit=3&before=3");
  REQUIRE(page["lines"].size() == 2);
  CHECK(page["lines"][1]["number"] == 1);
  CHECK(page["next"].is_null());
  CHECK(registry.read("?limit=1")["lines"][0]["what"] ==
        "GET /v1/operator/journal?limit=3&before=3");
}

}  // namespace cpl::testing::journal_test
