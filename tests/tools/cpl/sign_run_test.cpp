// `cpl sign`, `cpl show` and what the commands save: nobody signs unseen or in a wrong role, and
// nothing that is there is written over unasked.
#include <fstream>

#include "api/server/server.hpp"
#include "tests/api/routes/api_fixture.hpp"
#include "tests/tools/cpl/program_run.hpp"

namespace cpl::testing::sign_run_test {

using namespace std::chrono_literals;

namespace {

struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

Bytes content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Two registrar keys must sign here, and two of three Panel keys.
Charter two_of_each() {
  Charter charter = small_charter();
  charter.roles[Role::registrar] = {2, {signer_of("r1").verifier(), signer_of("r2").verifier()}};
  charter.roles[Role::panel] = {
      2, {signer_of("p1").verifier(), signer_of("p2").verifier(), signer_of("p3").verifier()}};
  return charter;
}

constexpr auto owner_only =
    std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

class Desk {
 public:
  Desk() {
    Note charter{format_statement({log_origin, start_time, two_of_each()}), {}};
    sign_note(charter, signer_of("p1"));
    sign_note(charter, signer_of("p2"));
    registry_.log.append({format_note(charter)});
    registry_.log.clock.set(SystemClock().now());  // As that of the commands.
    for (const char* name : {"r1", "r2", "p1", "stranger"}) {
      put(std::string(name) + ".key", signer_of(name).to_key_file());
    }
    ServerOptions options;
    options.threads = 1;
    server_ = Server::start(options, [this](HttpRequest request, const HttpReply& reply) {
                registry_.api->handle(std::move(request), reply);
              }).value();
  }

  // A model that is on the list, and what it may be upgraded from.
  void list(std::uint64_t number, std::vector<ModelId> predecessors = {}) {
    DeviceModel model = small_model(number);
    model.predecessors = std::move(predecessors);
    Note addition{format_statement({log_origin, start_time, Addition{model, start_time}}), {}};
    sign_note(addition, signer_of("r1"));
    sign_note(addition, signer_of("r2"));
    registry_.log.append({format_note(addition)});
  }

  std::filesystem::path at(const std::string& name) const { return folder_.path() / name; }
  void put(const std::string& name, const Bytes& content) const {
    std::ofstream(at(name), std::ios::binary) << content;
    std::filesystem::permissions(at(name), owner_only);
  }
  Bytes has(const std::string& name) const { return content_of(at(name)); }
  std::string server() const {
    return " --server http://127.0.0.1:" + std::to_string(server_->port());
  }

  // The words as a shell reads them, in the desk's folder.
  Ran cpl(const std::string& words) const { return shell("", words); }
  Ran shell(const std::string& before, const std::string& words) const {
    ProgramRun program({"/bin/sh", "-c",
                        "cd '" + folder_.path().string() + "' && exec " + before +
                            " '" CPL_PROGRAM "' " + words + " >out.txt 2>err.txt </dev/null"},
                       at("shell.txt"));
    const auto status = program.status_within(60s);
    REQUIRE(status);
    return {*status, has("out.txt"), has("err.txt")};
  }

