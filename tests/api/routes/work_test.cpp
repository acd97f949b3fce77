// The work around the list, as the API tells of it.
#include "tests/api/routes/extracts_fixture.hpp"

namespace cpl::testing::work_test {

namespace {

Loading loading_of(const Extract& extract, LoadingStatus status, UnixMillis at) {
  Loading loading{extract.header.version,
                  extract_hash(extract),
                  extract.header.log_size,
                  status,
                  UnixMillis{at.value / 1000 * 1000},
                  {},
                  {}};
  if (status == LoadingStatus::rejected) {
    loading.reject_code = "load-failed";
    loading.reject_text = "It stopped.";
  }
  return loading;
}

void says(ExtractApi& api, const Extract& extract, LoadingStatus status) {
  api.registry.log.append({sign(loading_of(extract, status, api.registry.log.clock.now()),
                                log_keys().desk, api.registry.log.clock.now())});
}

void loads(ExtractApi& api, const Extract& extract) {
  for (const auto status :
       {LoadingStatus::received, LoadingStatus::verified, LoadingStatus::loaded}) {
    says(api, extract, status);
  }
}

Minutes minutes_with_actions(std::vector<MinutesAction> actions) {
  return {the_meeting,
          *Date::parse("2016-03-11"),
          "Minutes",
          true,
          sha256("document"),
          10,
          "text/plain",
          "WHITE",
          {},
          std::move(actions)};
}

Bytes by_registrar(const StatementBody& body) { return sign(body, log_keys().registrar); }

MeetingPaper paper_for(const MeetingRef& meeting, std::vector<ModelId> models) {
  return {meeting,         "WHITE",
          sha256("paper"), 10,
          "text/markdown", TreeSize{0},
          TreeSize{1},     {{std::move(models), RemovalBasis::panel_decision, "Asked for."}}};
}

// Model and outcome of each, in their order.
std::vector<std::string> outcomes(TestApi& registry) {
  std::vector<std::string> told;
  const Json page = registry.get_json("/v1/proposals");
  for (const Json& one : page["proposals"]) {
    told.push_back(one["model"].get<std::string>().substr(20) + " " +
                   one["outcome"].get<std::string>());
  }
  return told;
}

}  // namespace

TEST_CASE("loadings: a published version is due in a day, and loaded when the desk says so") {
  ExtractApi api;
  CHECK(api.registry.get_json("/v1/loadings")["loadings"].empty());
  const Extract first = api.extract();
  REQUIRE(api.publish(first).status == 201);
  Json page = api.registry.get_json("/v1/loadings");
  REQUIRE(page["loadings"].size() == 1);
  Json one = page["loadings"][0];
  const auto published = parse_time(one["published"].get<std::string>());
  const auto due = parse_time(one["due"].get<std::string>());
  REQUIRE(published);
  REQUIRE(due);
  CHECK(due->value - published->value == 86'400'000);
  CHECK(one["state"].is_null());
  CHECK(one["loaded"].is_null());
  CHECK(page["newest_loaded"].is_null());

  says(api, first, LoadingStatus::received);
  says(api, first, LoadingStatus::rejected);
  CHECK(api.registry.get_json("/v1/loadings")["loadings"][0]["state"] == "rejected");
  loads(api, first);
  page = api.registry.get_json("/v1/loadings");
  one = page["loadings"][0];
  CHECK(one["state"] == "loaded");
  CHECK(one["loaded"].is_string());
  CHECK(one["steps"].size() == 5);
  CHECK(page["newest_loaded"] == 1);
}

TEST_CASE("loadings: of another list under the same number nothing is believed") {
  ExtractApi api;
  const Extract first = api.extract();
  REQUIRE(api.publish(first).status == 201);
  Loading other = loading_of(first, LoadingStatus::received, api.registry.log.clock.now());
  other.extract = sha256("another list");
  api.registry.log.append({sign(other, log_keys().desk, api.registry.log.clock.now())});
  CHECK(api.registry.get_json("/v1/loadings")["loadings"][0]["matches"] == false);
}

TEST_CASE("loadings: a model is in the DCC's systems from the first loaded version that knows it") {
  ExtractApi api;
  const std::string early = api.extract().models.front().model.id().text();
  const auto in_dcc = [&](const std::string& model) {
    return api.registry.get_json("/v1/models/" + model)["in_dcc"];
  };
  const Extract first = api.extract();
  REQUIRE(api.publish(first).status == 201);
  CHECK(in_dcc(early).is_null());
  loads(api, first);
  CHECK(in_dcc(early)["version"] == 1);
  // Versions that are never loaded are passed over, and a later one covers what came since.
  std::optional<Hash> previous = extract_hash(first);
  std::string added;
  for (std::uint64_t version = 2; version <= 6; ++version) {
    api.registry.log.append({addition_note(100 + version)});
    if (version == 3) added = small_id(103).text();
    const Extract extract = api.extract(version, previous);
    previous = extract_hash(extract);
    REQUIRE(api.publish(extract).status == 201);
    if (version == 5) loads(api, extract);
  }
  CHECK(in_dcc(early)["version"] == 1);
  CHECK(in_dcc(added)["version"] == 5);
  CHECK(in_dcc(small_id(106).text()).is_null());
}

TEST_CASE("actions: with the words of their minutes, by state, page by page") {
  TestApi registry;
  const MinutesAction first{"SECP30/03", "SECAS", "Set up a standing item.", {}};
  const MinutesAction second{"SECP30/04", "SECAS", "Look into a mechanism.",
                             *Date::parse("2016-04-01")};
  registry.log.append({charter_note(), by_registrar(minutes_with_actions({first, second}))});
  registry.log.append({by_registrar(
      ActionUpdate{"SECP", "SECP30/03", ActionState::closed, {}, "On every agenda since May."})});
  const Json all = registry.get_json("/v1/actions");
  REQUIRE(all["actions"].size() == 2);
  CHECK(all["actions"][0]["text"] == "Set up a standing item.");
  CHECK(all["actions"][0]["last_said"] == "On every agenda since May.");
  CHECK(all["actions"][0]["closed_by"] == 2);
  CHECK(all["actions"][1]["due"] == "2016-04-01");
  const Json open = registry.get_json("/v1/actions?state=open");
  REQUIRE(open["actions"].size() == 1);
  CHECK(open["actions"][0]["ref"] == "SECP30/04");
  const Json page = registry.get_json("/v1/actions?limit=1");
  CHECK(page["next"] == 1);
  CHECK(registry.get_json("/v1/actions?limit=1&after=1")["actions"][0]["ref"] == "SECP30/04");
  CHECK(registry.get_json("/v1/actions?limit=1&after=1")["next"].is_null());
  CHECK(problem(registry.get("/v1/actions?state=done"), 400)["code"] == "parameter-malformed");
}

TEST_CASE("proposals: open until the meeting's end, then decided, not decided or carried over") {
  TestApi registry;
  registry.log.append({charter_note(), addition_note(1), addition_note(2), addition_note(3)});
  const MeetingRef later{"SECP", "SECP_31_0804"};
  registry.log.append(
      {by_registrar(paper_for(the_meeting, {small_id(1), small_id(2), small_id(3)}))});
  registry.log.append(
      {by_registrar(MeetingCalendar{"SECP", {{the_meeting.meeting, *Date::parse("2026-06-12")}}})});
  CHECK(registry.get_json("/v1/proposals")["proposals"][0]["date"] == "2026-06-12");
  CHECK(registry.get_json("/v1/calendars")["calendars"][0]["meetings"].size() == 1);
  CHECK(outcomes(registry) ==
        std::vector<std::string>{"00000001 open", "00000002 open", "00000003 open"});
  Decision decision{"SECP",   *Date::parse("2016-03-11"),    the_meeting, {4, 2}, {}, Verb::agreed,
                    the_text, {{Act::remove, {small_id(1)}}}};
  registry.log.append({sign(decision, log_keys().panel)});
  Minutes minutes = minutes_with_actions({});
  minutes.decisions = {{{4, 2}, "AGREED", the_text}};
  registry.log.append({by_registrar(minutes)});
  registry.log.append({by_registrar(paper_for(later, {small_id(2)}))});
  CHECK(outcomes(registry) == std::vector<std::string>{"00000002 open", "00000001 decided",
                                                       "00000002 carried_over",
                                                       "00000003 not_decided"});
  CHECK(registry.get_json("/v1/meetings/" + later.meeting)["papers"] == Json{8});
}

TEST_CASE("specifications: a model says when its own ends, by the row that fits it best") {
  TestApi registry;
  registry.log.append({charter_note(), addition_note(1)});
  CHECK(registry.get_json("/v1/specifications")["version"] == 0);
  const std::string model = "/v1/models/" + small_id(1).text();
  CHECK(registry.get_json(model)["specification_ends"].empty());
  const SpecificationRow other{"SMETS", "V1.0", {}, *Date::parse("2020-01-01"), {}, {}};
  const SpecificationRow own{
      "PPMIDTS", "V1.0", {}, *Date::parse("2030-01-01"), {}, *Date::parse("2028-01-01")};
  registry.log.append({by_registrar(Specifications{1, {other, own}})});
  const Json ends = registry.get_json(model)["specification_ends"];
  REQUIRE(ends.size() == 2);
  CHECK(ends[0]["what"] == "applicability");
  CHECK(ends[1]["date"] == "2030-01-01");
  CHECK(ends[1]["specification"] == "PPMIDTS V1.0");
  CHECK(registry.get_json(model)["status"] == "listed");
  CHECK(registry.get_json("/v1/specifications")["rows"].size() == 2);
}

TEST_CASE("deployed: counts are kept if the log commits to them, and impact tells of them") {
  ExtractApi api;
  TestApi& registry = api.registry;
  const auto counts = DeployedCounts::parse("model,devices\n" + small_id(1).text() + ",4200\n");
  REQUIRE(counts.has_value());
  const Date counted_on = Date::of(start_time);
  registry.log.append({sign(deployment_of(counted_on, *counts), log_keys().desk)});
  const std::uint64_t entry = registry.log.view()->size().value - 1;
  const std::string path = "/v1/deployed/" + std::to_string(entry);
  CHECK(registry.get_json("/v1/deployed")["deployment"]["devices"] == 4200);
  CHECK(registry.get_json("/v1/deployed")["file"].is_null());
  CHECK(problem(registry.get(path), 404)["code"] == "counts-not-found");
  CHECK(problem(registry.get("/v1/deployed/0"), 404)["code"] == "deployment-not-found");
  const auto bring = [&](const std::string& at, const Bytes& csv) {
    return registry.send(HttpMethod::post, at, csv);
  };
  const Bytes other = "model,devices\r\n" + small_id(1).text() + ",4201\r\n";
  CHECK(problem(bring(path, other), 409)["code"] == "counts-mismatch");
  CHECK(problem(bring(path, "no table"), 400)["code"] == "counts-malformed");
  CHECK(problem(bring("/v1/deployed/0", counts->format()), 404)["code"] == "deployment-not-found");
  CHECK(bring(path, counts->format()).status == 201);
  CHECK(*registry.get(path).body == counts->format());
  CHECK(registry.get_json("/v1/deployed")["file"] == path);
  const HttpResponse impact =
      registry.send(HttpMethod::post, "/v1/models/impact",
                    Json{{"ids", {small_id(1).text(), small_id(2).text()}}}.dump());
  const Json models = Json::parse(*impact.body)["models"];
  CHECK(models[0]["devices"] == 4200);
  CHECK(models[0]["counted_on"] == counted_on.text());
  CHECK(models[1]["devices"].is_null());
}

}  // namespace cpl::testing::work_test
