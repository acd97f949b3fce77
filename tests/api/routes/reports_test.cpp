// Reports over the API: who sees them, what is refused and with which code.
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::reports_test {

namespace {

const std::string reports = "/v1/reports";
const std::string all_reports = "/v1/operator/reports";
const std::string desk_name = "dcc-desk";

const Json& wrong_entry() {
  static const Json body = {{"model", small_id(2).text()}, {"text", "It says 0203.\nIt is 0204."}};
  return body;
}
Json with(Json body, const std::string& name, const Json& value) {
  body[name] = value;
  return body;
}
Json without(Json body, const std::string& name) {
  body.erase(name);
  return body;
}
const Json& no_action() {
  static const Json body = {{"outcome", "no_action"}, {"text", "It is 0203."}};
  return body;
}

class Reporting : public TestApi {
 public:
  explicit Reporting(ReportBook::Limits limits = {}) : TestApi(limits) {
    log.append(story_notes());
  }
  HttpResponse report(const Json& body, std::string_view token = party_token) {
    return send(HttpMethod::post, reports, body.dump(), token);
  }
  HttpResponse answer(const std::string& number, const Json& body,
                      std::string_view token = operator_token) {
    return send(HttpMethod::post, all_reports + "/" + number + "/answers", body.dump(), token);
  }
  HttpResponse read(const std::string& target, std::string_view token = party_token) {
    return send(HttpMethod::get, target, {}, token);
  }
  Json read_json(const std::string& target, std::string_view token = party_token) {
    const HttpResponse response = read(target, token);
    INFO(target << ": " << *response.body);
    REQUIRE(response.status == 200);
    CHECK(header(response, "Cache-Control") == "private, no-store");
    return Json::parse(*response.body);
  }
  std::string waiting_metric() {
    const Bytes metrics = this->metrics();
    const std::string name = "\ncpl_reports_waiting ";
    const auto at = metrics.find(name);
    REQUIRE(at != metrics.npos);
    return metrics.substr(at + name.size(), metrics.find('\n', at + 1) - at - name.size());
  }
};

std::string code_of(const HttpResponse& response, unsigned status) {
  CHECK(header(response, "Cache-Control") == "private, no-store");
  return problem(response, status)["code"].get<std::string>();
}

std::vector<std::uint64_t> numbers(const Json& page) {
  std::vector<std::uint64_t> found;
  for (const Json& report : page["reports"]) found.push_back(report["number"].get<std::uint64_t>());
  return found;
}

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("api reports: a Party's report gets a number and an answer") {
  Reporting registry;
  const Json certificate = {{"kind", "cpa"}, {"event", "withdrawn"}};
  const HttpResponse sent = registry.report(with(wrong_entry(), "certificate", certificate));
  REQUIRE(sent.status == 201);
  CHECK(header(sent, "Location") == "/v1/reports/1");
  CHECK(header(sent, "Cache-Control") == "private, no-store");
  const Json made = Json::parse(*sent.body);
  CHECK(made == Json{{"number", 1},
                     {"party", "party"},
                     {"received", format_time(registry.log.clock.now())},
                     {"state", "waiting"},
                     {"model", small_id(2).text()},
                     {"certificate", certificate},
                     {"text", "It says 0203.\nIt is 0204."},
                     {"answers", Json::array()}});
  CHECK(registry.read_json(header(sent, "Location")) == made);
  CHECK(registry.waiting_metric() == "1");
  registry.log.clock.advance(1000);
  const HttpResponse answered =
      registry.answer("1", {{"outcome", "acted"}, {"text", "Recorded."}, {"entries", {4, 8}}});
  REQUIRE(answered.status == 201);
  CHECK(header(answered, "Location") == "/v1/operator/reports/1");
  CHECK(header(answered, "Cache-Control") == "private, no-store");
  const Json told = registry.read_json("/v1/reports/1");
  CHECK(Json::parse(*answered.body) == told);
  CHECK(registry.read_json(all_reports + "/1", operator_token) == told);
  CHECK(told["state"] == "answered");
  CHECK(told["answers"] == Json::array({{{"at", format_time(registry.log.clock.now())},
                                         {"outcome", "acted"},
                                         {"text", "Recorded."},
                                         {"entries", {4, 8}}}}));
  CHECK(registry.waiting_metric() == "0");
  REQUIRE(registry.answer("1", no_action()).status == 201);
  const Json answers = registry.read_json("/v1/reports/1")["answers"];
  REQUIRE(answers.size() == 2);
  CHECK(answers[0]["text"] == "Recorded.");
  CHECK(answers[1]["entries"] == Json::array());
}

TEST_CASE(
    "api reports: models that were removed may be reported, and the Service Desk reports too") {
  Reporting registry;
  const HttpResponse added =
      registry.send(HttpMethod::post, "/v1/operator/parties",
                    Json{{"name", desk_name}, {"audience", "service_desk"}}.dump(), operator_token);
  REQUIRE(added.status == 201);
  const auto desk = Json::parse(*added.body)["token"].get<std::string>();
  const Json removed = with(wrong_entry(), "model", small_id(1).text());
  const HttpResponse sent = registry.report(removed, desk);
  REQUIRE(sent.status == 201);
  CHECK(Json::parse(*sent.body)["party"] == desk_name);
  CHECK(registry.read_json("/v1/reports/1", desk)["model"] == small_id(1).text());
}

TEST_CASE("api reports: another's report is answered as one that does not exist") {
  Reporting registry;
  REQUIRE(registry.report(wrong_entry()).status == 201);
  REQUIRE(registry.report(wrong_entry(), other_token).status == 201);
  const HttpResponse others = registry.read("/v1/reports/1", other_token);
  const HttpResponse none = registry.read("/v1/reports/3", other_token);
  CHECK(code_of(others, 404) == "report-not-found");
  CHECK(code_of(none, 404) == "report-not-found");
  CHECK(others.headers == none.headers);
  std::string as_none = *others.body;
  as_none.replace(as_none.find("report 1"), 8, "report 3");
  CHECK(as_none == *none.body);
  CHECK(numbers(registry.read_json(reports)) == Numbers{1});
  CHECK(numbers(registry.read_json(reports, other_token)) == Numbers{2});
}

TEST_CASE("api reports: they need credentials, and the operator's pages the operator's") {
  Reporting registry;
  REQUIRE(registry.report(wrong_entry()).status == 201);
  for (const std::string_view token :
       {std::string_view(), std::string_view("guessed"), operator_token}) {
    CAPTURE(token);
    const std::string code = token.empty() ? "credentials-missing" : "credentials-unknown";
    CHECK(code_of(registry.report(wrong_entry(), token), 401) == code);
    CHECK(code_of(registry.read(reports, token), 401) == code);
    CHECK(code_of(registry.read("/v1/reports/1", token), 401) == code);
  }
  for (const std::string_view token :
       {std::string_view(), std::string_view("guessed"), party_token}) {
    CAPTURE(token);
    const std::string code = token.empty() ? "credentials-missing" : "credentials-unknown";
    CHECK(code_of(registry.read(all_reports, token), 401) == code);
    CHECK(code_of(registry.read(all_reports + "/1", token), 401) == code);
    CHECK(code_of(registry.answer("1", no_action(), token), 401) == code);
  }
  CHECK(registry.waiting_metric() == "1");
}

TEST_CASE("api reports: pages are by number, and say where the next begins") {
  Reporting registry;
  for (int i = 0; i < 3; ++i) REQUIRE(registry.report(wrong_entry()).status == 201);
  REQUIRE(registry.report(wrong_entry(), other_token).status == 201);
  const auto page = [&](const std::string& target, std::string_view token) {
    const Json json = registry.read_json(target, token);
    return std::pair(numbers(json), json["next"]);
  };
  CHECK(page(reports, party_token) == std::pair(Numbers{1, 2, 3}, Json()));
  CHECK(page(reports + "?limit=2", party_token) == std::pair(Numbers{1, 2}, Json(2)));
  CHECK(page(reports + "?limit=2&after=2", party_token) == std::pair(Numbers{3}, Json()));
  CHECK(page(reports + "?limit=3", party_token) == std::pair(Numbers{1, 2, 3}, Json()));
  CHECK(page(reports + "?after=9", party_token) == std::pair(Numbers{}, Json()));
  REQUIRE(registry.answer("2", no_action()).status == 201);
  CHECK(page(all_reports, operator_token) == std::pair(Numbers{1, 2, 3, 4}, Json()));
  const std::string waiting = all_reports + "?waiting=true";
  CHECK(page(waiting, operator_token) == std::pair(Numbers{1, 3, 4}, Json()));
  CHECK(page(waiting + "&limit=2", operator_token) == std::pair(Numbers{1, 3}, Json(3)));
  CHECK(page(waiting + "&limit=2&after=3", operator_token) == std::pair(Numbers{4}, Json()));
  CHECK(page(all_reports + "?waiting=false", operator_token).first == Numbers{1, 2, 3, 4});
  for (const char* query : {"?limit=0", "?limit=101", "?after=x", "?after=-1"}) {
    CAPTURE(query);
    CHECK(code_of(registry.read(reports + query), 400) == "parameter-malformed");
    CHECK(code_of(registry.read(all_reports + query, operator_token), 400) ==
          "parameter-malformed");
  }
  CHECK(code_of(registry.read(all_reports + "?waiting=1", operator_token), 400) ==
        "parameter-malformed");
  CHECK(code_of(registry.read(reports + "?waiting=true"), 400) == "parameter-unknown");
  CHECK(code_of(registry.read("/v1/reports/1?after=1"), 400) == "parameter-unknown");
  CHECK(code_of(registry.read(all_reports + "/1?x=1", operator_token), 400) == "parameter-unknown");
}

TEST_CASE("api reports: what is wrong with a report is said, and it gets no number") {
  Reporting registry;
  const auto refused = [&](const Json& body, unsigned status = 400) {
    return code_of(registry.report(body), status);
  };
  const Json& good = wrong_entry();
  const std::string invalid = "validation-failed";
  CHECK(refused(Json::array()) == invalid);
  CHECK(refused(without(good, "model")) == invalid);
  CHECK(refused(without(good, "text")) == invalid);
  CHECK(refused(with(good, "model", "ESME-1")) == invalid);
  CHECK(refused(with(good, "text", "")) == invalid);
  CHECK(refused(with(good, "text", std::string(2001, 'a'))) == invalid);
  CHECK(refused(with(good, "text", 7)) == invalid);
  for (const char* text : {"\x1b[31m", "a\rb", "a\tb", "\x7f", "\xC2\x9B"}) {
    CHECK(refused(with(good, "text", text)) == invalid);
  }
  CHECK(refused(with(good, "colour", "red")) == invalid);
  CHECK(refused(with(good, "certificate", "cpa")) == invalid);
  CHECK(refused(with(good, "certificate", {{"kind", "cpa"}})) == invalid);
  CHECK(refused(with(good, "certificate", {{"kind", "x"}, {"event", "expired"}})) == invalid);
  CHECK(refused(with(good, "certificate", {{"kind", "cpa"}, {"event", "x"}})) == invalid);
  CHECK(refused(with(good, "model", small_id(99).text()), 404) == "model-not-found");
  const auto as_of_model = problem(registry.get("/v1/models/" + small_id(99).text()), 404);
  CHECK(as_of_model["code"] == "model-not-found");
  const HttpResponse no_json = registry.send(HttpMethod::post, reports, "{", party_token);
  CHECK(code_of(no_json, 400) == "json-malformed");
  const Json longest = with(good, "text", std::string(2000, 'a'));
  const HttpResponse sent = registry.report(longest);
  CHECK(sent.status == 201);
  CHECK(header(sent, "Location") == "/v1/reports/1");
}

TEST_CASE("api reports: what is wrong with an answer is said, and the report still waits") {
  Reporting registry;
  REQUIRE(registry.report(wrong_entry()).status == 201);
  const auto refused = [&](const Json& body, unsigned status = 400) {
    return code_of(registry.answer("1", body), status);
  };
  const Json& good = no_action();
  const std::string invalid = "validation-failed";
  CHECK(refused(Json::array()) == invalid);
  CHECK(refused(without(good, "outcome")) == invalid);
  CHECK(refused(without(good, "text")) == invalid);
  CHECK(refused(with(good, "outcome", "ignored")) == invalid);
  CHECK(refused(with(good, "text", "\x1b[31m")) == invalid);
  CHECK(refused(with(good, "text", std::string(2001, 'a'))) == invalid);
  CHECK(refused(with(good, "entries", 4)) == invalid);
  CHECK(refused(with(good, "entries", {"4"})) == invalid);
  CHECK(refused(with(good, "entries", {-4})) == invalid);
  CHECK(refused(with(good, "entries", std::vector<int>(21, 4))) == invalid);
  CHECK(refused(with(good, "at", "2026-07-09T10:15:30Z")) == invalid);
  CHECK(refused(with(good, "entries", {4, 10}), 404) == "entry-not-found");
  CHECK(problem(registry.get("/v1/entries/10"), 404)["code"] == "entry-not-found");
  for (const char* number : {"2", "0", "x", "-1", "99999999999999999999"}) {
    CAPTURE(number);
    CHECK(code_of(registry.answer(number, good), 404) == "report-not-found");
    CHECK(code_of(registry.read(all_reports + "/" + number, operator_token), 404) ==
          "report-not-found");
    CHECK(code_of(registry.read(reports + "/" + number), 404) == "report-not-found");
  }
  CHECK(registry.waiting_metric() == "1");
  CHECK(registry.answer("1", with(good, "entries", std::vector<int>(20, 9))).status == 201);
  CHECK(registry.waiting_metric() == "0");
}

TEST_CASE("api reports: how many wait, are kept and are answers to one is bounded") {
  Reporting registry({.waiting_of_one = 2, .kept = 3, .answers = 1});
  REQUIRE(registry.report(wrong_entry()).status == 201);
  REQUIRE(registry.report(wrong_entry()).status == 201);
  CHECK(code_of(registry.report(wrong_entry()), 409) == "reports-waiting");
  REQUIRE(registry.report(wrong_entry(), other_token).status == 201);
  const HttpResponse full = registry.report(wrong_entry(), other_token);
  CHECK(code_of(full, 429) == "reports-full");
  CHECK_FALSE(header(full, "Retry-After").empty());
  REQUIRE(registry.answer("1", no_action()).status == 201);
  CHECK(code_of(registry.answer("1", no_action()), 409) == "answers-full");
  CHECK(header(registry.report(wrong_entry()), "Location") == "/v1/reports/4");
  CHECK(code_of(registry.read("/v1/reports/1"), 404) == "report-not-found");
}

TEST_CASE("api reports: one that is sent again under its key is the same one") {
  Reporting registry;
  const auto send = [&](const std::string& key, const Json& body, std::string_view token) {
    return registry.send_with(
        HttpMethod::post, reports,
        {{"Authorization", "Bearer " + std::string(token)}, {"Idempotency-Key", key}}, body.dump());
  };
  const HttpResponse first = send("one", wrong_entry(), party_token);
  REQUIRE(first.status == 201);
  const HttpResponse again = send("one", wrong_entry(), party_token);
  CHECK(again.status == 201);
  CHECK(header(again, "Idempotency-Replayed") == "true");
  CHECK(header(again, "Location") == "/v1/reports/1");
  CHECK(*again.body == *first.body);
  CHECK(code_of(send("one", with(wrong_entry(), "text", "x"), party_token), 422) ==
        "idempotency-key-reused");
  CHECK(numbers(registry.read_json(all_reports, operator_token)) == Numbers{1});
  CHECK(header(send("one", wrong_entry(), other_token), "Location") == "/v1/reports/2");
  CHECK(header(send("two", wrong_entry(), party_token), "Location") == "/v1/reports/3");
  const std::string bearer = "Bearer " + std::string(party_token);
  CHECK(code_of(registry.send_with(HttpMethod::post, reports, {{"Authorization", bearer}},
                                   wrong_entry().dump()),
                400) == "idempotency-key-missing");
}

TEST_CASE("api reports: other methods are refused, with those that are taken") {
  Reporting registry;
  REQUIRE(registry.report(wrong_entry()).status == 201);
  const auto check_refused = [&](HttpMethod method, const std::string& path,
                                 const std::string& allowed) {
    CAPTURE(path);
    const HttpResponse response = registry.send(method, path, "{}", party_token);
    CHECK(problem(response, 405)["code"] == "method-not-allowed");
    CHECK(header(response, "Allow") == allowed + ", OPTIONS");
  };
  for (const HttpMethod method : {HttpMethod::put, HttpMethod::delete_, HttpMethod::patch}) {
    check_refused(method, reports, "GET, HEAD, POST");
    check_refused(method, "/v1/reports/1", "GET, HEAD");
    check_refused(method, all_reports, "GET, HEAD");
    check_refused(method, all_reports + "/1", "GET, HEAD");
    check_refused(method, all_reports + "/1/answers", "POST");
  }
  check_refused(HttpMethod::post, "/v1/reports/1", "GET, HEAD");
  check_refused(HttpMethod::post, all_reports, "GET, HEAD");
  check_refused(HttpMethod::get, all_reports + "/1/answers", "POST");
  CHECK(registry.send(HttpMethod::head, reports, {}, party_token).status == 200);
  CHECK(problem(registry.read("/v1/reports/1/answers"), 404)["code"] == "not-found");
}

TEST_CASE("api reports: a service that takes none says so, and has no metric of them") {
  TestApi registry;
  MemoryStore store;
  ApiOptions options = api_options();
  options.operator_token_sha256 = sha256(operator_token);
  store_party(store, "party", party_token);
  auto parties = PartyBook::open(store, registry.log.clock, {});
  REQUIRE(parties);
  options.parties = *std::move(parties);
  auto answers = AnswerBook::open(store, registry.log.clock, std::string(32, 'k'), {});
  REQUIRE(answers);
  options.answers = *std::move(answers);
  registry.api = std::make_unique<Api>(*registry.log, *registry.sequencer, *registry.notifier,
                                       registry.log.clock, std::move(options));
  const auto code = [&](HttpMethod method, const std::string& target, std::string_view token) {
    return code_of(registry.send(method, target, "{}", token), 503);
  };
  CHECK(code(HttpMethod::post, reports, party_token) == "reports-unavailable");
  CHECK(code(HttpMethod::get, reports, party_token) == "reports-unavailable");
  CHECK(code(HttpMethod::get, all_reports, operator_token) == "reports-unavailable");
  CHECK(registry.metrics().find("cpl_reports_waiting") == Bytes::npos);
}

}  // namespace cpl::testing::reports_test
