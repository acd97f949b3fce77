// The tray over the API: who sees what, what signs itself in, what is journaled and mailed.
#include "tests/api/routes/api_fixture.hpp"
#include "tests/support/shared_signing.hpp"

namespace cpl::testing::tray_test {
namespace {

constexpr std::string_view secas_token = "the token of the registrars";
constexpr std::string_view second_token = "the token of a second registrar";
constexpr std::string_view panel_token = "the token of the Panel";
const std::string tray = "/v1/tray";
const Bytes bare = format_statement({log_origin, start_time, Addition{small_model(1), start_time}});

class Tray : public TestApi {
 public:
  Tray() {
    log.append({shared_charter_note()});
    open();
  }
  // As after a restart: only what is stored is known.
  void open() {
    channel = std::make_unique<MailChannel>(
        [this](OutgoingMail mail, const Transport::Done& done) {
          mails.push_back(std::move(mail));
          Delivered taken;
          taken.status = 250;
          done(std::move(taken));
        },
        log.clock,
        MailChannelOptions{
            {"CPL notices", address("notices@cpl.example"), "changes", log_origin},
            {},
            address("bounces@cpl.example"),
            [](const std::string&, const std::string&) { return "https://cpl.example/u/1"; }});
    ApiOptions options = api_options();
    for (const auto& [name, token] : accounts) store_party(kept, name, token);
    auto parties = PartyBook::open(kept, log.clock, {});
    REQUIRE(parties);
    options.parties = *std::move(parties);
    auto opened = TrayBook::open(kept, log.clock, {});
    REQUIRE(opened);
    options.tray = *std::move(opened);
    options.tray_holders = {{"secas", Role::registrar, address("secas@cpl.example")},
                            {"second", Role::registrar, address("second@cpl.example")},
                            {"panel", Role::panel, address("panel@cpl.example")}};
    options.mail = channel.get();
    options.journal = std::make_shared<Journal>(folder_.path() / "journal.ndjson", log.clock,
                                                [](const std::string&) {});
    api = std::make_unique<Api>(*log, *sequencer, *notifier, log.clock, std::move(options));
  }
  static MailAddress address(const std::string& text) { return MailAddress::parse(text).value(); }

  HttpResponse put(const Bytes& note, const std::string& query = "",
                   std::string_view token = secas_token) {
    return send(HttpMethod::post, tray + query, note, token);
  }
  HttpResponse sign(const std::string& id, const Bytes& note,
                    std::string_view token = second_token) {
    return send(HttpMethod::post, tray + "/" + id + "/signatures", note, token);
  }
  HttpResponse read(const std::string& target, std::string_view token = secas_token) {
    return send(HttpMethod::get, target, {}, token);
  }
  Json row(const std::string& id, std::string_view token = secas_token) {
    const HttpResponse response = read(tray + "/" + id, token);
    INFO(*response.body);
    REQUIRE(response.status == 200);
    return Json::parse(*response.body);
  }
  std::string put_id(const Bytes& note, const std::string& query = "") {
    const HttpResponse made = put(note, query);
    INFO(*made.body);
    REQUIRE(made.status == 201);
    const Json json = Json::parse(*made.body);
    CHECK(header(made, "Location") == tray + "/" + json["id"].get<std::string>());
    return json["id"].get<std::string>();
  }

  std::vector<std::pair<std::string, std::string_view>> accounts = {{"secas", secas_token},
                                                                    {"second", second_token},
                                                                    {"panel", panel_token},
                                                                    {"party", party_token}};
  MemoryStore kept;
  std::vector<OutgoingMail> mails;
  std::unique_ptr<MailChannel> channel;

