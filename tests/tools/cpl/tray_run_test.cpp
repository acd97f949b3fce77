// `cpl tray` at a registry, and at one that lies: several people sign one statement without
// meeting, and each signs what they were shown.
#include <fstream>

#include "tests/support/shared_signing.hpp"
#include "tests/tools/cpl/client_scene.hpp"

namespace cpl::testing::tray_run_test {
namespace {

using Tell = std::function<ProxyAnswer(const ProxyRequest&, const ProxyAnswer&)>;

struct Ran {
  int status = -1;
  std::string printed;
};

constexpr auto owner_only =
    std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

// Two registrars with an account each, who only meet at the registry.
class Office {
 public:
  Office() {
    registry_.log.append({shared_charter_note()});
    registry_.log.clock.set(SystemClock().now());
    for (const char* name : {"r1", "r2", "p1"}) {
      put(std::string(name) + ".key", signer_of(name).to_key_file());
    }
    put("a.stmt", half_signed(1, {"r1"}));
    open();
    proxy_.emplace([this](const ProxyRequest& request) {
      const std::lock_guard lock(registry_mutex());
      const ProxyAnswer truth = answer(request);
      return tell ? tell(request, truth) : truth;
    });
  }

  void put(const std::string& name, const Bytes& content) const {
    std::ofstream(folder_.path() / name, std::ios::binary) << content;
    std::filesystem::permissions(folder_.path() / name, owner_only);
  }
  // The words as a shell reads them; the server is in the environment.
  Ran cpl(const std::string& words, const std::string& token = "first") {
    const auto printed = folder_.path() / "printed";
    std::filesystem::remove(printed);
    ProgramRun run(
        {"/bin/sh", "-c",
         "cd '" + folder_.path().string() + "' && exec env CPL_TOKEN='" + token +
             "' CPL_SERVER=" + proxy_->url() + " '" CPL_PROGRAM "' " + words + " </dev/null"},
        printed);
    const auto status = run.status_within(std::chrono::seconds(60));
    REQUIRE(status);
    std::ifstream in(printed);
    return {*status, {std::istreambuf_iterator<char>(in), {}}};
  }
  std::string put_id(const std::string& more = "") {
    const Ran ran = cpl("--json tray put a.stmt" + more);
    INFO(ran.printed);
    REQUIRE(ran.status == 0);
    return Json::parse(ran.printed.substr(ran.printed.find('{')))["id"].get<std::string>();
  }
  std::uint64_t size() {
    const std::lock_guard lock(registry_mutex());
    return registry_.log.view()->size().value;
  }

  Tell tell;  // Instead of the truth; under the registry's lock.

 private:
  void open() {
    store_party(kept_, "first", "first");
    store_party(kept_, "second", "second");
    store_party(kept_, "panel", "panel");
    ApiOptions options = api_options();
    options.parties = PartyBook::open(kept_, registry_.log.clock, {}).value();
    options.tray = TrayBook::open(kept_, registry_.log.clock, {}).value();
    options.tray_holders = {
        {"first", Role::registrar}, {"second", Role::registrar}, {"panel", Role::panel}};
    registry_.api = std::make_unique<Api>(*registry_.log, *registry_.sequencer, *registry_.notifier,
                                          registry_.log.clock, std::move(options));
  }
  ProxyAnswer answer(const ProxyRequest& request) {
    const std::map<std::string, HttpMethod> methods = {
        {"GET", HttpMethod::get}, {"POST", HttpMethod::post}, {"DELETE", HttpMethod::delete_}};
    const HttpResponse response = registry_.send_with(methods.at(request.method), request.target,
                                                      request.headers, request.body);
    return {response.status, header(response, "Content-Type"),
            response.body ? *response.body : Bytes()};
  }

