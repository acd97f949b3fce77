// `cpl` itself, as clerks use it: files that came by mail, lists that the charter would refuse,
// statements that are tried before they are submitted.
#include <fstream>
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/server/server.hpp"
#include "tests/registry/sheet/sheet_fixture.hpp"
#include "tests/support/registry_fixture.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/tools/cpl/program_run.hpp"

namespace cpl::testing::clerk_run_test {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A folder in which `cpl` runs.
class Desk {
 public:
  std::string put(const std::string& name, const std::string& content) const {
    const std::string path = path_of(name);
    std::ofstream(path, std::ios::binary) << content;
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path;
  }
  std::string path_of(const std::string& name) const { return (folder_.path() / name).string(); }

  int run(Words words) {
    std::filesystem::remove(path_of("printed"));
    words.insert(words.begin(), CPL_PROGRAM);
    ProgramRun program(std::move(words), path_of("printed"));
    const auto status = program.status_within(60s);
    REQUIRE(status);
    return *status;
  }
  std::string printed() const {
    std::ifstream in(path_of("printed"));
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  TemporaryFolder folder_;
};

Bytes statement_of(const StatementBody& body) {
  return format_statement({test_origin, at("2026-07-09T12:00:00Z"), body});
}

// With a certificate that does not end while these tests are run.
Sheet lasting(Sheet sheet) {
  return sheet.set("cert_cpa_kind", "LIFETIME")
      .set("cert_cpa_expiry_date", "")
      .set("cert_cpa_renewal_date", "2099-01-01");
}

}  // namespace

TEST_CASE("clerk: a file that mail or an editor changed is said to be that, with what to do") {
  Desk desk;
  const Bytes text = statement_of(addition_of());
  const std::string key = ed25519_signer("registrar-1").to_key_file();
  const auto good_key = desk.put("good.key", key);
  const auto damaged = [](const std::string& whole) {
    return std::vector<std::pair<std::string, std::string>>{
        {replaced(whole, "\n", "\r\n"), "line ends of Windows"},
        {"\xEF\xBB\xBF" + whole, "begins with a byte order mark"},
        {"> " + whole, "quoted line by line"}};
  };
  for (const auto& [content, said] : damaged(text)) {
    const std::string file = desk.put("a.stmt", content);
    for (const Words& words : std::vector<Words>{{"show", file},
                                                 {"sign", file, "--key", good_key},
                                                 {"submit", file},
                                                 {"verify", file}}) {
      CHECK(desk.run(words) != 0);
      CHECK_THAT(desk.printed(), Catch::Contains(said) && Catch::Contains("file-damaged") &&
                                     Catch::Contains("as an attachment"));
    }
  }
  const auto statement = desk.put("b.stmt", text);
  for (const auto& [content, said] : damaged(key)) {
    CHECK(desk.run({"sign", statement, "--key", desk.put("bad.key", content)}) != 0);
    CHECK_THAT(desk.printed(), Catch::Contains(said) && Catch::Contains("bad.key"));
  }
  const auto evidence = desk.put("e.json", "\xEF\xBB\xBF{\"format\":\"cpl/evidence/v1\"}");
  CHECK(desk.run({"verify", evidence, "--policy", "none"}) != 0);
  CHECK_THAT(desk.printed(), Catch::Contains("begins with a byte order mark"));
}

TEST_CASE("clerk: what a signer would not see is shown by its number, and not signed") {
  Desk desk;
  Bytes text = statement_of(addition_of());
  text.insert(text.find("Example Meters"), "\u202E");
  const auto statement = desk.put("a.stmt", text);
  const auto key = desk.put("good.key", ed25519_signer("registrar-1").to_key_file());
  for (const Words& words :
       std::vector<Words>{{"show", statement}, {"sign", statement, "--key", key}}) {
    CHECK(desk.run(words) != 0);
    CHECK_THAT(desk.printed(), Catch::Contains("[U+202E], which turns the direction"));
    CHECK_THAT(desk.printed(), !Catch::Contains("\u202E"));
  }
  CHECK(desk.run({"notice", "--origin", test_origin, "--decision", "1", make_model().id().text(),
                  "--sealed-reason", "a\u200Bb", "--out", desk.path_of("n.stmt")}) != 0);
  CHECK_THAT(desk.printed(), Catch::Contains("[U+200B], which cannot be seen"));
  CHECK_FALSE(std::filesystem::exists(desk.path_of("n.stmt")));
}

TEST_CASE("clerk: a list is held against the charter before anybody signs") {
  Desk desk;
  Charter charter = make_charter();
  charter.policy.cpa_years_max = 6;
  charter.policy.required_certificates = {
      {DeviceType::esme, {CertificateKind::zigbee, CertificateKind::cpa}}};
  const auto charter_file = desk.put("charter.stmt", statement_of(charter));
  const auto import = [&](const Sheet& sheet) {
    return desk.run({"import", desk.put("list.csv", sheet.text()), "--origin", test_origin,
                     "--charter-file", charter_file, "--out", desk.path_of("out")});
  };
  CHECK(import(lasting(Sheet())
                   .add("CPL-000002", "00000002")
                   .set("cert_cpa_issue_date", "2020-01-01")
                   .set("cert_cpa_expiry_date", "2099-01-01")
                   .add("CPL-000003", "00000003")
                   .set("cert_cpa_kind", "LIFETIME")
                   .set("cert_cpa_expiry_date", "")
                   .set("cert_cpa_renewal_date", "2099-01-01")
                   .set("image_hash", "")
                   .add("CPL-000004", "00000004")
                   .set("cert_zigbee_number", "")
                   .set("cert_zigbee_issue_date", "")
                   .set("cert_zigbee_match", "")) == 1);
  CHECK_THAT(desk.printed(),
             Catch::Contains("row 3: ") && Catch::Contains("certificate-validity-too-long") &&
                 Catch::Contains("row 4: ") && Catch::Contains("image-hash-missing") &&
                 Catch::Contains("row 5: ") && Catch::Contains("certificate-missing") &&
                 !Catch::Contains("row 2: ") && Catch::Contains("3 errors; nothing was prepared"));
  CHECK_FALSE(std::filesystem::exists(desk.path_of("out")));
  CHECK(import(lasting(Sheet())) == 0);
  CHECK_THAT(desk.printed(), Catch::Contains("1 addition in"));
}

TEST_CASE("clerk: a list and statements are judged by the registry that is named") {
  Desk desk;
  std::size_t submitted = 0;
  bool is_refused = true;
  const Error known{Errc::conflict, "model-already-listed", "it is on the list since entry 4", 3};
  const auto server = Server::start({}, [&](const HttpRequest& request, const HttpReply& reply) {
                        submitted += request.target != "/v1/statements/check" ? 1 : 0;
                        reply(is_refused ? problem_response(known, "https://cpl.example/problems/")
                                         : text_response(200, "application/json", "{}"));
                      }).value();
  const std::string url = "http://127.0.0.1:" + std::to_string(server->port());
  const auto list = desk.put("list.csv", Sheet().text());
  CHECK(desk.run({"import", list, "--origin", test_origin, "--server", url, "--out",
                  desk.path_of("out")}) == 1);
  CHECK_THAT(desk.printed(), Catch::Contains("row 2: error: ") &&
                                 Catch::Contains("it is on the list since entry 4"));
  const auto statement = desk.put("a.stmt", statement_of(addition_of()));
  CHECK(desk.run({"submit", statement, "--dry-run", "--server", url}) == 1);
  CHECK_THAT(desk.printed(), Catch::Contains("0 of 1 statement would be accepted"));
  is_refused = false;
  CHECK(desk.run({"submit", statement, "--dry-run", "--server", url}) == 0);
  CHECK(desk.run({"import", list, "--origin", test_origin, "--server", url, "--out",
                  desk.path_of("out")}) == 0);
  CHECK(submitted == 0);
}

TEST_CASE("clerk: where the registry is away, a list is prepared and the lack is told") {
  Desk desk;
  CHECK(desk.run({"import", desk.put("list.csv", Sheet().text()), "--origin", test_origin,
                  "--server", "http://127.0.0.1:1", "--out", desk.path_of("out")}) == 0);
  CHECK_THAT(desk.printed(), Catch::Contains("the charter's rules were not checked"));
}

TEST_CASE("clerk: mistakes of one kind are one line with their rows, the rarest first") {
  Desk desk;
  Sheet sheet;
  for (int i = 2; i < 12; ++i) {
    sheet.add("CPL-0000" + std::to_string(10 + i), "000000" + std::to_string(10 + i))
        .set("cert_cpa_issue_date", "01/02/2020");
  }
  sheet.set("manufacturer_id", "10Z3");
  const auto list = desk.put("list.csv", sheet.text());
  const Words words = {"import", list, "--origin", test_origin, "--out", desk.path_of("out")};
  CHECK(desk.run(words) == 1);
  const std::string said = desk.printed();
  CHECK_THAT(said, Catch::Contains("rows 3-12, cert_cpa_issue_date") &&
                       Catch::Contains("(and 9 more of this kind)"));
  CHECK(said.find("row 12") < said.find("rows 3-12"));
  Words one = words;
  one.insert(one.end(), {"--max-errors", "1"});
  CHECK(desk.run(one) == 1);
  CHECK_THAT(desk.printed(), !Catch::Contains("rows 3-12") && Catch::Contains("--max-errors"));
}

TEST_CASE("clerk: the columns are listed, and an empty list holds all of them") {
  Desk desk;
  CHECK(desk.run({"import", "--columns"}) == 0);
  CHECK_THAT(desk.printed(),
             Catch::Contains("* manufacturer_id\n") && Catch::Contains("  cert_cpa_number\n"));
  const std::string file = desk.path_of("new.csv");
  CHECK(desk.run({"import", "--template", file}) == 0);
  CHECK(desk.run({"import", file, "--origin", test_origin, "--out", desk.path_of("out")}) == 1);
  CHECK_THAT(desk.printed(), Catch::Contains("has no row of a model"));
}

TEST_CASE("clerk: dates and matches that the list leaves open are said once") {
  Desk desk;
  Sheet sheet = lasting(Sheet());
  sheet.set("cert_cpa_issue_date", "01/02/2020").set("cert_cpa_match", "");
  const auto list = desk.put("list.csv", sheet.text());
  Words words = {"import", list, "--origin", test_origin, "--out", desk.path_of("out")};
  CHECK(desk.run(words) == 1);
  words.insert(words.end(), {"--dates", "DMY", "--match", "exact"});
  CHECK(desk.run(words) == 0);
  CHECK(desk.run({"show", desk.path_of("out")}) == 0);
  std::string statement;
  for (const auto& file : std::filesystem::directory_iterator(desk.path_of("out"))) {
    std::ifstream in(file.path());
    statement.assign(std::istreambuf_iterator<char>(in), {});
  }
  CHECK_THAT(statement, Catch::Contains("2020-02-01"));
}

TEST_CASE("clerk: a column that is nearly ours is asked about, and kept if it is meant") {
  Desk desk;
  Sheet sheet = lasting(Sheet());
  sheet.set("fir_nots", "by telephone");
  const auto list = desk.put("list.csv", sheet.text());
  Words words = {"import", list, "--origin", test_origin, "--out", desk.path_of("out")};
  CHECK(desk.run(words) == 1);
  CHECK_THAT(desk.printed(), Catch::Contains("did you mean fir_notes?"));
  words.insert(words.end(), {"--keep-column", "fir_nots"});
  CHECK(desk.run(words) == 0);
}

}  // namespace cpl::testing::clerk_run_test
