// Sealed texts whose class and readers the Panel decided: the service keeps them so, and not
// otherwise.
#include "registry/query/decision_handling.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::handling_test {

namespace {

const std::string operator_path = "/v1/operator/openings";

Opening opening(const std::string& field, const std::string& words) {
  return {field, Bytes(32, 's'), words};
}

// The story up to its removal, entry 8: the decision, entry 4, says under seal how its texts are
// handled; the reason of the notice, entry 5, and of the removal are sealed.
struct Scene {
  Scene() {
    handling = opening(std::string(handling_field),
                       "AMBER\nservice_desk\nparty " + party_from + "\nall_parties " + after(2));
    std::vector<Bytes> notes = story_notes();
    notes.resize(9);
    Decision decision = the_decision({small_id(1), small_id(2)});
    decision.text = Text(text.seal());
    decision.handling = Text(handling.seal());
    notes[4] = sign(decision, log_keys().panel);
    notes[5] = sign(Notice{{small_id(1)},
                           EntryIndex{4},
                           RemovalBasis::panel_decision,
                           start_time,
                           Text(reason.seal())},
                    log_keys().registrar);
    notes[8] = sign(Removal{small_id(1), EntryIndex{5}, RemovalBasis::panel_decision, start_time,
                            "Withdrawn", Text(reason.seal())},
                    log_keys().registrar);
    registry.log.append(notes);
    const HttpResponse made =
        registry.send(HttpMethod::post, "/v1/operator/parties",
                      R"({"name": "dcc-desk", "audience": "service_desk"})", operator_token);
    REQUIRE(made.status == 201);
    desk_token = Json::parse(*made.body)["token"].get<std::string>();
  }

  std::string after(std::uint64_t hours) {
    return format_time(UnixMillis{registry.log.clock.now().value + hours * 3'600'000});
  }
  HttpResponse keep(std::uint64_t entry, const std::vector<Opening>& openings,
                    const Json& more = Json::object()) {
    Json body = {{"entry", entry}, {"seals", Json::parse(format_openings(openings))}};
    body.update(more);
    return registry.send(HttpMethod::post, operator_path, body.dump(), operator_token);
  }
  std::string refusal(std::uint64_t entry, const std::vector<Opening>& openings,
                      const Json& more = Json::object()) {
    const HttpResponse response = keep(entry, openings, more);
    if (response.status == 201) return "kept";
    return Json::parse(*response.body)["code"].get<std::string>();
  }
  HttpResponse read(std::string_view token, std::uint64_t entry) {
    return registry.send(HttpMethod::get, "/v1/entries/" + std::to_string(entry) + "/openings", {},
                         token);
  }

  TestApi registry;
  std::string desk_token;
  Opening text = opening("/text", "AGREED to remove what a stranger can open.");
  Opening reason = opening("/reason", "A flaw that is not mended everywhere yet.");
  const std::string party_from = after(1);
  Opening handling;
};

Json asking(const std::string& classification, const Json& readers) {
  return {{"classification", classification}, {"readers", readers}};
}

}  // namespace

TEST_CASE("handling: texts are kept as the decision says, with nothing said by the operator") {
  Scene scene;
  CHECK(scene.refusal(5, {scene.reason}) == "handling-unknown");
  const HttpResponse decided = scene.keep(4, {scene.text, scene.handling});
  REQUIRE(decided.status == 201);
  const Json kept = Json::parse(*decided.body);
  CHECK(kept["classification"] == "AMBER");
  CHECK(kept["readers"][1] == Json{{"who", "party"}, {"from", scene.party_from}});
  REQUIRE(scene.keep(5, {scene.reason}).status == 201);
  REQUIRE(scene.keep(8, {scene.reason}).status == 201);

  for (const std::uint64_t entry : {4U, 5U, 8U}) {
    const HttpResponse desk = scene.read(scene.desk_token, entry);
    REQUIRE(desk.status == 200);
    CHECK(parse_openings(*desk.body).value().size() == 1);
    CHECK(desk.body->find("AMBER") == Bytes::npos);  // Who reads it learns of no other reader.
    CHECK(scene.read(party_token, entry).status == 404);
  }
  scene.registry.log.clock.advance(3'600'000 + 1000);
  CHECK(scene.read(party_token, 5).status == 200);
  CHECK(scene.read(other_token, 5).status == 404);
  scene.registry.log.clock.advance(3'600'000);
  CHECK(scene.read(other_token, 5).status == 200);
}

TEST_CASE("handling: neither another class nor an earlier reader than the decision has is kept") {
  Scene scene;
  REQUIRE(scene.keep(4, {scene.handling}).status == 201);
  const Json desk = {{{"who", "service_desk"}}};
  const Json party = {{{"who", "party"}, {"from", scene.party_from}}};
  CHECK(scene.refusal(5, {scene.reason}, asking("GREEN", desk)) == "handling-exceeded");
  CHECK(scene.refusal(5, {scene.reason}, asking("RED", desk)) == "handling-exceeded");
  CHECK(scene.refusal(5, {scene.reason}, asking("AMBER", {{{"who", "party"}}})) ==
        "handling-exceeded");
  CHECK(scene.refusal(5, {scene.reason}, asking("AMBER", {{{"who", "all_parties"}}})) ==
        "handling-exceeded");
  CHECK(scene.refusal(5, {scene.reason}, {{"classification", "AMBER"}}) == "validation-failed");
  CHECK(scene.refusal(5, {scene.reason}, {{"readers", desk}}) == "validation-failed");
  CHECK(scene.read(scene.desk_token, 5).status == 404);
  CHECK(scene.refusal(5, {scene.reason}, asking("AMBER", party)) == "kept");  // Less is allowed.
  CHECK(scene.read(scene.desk_token, 5).status == 404);
}

TEST_CASE("handling: only the words that the Panel sealed count, and nobody reads them") {
  Scene scene;
  Opening forged = scene.handling;
  forged.words = "WHITE\nall_parties";
  CHECK(scene.refusal(4, {scene.text, forged}) == "opening-does-not-fit");
  CHECK(scene.refusal(4, {scene.text}) == "handling-unknown");
  CHECK(scene.refusal(5, {scene.reason, scene.handling}) == "handling-unknown");
  REQUIRE(scene.keep(4, {scene.handling}).status == 201);
  scene.registry.log.clock.advance(3 * 3'600'000);
  CHECK(scene.read(scene.desk_token, 4).status == 404);
  CHECK(scene.read(party_token, 4).status == 404);
  const HttpResponse list = scene.registry.send(HttpMethod::get, operator_path, {}, operator_token);
  CHECK(Json::parse(*list.body)["openings"][0]["readers"] == Json::array());
}

TEST_CASE("handling: where no decision says, the operator must") {
  Scene scene;
  std::vector<Bytes> notes = {
      sign(Correction{small_model(3), Text(scene.reason.seal()), {}}, log_keys().registrar)};
  scene.registry.log.append(notes);
  const Opening why = opening("/why", scene.reason.words);
  CHECK(scene.refusal(9, {why}) == "validation-failed");
  CHECK(scene.refusal(9, {why}, asking("GREEN", {{{"who", "all_parties"}}})) == "kept");
}

}  // namespace cpl::testing::handling_test