 private:
  TestApi registry_;
  TemporaryFolder folder_;
  std::unique_ptr<Server> server_;
};

Bytes addition(std::uint64_t number) {
  return format_statement({log_origin, start_time, Addition{small_model(number), start_time}});
}

bool says(const std::string& text, const std::string& what) {
  INFO(text);
  return text.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("sign: a key of another role, or of nobody, does not sign unless it is forced to") {
  const Desk desk;
  for (const std::string key : {"p1", "stranger"}) {
    CAPTURE(key);
    desk.put("a.stmt", addition(1));
    const Ran refused = desk.cpl("sign a.stmt --key " + key + ".key" + desk.server());
    CHECK(refused.status == 1);
    CHECK(says(refused.err, "wrong-role"));
    CHECK(says(refused.err, key == "p1" ? "is a Panel key; this addition is signed by the registrar"
                                        : "is no key of the charter"));
    CHECK(desk.has("a.stmt") == addition(1));
    CHECK(desk.cpl("sign a.stmt --force --key " + key + ".key" + desk.server()).status == 0);
    CHECK(says(desk.has("a.stmt"), "\u2014 " + key + " "));
  }
}

TEST_CASE("sign: a removal that leaves devices nowhere to go is signed by who names the model") {
  Desk desk;
  desk.list(1);
  desk.list(2, {small_id(1)});
  const Bytes decision =
      format_statement({log_origin, start_time, the_decision({small_id(1), small_id(2)})});
  desk.put("d.stmt", decision);
  const Ran shown = desk.cpl("show d.stmt" + desk.server());
  CHECK(says(shown.out, "NO LISTED SUCCESSOR"));
  const std::string sign = "sign d.stmt --key p1.key" + desk.server();
  const std::vector<std::string> not_enough = {"", " --yes", " --force",
                                               " --without-successor " + small_id(1).text()};
  for (const std::string& named : not_enough) {
    CAPTURE(named);
    const Ran refused = desk.cpl(sign + named);
    CHECK(refused.status == 1);
    CHECK(says(refused.err, "no-listed-successor"));
    CHECK(says(refused.err, small_id(2).text()));
    CHECK(desk.has("d.stmt") == decision);
  }
  CHECK(desk.cpl(sign + " --without-successor " + small_id(1).text() + " " + small_id(2).text())
            .status == 0);
  CHECK(says(desk.has("d.stmt"), "\u2014 p1 "));
}

TEST_CASE("sign: a removal whose devices can go on to listed firmware needs no more words") {
  Desk desk;
  desk.list(1);
  desk.list(2, {small_id(1)});
  desk.put("d.stmt", format_statement({log_origin, start_time, the_decision({small_id(1)})}));
  const Ran signed_one = desk.cpl("sign d.stmt --key p1.key" + desk.server());
  CHECK(signed_one.status == 0);
  CHECK(says(signed_one.err, "listed successors: " + small_id(2).text()));
}

TEST_CASE("sign: one of many that needs another role keeps all from being signed") {
  const Desk desk;
  std::filesystem::create_directory(desk.at("many"));
  desk.put("many/1.stmt", addition(1));
  desk.put("many/2.stmt", format_statement({log_origin, start_time, the_decision({small_id(1)})}));
  CHECK(desk.cpl("sign many --key r1.key" + desk.server()).status == 1);
  CHECK(desk.has("many/1.stmt") == addition(1));
}

TEST_CASE("sign: what is signed is shown, and who is still missing") {
  const Desk desk;
  desk.put("a.stmt", addition(1));
  const Ran first = desk.cpl("sign a.stmt --key r1.key" + desk.server());
  CHECK(first.status == 0);
  CHECK(says(first.err, small_id(1).text()));
  CHECK(says(first.err, "0 of 2 registrar signatures"));
  CHECK(says(first.out, "1 of 2 registrar signatures, verified: r1"));
  CHECK(says(first.out, "submit when 1 more has signed"));
  const Ran second = desk.cpl("sign a.stmt --key r2.key" + desk.server());
  CHECK(says(second.out, "2 of 2 registrar signatures, verified: r1, r2"));
  CHECK(says(second.out, "nothing is missing"));
}

TEST_CASE("sign: several keys sign in one go, or none of them where one may not") {
  const Desk desk;
  desk.put("a.stmt", addition(1));
  CHECK(desk.cpl("sign a.stmt --key r1.key --key p1.key" + desk.server()).status == 1);
  CHECK(desk.has("a.stmt") == addition(1));
  const Ran both = desk.cpl("sign a.stmt -k r1.key -k r2.key" + desk.server());
  CHECK(both.status == 0);
  CHECK(says(both.out, "signed by r1, r2"));
  CHECK(says(both.out, "nothing is missing"));
}

TEST_CASE("sign: a private key that others can read is refused, with what to do") {
  const Desk desk;
  desk.put("a.stmt", addition(1));
  std::filesystem::permissions(desk.at("r1.key"), std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const Ran refused = desk.cpl("sign a.stmt --key r1.key" + desk.server());
  CHECK(refused.status == 1);
  CHECK(says(refused.err, "chmod 600"));
  CHECK(desk.has("a.stmt") == addition(1));
}

TEST_CASE("show: whoever names a key sees whether the statement waits for it") {
  const Desk desk;
  desk.put("a.stmt", addition(1));
  const auto you = [&](const std::string& key) {
    return desk.cpl("show a.stmt --key " + key + desk.server()).out;
  };
  CHECK(says(you("r1.key"), "you: r1, a registrar key; you have not signed"));
  CHECK(says(you("p1.key"), "you: p1, a Panel key; this is not yours to sign"));
  CHECK(says(you("stranger.key"), "you: stranger, no key of the charter; this is not yours"));
  CHECK(says(desk.cpl("sign a.stmt --key r1.key" + desk.server()).err, "you: r1, a registrar key"));
  CHECK(says(you("r1.key"), "you: r1, a registrar key; you have signed"));
  desk.put("r2.key.pub", signer_of("r2").verifier().to_string() + "\n");
  CHECK(says(you("r2.key"), "you: r2, a registrar key; you have not signed"));
}

TEST_CASE("sign: a key with a pass phrase signs with that and with no other") {
  const Desk desk;
  desk.put("a.stmt", addition(1));
  const std::string with = "env CPL_PASS_PHRASE=";
  CHECK(desk.shell(with + "'four plain words'", "key lock r1.key --out locked.key").status == 0);
  CHECK(says(desk.has("locked.key"), "name: r1\n-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  CHECK(says(desk.has("locked.key.pub"), "r1+"));
  const std::string sign = "sign a.stmt --key locked.key" + desk.server();
  CHECK(says(desk.cpl(sign).err, "pass-phrase-missing"));
  CHECK(says(desk.shell(with + "'four other words'", sign).err, "pass-phrase-wrong"));
  CHECK(desk.has("a.stmt") == addition(1));
  CHECK(desk.shell(with + "'four plain words'", sign).status == 0);
  CHECK(says(desk.has("a.stmt"), "\u2014 r1 "));
  const std::string create = "key create --name n --pass-phrase --out n.key";
  CHECK(says(desk.shell(with + "short", create).err, "at least 8 octets"));
  CHECK_FALSE(std::filesystem::exists(desk.at("n.key")));
  CHECK(desk.shell(with + "'four plain words'", create).status == 0);
}

TEST_CASE("at a time: the list and the log as they were, by a time or a day") {
  const Desk desk;
  const std::string server = desk.server() + " --json";
  CHECK(says(desk.cpl("list --at-time 2020-01-01" + server).out, "\"log_size\": 0"));
  CHECK(says(desk.cpl("list --at-time 2099-01-01" + server).out, "\"log_size\": 1"));
  CHECK(says(desk.cpl("list --at-time soon" + server).err, "is not a time such as"));
  CHECK(desk.cpl("list --at-time 2020-01-01 --at-size 1" + server).status == 2);
  CHECK(says(desk.cpl("log --until 2020-01-01" + desk.server()).out, "0 entries"));
  CHECK(says(desk.cpl("log --statement-type CHARTER" + desk.server()).out, "1 entry"));
  CHECK(says(desk.cpl("diff 2020-01-01" + desk.server()).out, "nothing changed on the list"));
}

TEST_CASE("sign: no signature joins one that does not verify") {
  const Desk desk;
  Note note = *parse_note(sign(Addition{small_model(1), start_time}, signer_of("r1")));
  note.signatures[0].signature.back() = static_cast<char>(note.signatures[0].signature.back() ^ 1);
  desk.put("a.stmt", format_note(note));
  const Ran ran = desk.cpl("sign a.stmt --key r2.key" + desk.server());
  CHECK(ran.status == 1);
  CHECK(says(ran.err, "signature-invalid"));
  CHECK(desk.has("a.stmt") == format_note(note));
}

TEST_CASE("sign: it needs no server, and says what it could not check") {
  const Desk desk;
  desk.put("a.stmt", addition(1));
  CHECK(says(desk.cpl("sign a.stmt --key p1.key").err, "not verified"));
  const Ran unreachable = desk.cpl("sign a.stmt --key r1.key --server http://127.0.0.1:1");
  CHECK(unreachable.status == 0);
  CHECK(says(unreachable.err, "no signature and no role is checked"));
}

TEST_CASE("show: a folder has a line for each statement, with who signed it") {
  const Desk desk;
  std::filesystem::create_directory(desk.at("many"));
  Note both = *parse_note(sign(Addition{small_model(1), start_time}, signer_of("r1")));
  sign_note(both, signer_of("r2"));
  sign_note(both, signer_of("stranger"));
  desk.put("many/1.stmt", format_note(both));
  desk.put("many/2.stmt", addition(2));
  const Ran ran = desk.cpl("show many" + desk.server());
  CHECK(ran.status == 0);
  CHECK(says(ran.out, "1.stmt  added " + small_id(1).text() +
                          "; 2 of 2 registrar signatures, verified: r1, r2; of no key of the "
                          "charter: stranger"));
  CHECK(says(ran.out, "2.stmt  added " + small_id(2).text() + "; 0 of 2 registrar signatures"));
  CHECK(says(ran.out, "2 statements; 1 with all signatures; 1 with 2 signatures missing"));
  CHECK(says(desk.cpl("show nosuch.stmt").err, "no file or folder here"));
}

TEST_CASE("save: what is there is not written over, by any command, unless --force says so") {
  const Desk desk;
  desk.put("log.pub", signer_of(log_origin).verifier().to_string() + "\n");
  desk.put("p1.pub", signer_of("p1").verifier().to_string() + "\n");
  desk.put("d.txt", "SEC Panel\n");
  const std::string origin = " --origin " + log_origin;
  const std::string keys =
      " --panel p1.pub --panel-threshold 1 --registrar p1.pub "
      "--registrar-threshold 1 --service-desk p1.pub ";
  const std::string decision =
      "decision --meeting M1 --date 2026-05-20 --item 1 --ordinal 1 --verb AGREED --text words" +
      origin;
  const std::string model = small_id(1).text();
  for (const std::string& command : std::vector<std::string>{
           decision, "notice " + model + " --decision 4" + origin,
           "remove " + model + " --notice 5 --dcc-status withdrawn" + origin,
           "reinstate " + model + " --decision 4" + origin,
           "certificate " + model + " --scheme zigbee --event expired --date 2026-05-01" + origin,
           "key policy log.pub", "sample --limit 2 --seed 1"}) {
    CAPTURE(command);
    desk.put("kept", "what was there");
    const Ran refused = desk.cpl(command + " --out kept");
    CHECK(refused.status == 1);
    CHECK(says(refused.err, "file-exists"));
    CHECK(desk.has("kept") == "what was there");
    const Ran forced = desk.cpl(command + " --out kept --force");
    CHECK(says(forced.err, ""));
    CHECK(forced.status == 0);
    CHECK(desk.has("kept") != "what was there");
    // On standard output the content stands alone, so that it can be passed on.
    const Ran printed = desk.cpl(command + " --out -");
    CHECK(printed.status == 0);
    CHECK(printed.out.substr(0, 17) == desk.has("kept").substr(0, 17));
    CHECK(printed.out.find(", to be signed") == std::string::npos);
  }
}

TEST_CASE("save: a secret is never printed, and never written over") {
  const Desk desk;
  for (const std::string command : {"key create --name a", "key notice"}) {
    CAPTURE(command);
    const Ran printed = desk.cpl(command + " --out -");
    CHECK(printed.status == 1);
    CHECK(says(printed.err, "secret-not-printed"));
    CHECK(printed.out.empty());
    CHECK_FALSE(std::filesystem::exists(desk.at("-.pub")));
    desk.put("a.key", "a key");
    CHECK(desk.cpl(command + " --force --out a.key").status == 1);
    CHECK(desk.has("a.key") == "a key");
  }
  CHECK(desk.cpl("decision --ex-committee X --date 2026-05-20 --verb AGREED --text w --sealed "
                 "--out - --origin o")
            .status != 0);
  CHECK_FALSE(std::filesystem::exists(desk.at("-.seals")));
}

TEST_CASE("prepare: what the registry would refuse is told before anybody signs") {
  const Desk desk;
  const std::string origin = " --origin " + log_origin + desk.server();
  const std::string model = small_id(1).text();
  desk.put("model.json", to_json(small_model(1)).dump());
  const std::vector<std::pair<std::string, std::string>> refusals = {
      {"decision-not-found", "notice " + model + " --decision 0"},
      {"notice-not-found", "remove " + model + " --notice 0 --dcc-status withdrawn"},
      {"model-not-listed", "reinstate " + model + " --decision 0"},
      {"model-not-listed", "correct model.json --reason typing"},
      {"model-not-listed",
       "certificate " + model + " --scheme zigbee --event expired --date 2026-05-01"},
      {"verb-does-not-authorise",
       "decision --meeting M1 --date 2026-05-20 --item 1 --ordinal 1 --verb NOTED --text words "
       "--remove " +
           model}};
  for (const auto& [code, command] : refusals) {
    CAPTURE(command);
    const Ran refused = desk.cpl(command + " --out a.stmt" + origin);
    CHECK(refused.status == 1);
    CHECK(says(refused.err, "(" + code));
    CHECK_FALSE(std::filesystem::exists(desk.at("a.stmt")));
    CHECK(desk.cpl(command + " --force --out a.stmt" + origin).status == 0);
    std::filesystem::remove(desk.at("a.stmt"));
  }
  CHECK(desk.cpl("add model.json --out a.stmt" + origin).status == 0);
  // With no registry to ask, it is prepared, and said not to be checked.
  const Ran unasked = desk.cpl("notice " + model + " --decision 0 --out b.stmt --origin " +
                               log_origin + " --server http://127.0.0.1:1");
  CHECK(unasked.status == 0);
  CHECK(says(unasked.err, "the registry could not be asked"));
}

}  // namespace cpl::testing::sign_run_test
