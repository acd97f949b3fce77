// `cpl agenda` itself, with a registry that answers what it is told to, or nonsense.
#include <fstream>
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/server/server.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/tools/cpl/program_run.hpp"

namespace cpl::testing::agenda_run_test {
namespace {

using namespace std::chrono_literals;

// By the path alone.
using Answers = std::map<std::string, std::string>;

Answers good_answers() {
  return {
      {"/v1/entries",
       R"({"log_size": 1, "next": null, "entries": [{"index": 0, "time": "2026-07-09T10:15:30.000Z",
           "type": "correction", "summary": "corrected | <b>\n it"}]})"},
      {"/v1/models",
       R"({"next": null, "models": [{"id": "ESME-1", "manufacturer_name": "A|B",
           "cover_ends": [
             {"certificate": "cpa", "what": "expired", "date": "2026-01-02"},
             {"certificate": "zigbee", "what": "withdrawn", "date": "9999-01-01"}]}]})"},
      {"/v1/decisions",
       R"({"next": null, "decisions": [
           {"entry": 7, "standing": "provisional", "text": {"sealed": "00"},
            "reference": {"body": "SECP", "meeting": "SECP_31", "item": 2, "ordinal": 1}},
           {"entry": 6, "standing": "confirmed", "text": "words", "reference": {}}]})"},
      {"/v1/notices",
       R"({"next": null, "notices": [
           {"entry": 9, "state": "issued", "models": ["ESME-1"], "clocks": [
           {"step": "notify", "done": null, "due": "9999-01-01T00:00:00Z"},
           {"step": "receive", "done": null, "due": "2026-01-01T00:00:00Z"}]}]})"},
      {"/v1/proposals",
       R"({"proposals": [
           {"model": "ESME-2", "basis": "PANEL_DECISION", "why": "a|b", "meeting": "SECP_31",
            "paper": 11, "outcome": "open"},
           {"model": "ESME-3", "basis": "PANEL_DECISION", "why": "", "meeting": "SECP_30",
            "paper": 4, "outcome": "decided"}]})"},
      {"/v1/actions",
       R"({"next": null, "actions": [
           {"ref": "SECP30/03", "owner": "SECAS", "due": "2026-07-24", "text": "Set it up."},
           {"ref": "SECP22/04", "owner": null, "due": null, "text": null,
            "last_said": "Done soon."}]})"}};
}

struct Scene {
  explicit Scene(Answers answers) : answers_(std::move(answers)) {
    server_ =
        Server::start({}, [this](const HttpRequest& request, const HttpReply& reply) {
          reply(text_response(200, "application/json",
                              answers_.at(request.target.substr(0, request.target.find('?')))));
        }).value();
  }

  std::optional<int> run() {
    ProgramRun program({CPL_PROGRAM, "agenda", "--since", "2026-07-01", "--server",
                        "http://127.0.0.1:" + std::to_string(server_->port()), "--out", paper_},
                       printed_);
    return program.status_within(60s);
  }
  bool wrote() const { return std::filesystem::exists(paper_); }
  std::string paper() const { return text_of(paper_); }
  std::string printed() const { return text_of(printed_); }

 private:
  static std::string text_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const Answers answers_;
  TemporaryFolder folder_;
  const std::string paper_ = (folder_.path() / "paper.md").string();
  const std::string printed_ = (folder_.path() / "printed").string();
  std::unique_ptr<Server> server_;
};

}  // namespace

TEST_CASE("agenda: the paper has each part, and nothing in a cell ends it or begins a tag") {
  Scene scene(good_answers());
  REQUIRE(scene.run() == 0);
  const std::string paper = scene.paper();
  INFO(paper);
  for (const std::string line :
       {"| 9 Jul 2026 | corrected \\| \\<b\\>",
        "| 2 Jan 2026 | ESME-1 | A\\|B | CPA certificate: expired | yes |",
        "| 1 Jan 9999 | ESME-1 | A\\|B | ZigBee certificate: withdrawn |  |",
        "| SECP SECP\\_31, item 2, decision 1 | (under seal) | provisional | 7 |",
        "| 9 | issued | receive | 1 Jan 2026 00:00:00 GMT, late | 1 |",
        "| ESME-2 | PANEL\\_DECISION | a\\|b | SECP\\_31 | 11 |",
        "| SECP30/03 | SECAS | 24 Jul 2026 | Set it up. |", "| SECP22/04 |  |  | Done soon. |"}) {
    CHECK_THAT(paper, Catch::Contains(line));
  }
  CHECK_THAT(paper, !Catch::Contains("<b>") && !Catch::Contains("confirmed") &&
                        !Catch::Contains("ESME-3"));
}

TEST_CASE("agenda: an answer that is not a registry's is named, and no paper is written") {
  for (const std::string path : {"/v1/entries", "/v1/models", "/v1/decisions", "/v1/notices"}) {
    for (const std::string nonsense : {"nonsense", "[]", "7"}) {
      Answers answers = good_answers();
      answers[path] = nonsense;
      Scene scene(std::move(answers));
      const auto status = scene.run();
      CAPTURE(path, nonsense, scene.printed());
      CHECK((status == 1 || status == 2));
      CHECK_FALSE(scene.wrote());
      CHECK_THAT(scene.printed(), Catch::StartsWith("cpl: ") && !Catch::Contains("exception"));
    }
  }
}

TEST_CASE("agenda: a list that never ends, and a time that is none, end it with a reason") {
  Answers endless = good_answers();
  endless["/v1/models"] = R"({"next": "ESME-1", "models": []})";
  Scene scene(std::move(endless));
  CHECK(scene.run() == 2);
  CHECK_THAT(scene.printed(), Catch::Contains("never ends"));
  Answers timeless = good_answers();
  timeless["/v1/entries"] =
      R"({"log_size": 3, "entries": [{"index": 1, "time": "soon"}], "next": null})";
  Scene other(std::move(timeless));
  CHECK(other.run() == 2);
  CHECK_THAT(other.printed(), Catch::Contains("no time"));
  CHECK_FALSE(other.wrote());
}

}  // namespace cpl::testing::agenda_run_test