  TestApi registry_;
  MemoryStore kept_;
  TemporaryFolder folder_;
  std::optional<LyingProxy> proxy_;
};

bool says(const Ran& ran, const std::string& what) {
  INFO(ran.printed);
  return ran.printed.find(what) != std::string::npos;
}

// Another statement in the place of the one that is asked for, told of as if it were that.
ProxyAnswer swapped(ProxyAnswer truth, const Bytes& note, bool with_its_id) {
  return with_json(std::move(truth), [&](Json& json) {
    if (!json.contains("note")) return;
    json["note"] = note;
    if (with_its_id) json["statement"] = to_hex(statement_id(parse_note(note).value().text));
  });
}

}  // namespace

TEST_CASE("tray run: two people sign in turn, and the last signature enters the statement") {
  Office office;
  const std::string id = office.put_id(" --submit");
  const Ran listed = office.cpl("tray list --key r2.key", "second");
  CHECK(listed.status == 0);
  CHECK(says(listed, id));
  CHECK(says(listed, "yours to sign"));
  CHECK(says(listed, "signed by r1; waits for r2"));
  CHECK_FALSE(says(office.cpl("tray list --key r1.key"), "yours to sign"));
  const Ran shown = office.cpl("tray show " + id, "second");
  CHECK(says(shown, small_id(1).text()));
  CHECK(says(shown, "1 of 2 registrar signatures, verified: r1"));
  const Ran done = office.cpl("tray sign " + id + " --key r2.key", "second");
  CHECK(done.status == 0);
  CHECK(says(done, small_id(1).text()));  // Shown before it is signed.
  CHECK(says(done, "2 of 2 registrar signatures"));
  CHECK(office.size() == 2);
  CHECK(says(office.cpl("tray list"), "in the log, entry 1"));
}

TEST_CASE("tray run: without that wish it is complete, and somebody submits it") {
  Office office;
  const std::string id = office.put_id();
  CHECK(says(office.cpl("tray submit " + id), "signatures-missing"));
  REQUIRE(office.cpl("tray sign " + id + " --key r2.key", "second").status == 0);
  CHECK(office.size() == 1);
  CHECK(says(office.cpl("tray list"), "complete: cpl tray submit " + id));
  CHECK(office.cpl("tray submit " + id).status == 0);
  CHECK(office.size() == 2);
}

TEST_CASE("tray run: what was put there is withdrawn, and is not there for another role") {
  Office office;
  const std::string id = office.put_id();
  CHECK(says(office.cpl("tray show " + id, "panel"), "tray-statement-not-found"));
  CHECK(says(office.cpl("tray list", "panel"), "nothing waits"));
  CHECK(says(office.cpl("tray withdraw " + id, "second"), "tray-not-yours"));
  CHECK(office.cpl("tray withdraw " + id).status == 0);
  CHECK(says(office.cpl("tray list"), "nothing waits"));
}

TEST_CASE("tray run: a key of another role signs nothing there") {
  Office office;
  const std::string id = office.put_id();
  const Ran refused = office.cpl("tray sign " + id + " --key p1.key", "second");
  CHECK(refused.status == 1);
  CHECK(says(refused, "wrong-role"));
  const Ran unsigned_one = office.cpl("tray put b.stmt");
  CHECK(unsigned_one.status != 0);
}

TEST_CASE("tray run: a registry that swaps the text is found out before anything is signed") {
  Office office;
  const std::string id = office.put_id();
  const Bytes other = half_signed(2, {"r1"});
  std::size_t sent = 0;
  bool with_its_id = false;
  office.tell = [&](const ProxyRequest& request, const ProxyAnswer& truth) {
    if (request.method == "POST") ++sent;
    return request.method == "GET" ? swapped(truth, other, with_its_id) : truth;
  };
  const Ran refused = office.cpl("tray sign " + id + " --key r2.key", "second");
  CHECK(refused.status == 1);
  CHECK(says(refused, "evidence-mismatch"));
  CHECK(sent == 0);
  // Under the other's own id it is another statement: shown as that, and refused to whoever says
  // which one they saw.
  with_its_id = true;
  const std::string seen = to_hex(statement_id(
      format_statement({log_origin, start_time, Addition{small_model(1), start_time}})));
  const Ran bound = office.cpl("tray sign " + id + " --key r2.key --statement " + seen, "second");
  CHECK(bound.status == 1);
  CHECK(says(bound, "evidence-mismatch"));
  CHECK(sent == 0);
  CHECK(says(office.cpl("tray show " + id, "second"), small_id(2).text()));
}

TEST_CASE("tray run: an answer of another text, or without one's signature, is told") {
  Office office;
  const std::string id = office.put_id();
  const std::string sign = "tray sign " + id + " --key r2.key";
  office.tell = [&](const ProxyRequest& request, const ProxyAnswer& truth) {
    return request.method == "POST" ? swapped(truth, half_signed(2, {"r1", "r2"}), true) : truth;
  };
  CHECK(says(office.cpl(sign, "second"), "another text than the one that was sent"));
  office.tell = [&](const ProxyRequest& request, const ProxyAnswer& truth) {
    if (request.method != "POST") return swapped(truth, half_signed(1, {"r1"}), false);
    return swapped({200, "application/json", truth.body}, half_signed(1, {"r1"}), false);
  };
  const Ran again = office.cpl("tray put a.stmt");
  CHECK(again.status != 0);
}

TEST_CASE(
    "tray run: lines that the registry adds are shown as nobody's, and a forged one is told") {
  Office office;
  const std::string id = office.put_id();
  Note more = parse_note(half_signed(1, {"r1", "stranger"})).value();
  office.tell = [&](const ProxyRequest& request, const ProxyAnswer& truth) {
    return request.method == "GET" ? swapped(truth, format_note(more), false) : truth;
  };
  CHECK(says(office.cpl("tray show " + id), "of no key of the charter: stranger"));
  more = parse_note(half_signed(1, {"r1"})).value();
  Note forged = parse_note(half_signed(2, {"r2"})).value();
  more.signatures.push_back(forged.signatures.front());
  CHECK(says(office.cpl("tray show " + id), "signature-invalid"));
}

}  // namespace cpl::testing::tray_run_test