 private:
  TemporaryFolder folder_;
};

Json body_of(const HttpResponse& response, unsigned status) {
  INFO(*response.body);
  REQUIRE(response.status == status);
  return Json::parse(*response.body);
}

}  // namespace

TEST_CASE("tray: who has signed, who can, and the statement itself are shown to the role") {
  Tray registry;
  const std::string id = registry.put_id(half_signed(1, {"r1"}));
  for (const std::string_view token : {secas_token, second_token}) {
    const Json shown = registry.row(id, token);
    CHECK(shown["note"] == half_signed(1, {"r1"}));
    CHECK(shown["statement"] == to_hex(statement_id(bare)));
    CHECK(shown["type"] == "addition");
    CHECK(shown["state"] == "waiting");
    CHECK(shown["put_by"] == "secas");
    CHECK(shown["yours"] == (token == secas_token));
    CHECK(shown["signers"][0]["signed_by"] == Json{"r1"});
    CHECK(shown["signers"][0]["can_sign"] == Json{"r2"});
  }
  CHECK(body_of(registry.read(tray), 200)["statements"].size() == 1);
}

TEST_CASE("tray: a holder of another role, and a guess, are answered alike") {
  Tray registry;
  const std::string id = registry.put_id(half_signed(1, {"r1"}));
  const std::string guess = "tray_00000000000000000000000000000000";
  for (const std::string_view token : {panel_token, party_token}) {
    CAPTURE(token);
    CHECK(body_of(registry.read(tray, token), 200)["statements"].empty());
    CHECK(*registry.read(tray + "/" + id, token).body ==
          *registry.read(tray + "/" + guess, token).body);
    problem(registry.read(tray + "/" + id, token), 404);
    const Bytes more = half_signed(1, {"r2"});
    CHECK(*registry.sign(id, more, token).body == *registry.sign(guess, more, token).body);
    const auto withdraw = [&](const std::string& which) {
      return *registry.send(HttpMethod::delete_, tray + "/" + which, {}, token).body;
    };
    CHECK(withdraw(id) == withdraw(guess));
    CHECK(problem(registry.put(half_signed(2, {"r1"}), "", token), 403)["code"] ==
          "tray-role-not-held");
  }
  problem(registry.send(HttpMethod::get, tray, {}, "nobody's token"), 401);
  problem(registry.send(HttpMethod::get, tray), 401);
  CHECK(registry.row(id)["signers"][0]["signed_by"] == Json{"r1"});
}

TEST_CASE("tray: lines that are garbage are not kept, and without a good one nothing is added") {
  Tray registry;
  const std::string id = registry.put_id(half_signed(1, {"r1"}));
  Note garbage = parse_note(half_signed(1, {"r1", "stranger", "p1"})).value();
  for (int i = 0; i < 50; ++i) garbage.signatures.push_back({"x" + std::to_string(i), 7, "octets"});
  CHECK(problem(registry.sign(id, format_note(garbage)), 409)["code"] == "signature-known");
  Note good = parse_note(half_signed(1, {"r2"})).value();
  good.signatures.insert(good.signatures.end(), garbage.signatures.begin() + 1,
                         garbage.signatures.end());
  CHECK(body_of(registry.sign(id, format_note(good)), 200)["note"] == half_signed(1, {"r1", "r2"}));
}

TEST_CASE("tray: signatures under another text are refused") {
  Tray registry;
  const std::string id = registry.put_id(half_signed(1, {"r1"}));
  CHECK(problem(registry.sign(id, half_signed(2, {"r2"})), 409)["code"] == "tray-text-differs");
  CHECK(problem(registry.sign(id, half_signed(1, {"stranger"})), 403)["code"] ==
        "signature-missing");
  CHECK(problem(registry.put(bare), 400)["code"] == "note-malformed");
}

TEST_CASE("tray: it submits itself with the last signature where its preparer said so") {
  Tray registry;
  const std::string waits = registry.put_id(half_signed(1, {"r1"}));
  const std::string goes = registry.put_id(half_signed(2, {"r1"}), "?submits=true");
  CHECK(body_of(registry.sign(waits, half_signed(1, {"r2"})), 200)["state"] == "complete");
  body_of(registry.sign(goes, half_signed(2, {"r2"})), 200);
  CHECK(registry.row(waits)["state"] == "complete");
  const Json entered = registry.row(goes);
  CHECK(entered["state"] == "entered");
  CHECK(entered["entry"] == 1);
  CHECK(registry.log.view()->size().value == 2);
  CHECK(problem(registry.put(half_signed(2, {"r1"})), 409)["code"] == "tray-entered");
}

TEST_CASE("tray: what the rules refuse stays, with their reason") {
  Tray registry;
  REQUIRE(registry.post(half_signed(1, {"r1", "r2"})).status == 201);
  // Another statement about the same model.
  const Addition again{small_model(1), UnixMillis{start_time.value + 1000}};
  const std::string id = registry.put_id(signed_by(again, {"r1"}), "?submits=true");
  body_of(registry.sign(id, signed_by(again, {"r2"})), 200);
  const Json shown = registry.row(id);
  CHECK(shown["state"] == "complete");
  CHECK_FALSE(shown["refused"]["code"].get<std::string>().empty());
  CHECK(registry.log.view()->size().value == 2);
}

TEST_CASE("tray: after a restart it is all there, and what was complete is submitted") {
  Tray registry;
  const std::string id = registry.put_id(half_signed(1, {"r1"}), "?submits=true");
  auto book = TrayBook::open(registry.kept, registry.log.clock, {});
  REQUIRE(book);
  // The process ended between the signature and the entry.
  const CharterRecord charter{shared_charter(), EntryIndex{0}};
  REQUIRE((*book)->sign(id, {Role::registrar},
                        receive_tray_note(half_signed(1, {"r2"}), charter).value()));
  CHECK(registry.log.view()->size().value == 1);
  registry.open();
  registry.sequencer->run_once();
  CHECK(registry.row(id)["state"] == "entered");
}

TEST_CASE("tray: only who put it there withdraws it") {
  Tray registry;
  const std::string id = registry.put_id(half_signed(1, {"r1"}));
  const auto withdraw = [&](std::string_view token) {
    return registry.send(HttpMethod::delete_, tray + "/" + id, {}, token);
  };
  CHECK(problem(withdraw(second_token), 403)["code"] == "tray-not-yours");
  CHECK(withdraw(secas_token).status == 204);
  problem(registry.read(tray + "/" + id), 404);
}

TEST_CASE("tray: a mail says that something waits, to the others of the role, and nothing of it") {
  Tray registry;
  registry.put_id(half_signed(1, {"r1"}));
  REQUIRE(registry.mails.size() == 1);
  CHECK(registry.mails[0].to.text() == "second@cpl.example");
  const std::string& mail = registry.mails[0].content;
  CHECK(mail.find("waits for your signature") != mail.npos);
  for (const std::string& secret :
       {std::string("addition"), small_id(1).text(), std::string("tray_"), std::string("secas"),
        to_hex(statement_id(bare)).substr(0, 8)}) {
    CAPTURE(secret);
    CHECK(mail.find(secret) == mail.npos);
  }
  CHECK(mail.find("List-Id") == mail.npos);
  registry.put(half_signed(1, {"r2"}), "", second_token);  // No new statement.
  CHECK(registry.mails.size() == 1);
}

TEST_CASE(
    "tray: however often something is put there, a mailbox gets no more than twenty an hour") {
  Tray registry;
  for (std::uint64_t number = 1; number <= 25; ++number)
    registry.put_id(half_signed(number, {"r1"}));
  CHECK(registry.mails.size() == 20);
  registry.log.clock.advance(3'600'000);
  registry.put_id(half_signed(26, {"r1"}));
  CHECK(registry.mails.size() == 21);
}

TEST_CASE("tray: each act has its lines in the journal, without what the statement says") {
  Tray registry;
  const std::string id = registry.put_id(half_signed(1, {"r1"}));
  problem(registry.sign(id, half_signed(1, {"r1"})), 409);
  registry.send(HttpMethod::delete_, tray + "/" + id, {}, secas_token);
  const Json lines = body_of(
      registry.send(HttpMethod::get, "/v1/operator/journal", {}, operator_token), 200)["lines"];
  REQUIRE(lines.size() == 6);
  const Json& put = lines[4];
  CHECK(put["who"] == "party:secas");
  CHECK(put["what"] == "POST /v1/tray");
  CHECK(put["status"] == 201);
  CHECK(put["about"]["tray"] == id);
  CHECK(lines[2]["who"] == "party:second");
  CHECK(lines[2]["status"] == 409);
  CHECK(lines[0]["status"] == 204);
  CHECK(lines.dump().find(small_id(1).text()) == std::string::npos);
}

TEST_CASE("tray: the Service Desk's own account holds its role, and a statement is of this log") {
  Tray registry;
  store_party(registry.kept, "desk", "the token of the desk", Audience::service_desk);
  registry.open();
  CHECK(body_of(registry.read(tray, "the token of the desk"), 200)["statements"].empty());
  Note foreign{
      format_statement({"other.example/cpl", start_time, Addition{small_model(1), start_time}}),
      {}};
  sign_note(foreign, signer_of("r1"));
  CHECK(problem(registry.put(format_note(foreign)), 409)["code"] == "origin-mismatch");
}

}  // namespace cpl::testing::tray_test
