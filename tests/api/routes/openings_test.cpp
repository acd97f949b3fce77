// Sealed texts that the service keeps: for whom, from when, and what is left of one destroyed.
#include <fstream>
#include <future>

#include "registry/base/durable_file.hpp"
#include "registry/shelf/opening_shelf.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::openings_test {

namespace {

const std::string operator_path = "/v1/operator/openings";
const std::string reason = "A flaw that is not mended everywhere yet.";
const Bytes salt(32, 's');

const Opening& opening() {
  static const Opening made{"/reason", salt, reason};
  return made;
}

// The story up to a notice, entry 5, whose reason is sealed. The Party "party" is no Service Desk;
// "desk" is one.
struct Scene {
  Scene() {
    std::vector<Bytes> notes = story_notes();
    notes.resize(5);
    notes.push_back(sign(Notice{{small_id(1)},
                                EntryIndex{4},
                                RemovalBasis::panel_decision,
                                start_time,
                                Text(opening().seal())},
                         log_keys().registrar));
    registry.log.append(notes);
    desk_token = add_party("dcc-desk", "service_desk");
  }

  std::string add_party(const std::string& name, const std::string& audience) {
    const HttpResponse made =
        registry.send(HttpMethod::post, "/v1/operator/parties",
                      Json{{"name", name}, {"audience", audience}}.dump(), operator_token);
    REQUIRE(made.status == 201);
    return Json::parse(*made.body)["token"].get<std::string>();
  }
  HttpResponse keep(const std::vector<Opening>& openings, const Json& readers,
                    std::uint64_t entry = 5, const Json& classification = "AMBER") {
    const Json body = {{"entry", entry},
                       {"seals", Json::parse(format_openings(openings))},
                       {"classification", classification},
                       {"readers", readers}};
    return registry.send(HttpMethod::post, operator_path, body.dump(), operator_token);
  }
  HttpResponse read(std::string_view token, const std::string& entry = "5") {
    return registry.send(HttpMethod::get, "/v1/entries/" + entry + "/openings", {}, token);
  }
  std::string code(const HttpResponse& response) {
    return Json::parse(*response.body)["code"].get<std::string>();
  }
  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> found;
    for (const auto& file : std::filesystem::directory_iterator(registry.openings_folder())) {
      found.push_back(file.path());
    }
    return found;
  }

  TestApi registry;
  std::string desk_token;
};

}  // namespace

TEST_CASE(
    "openings: the desk first, then one Party, then all; nobody else learns that there is one") {
  Scene scene;
  const UnixMillis now = scene.registry.log.clock.now();
  const auto after = [&](std::uint64_t hours) {
    return format_time(UnixMillis{now.value + hours * 3'600'000});
  };
  const HttpResponse kept = scene.keep({opening()}, {{{"who", "service_desk"}},
                                                     {{"who", "party"}, {"from", after(1)}},
                                                     {{"who", "all_parties"}, {"from", after(2)}}});
  REQUIRE(kept.status == 201);
  CHECK(Json::parse(*kept.body)["kept"] == 1);

  const HttpResponse read = scene.read(scene.desk_token);
  REQUIRE(read.status == 200);
  CHECK(header(read, "Cache-Control") == "private, no-store");
  const auto openings = parse_openings(*read.body);
  REQUIRE(openings);
  REQUIRE(openings->size() == 1);
  CHECK(openings->front().words == reason);
  CHECK(openings->front().seal() == opening().seal());

  const HttpResponse nothing = scene.read(party_token, "4");
  CHECK(scene.read(party_token).status == 404);
  CHECK(*scene.read(party_token).body == *nothing.body);  // As where there is none at all.
  CHECK(scene.read("guessed").status == 401);
  CHECK(scene.read({}).status == 401);
  scene.registry.log.clock.advance(3'600'000 + 1000);
  CHECK(scene.read(party_token).status == 200);
  CHECK(scene.read(other_token).status == 404);
  scene.registry.log.clock.advance(3'600'000);
  CHECK(scene.read(other_token).status == 200);
  CHECK(scene.read({}).status == 401);
}

TEST_CASE(
    "openings: a Party is told where there are some that it may read, and none of their words") {
  Scene scene;
  const UnixMillis now = scene.registry.log.clock.now();
  const std::string later = format_time(UnixMillis{now.value + 3'600'000});
  REQUIRE(
      scene.keep({opening()}, {{{"who", "party"}}, {{"who", "other"}, {"from", later}}}).status ==
      201);
  const auto list = [&](std::string_view token) {
    const HttpResponse response = scene.registry.send(HttpMethod::get, "/v1/openings", {}, token);
    CHECK(response.body->find(reason) == std::string::npos);
    return Json::parse(*response.body)["openings"];
  };
  const Json own = list(party_token);
  REQUIRE(own.size() == 1);
  CHECK(own[0]["entry"] == 5);
  CHECK(own[0]["field"] == "/reason");
  CHECK(own[0]["classification"] == "AMBER");
  CHECK(list(other_token).empty());
  CHECK(list(scene.desk_token).empty());
  scene.registry.log.clock.advance(3'600'000 + 1000);
  CHECK(list(other_token)[0]["since"] == later);
}

TEST_CASE("openings: only what opens a seal of the log is kept, and only by the operator") {
  Scene scene;
  const Json desk = {{{"who", "service_desk"}}};
  CHECK(scene.code(scene.keep({{"/reason", Bytes(32, 't'), reason}}, desk)) ==
        "opening-does-not-fit");
  CHECK(scene.code(scene.keep({{"/text", salt, reason}}, desk)) == "seal-not-found");
  CHECK(scene.code(scene.keep({opening()}, desk, 4)) == "seal-not-found");
  CHECK(scene.code(scene.keep({opening(), {"/text", salt, reason}}, desk)) == "seal-not-found");
  CHECK(scene.files().empty());  // All or none.
  CHECK(scene.code(scene.keep({}, desk)) == "validation-failed");
  CHECK(scene.code(scene.keep({opening()}, Json::array())) == "validation-failed");
  CHECK(scene.code(scene.keep({opening()}, desk, 5, "SECRET")) == "validation-failed");
  CHECK(scene.code(scene.keep({opening()}, desk, 5, nullptr)) == "validation-failed");
  CHECK(scene.code(scene.keep({opening()}, {{{"who", "Everybody"}}})) == "validation-failed");
  CHECK(scene.code(scene.keep({opening()}, {{{"who", "party"}, {"from", "soon"}}})) ==
        "validation-failed");
  const auto as_party = [&](HttpMethod method, const std::string& target) {
    return scene.registry.send(method, target, "{}", party_token).status;
  };
  CHECK(as_party(HttpMethod::post, operator_path) == 401);
  CHECK(as_party(HttpMethod::get, operator_path) == 401);
  CHECK(as_party(HttpMethod::delete_, operator_path + "/5?field=/reason") == 401);
}

TEST_CASE("openings: kept over a restart, unreadable to others, listed without their texts") {
  Scene scene;
  REQUIRE(scene.keep({opening()}, {{{"who", "service_desk"}}}).status == 201);
  // Other readers now, and another class.
  REQUIRE(scene.keep({opening()}, {{{"who", "all_parties"}}}, 5, "GREEN").status == 201);
  REQUIRE(scene.files().size() == 1);
  const auto file = std::filesystem::status(scene.files()[0]).permissions();
  const auto folder = std::filesystem::status(scene.registry.openings_folder()).permissions();
  constexpr auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  CHECK((file & others) == std::filesystem::perms::none);
  CHECK((folder & others) == std::filesystem::perms::none);

  const auto again = OpeningShelf::open(scene.registry.openings_folder());
  REQUIRE(again);
  const auto kept = (*again)->of_entry(EntryIndex{5});
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].opening.words == reason);
  CHECK(kept[0].classification == "GREEN");
  REQUIRE(kept[0].readers.size() == 1);
  CHECK(kept[0].readers[0].who == "all_parties");
  CHECK((*again)->of_entry(EntryIndex{4}).empty());
  CHECK((*again)->of_entry(EntryIndex{6}).empty());

  const HttpResponse list = scene.registry.send(HttpMethod::get, operator_path, {}, operator_token);
  REQUIRE(list.status == 200);
  CHECK(list.body->find(reason) == Bytes::npos);
  CHECK(list.body->find(to_base64(salt)) == Bytes::npos);
  CHECK(Json::parse(*list.body)["openings"][0]["field"] == "/reason");
  CHECK(Json::parse(*list.body)["openings"][0]["classification"] == "GREEN");
}

TEST_CASE("openings: one with another octet is given to nobody, and named; it can be destroyed") {
  Scene scene;
  REQUIRE(scene.keep({opening()}, {{{"who", "all_parties"}}}).status == 201);
  const auto path = scene.files().at(0);
  std::ifstream file(path, std::ios::binary);
  const Bytes sound(std::istreambuf_iterator<char>(file), {});
  for (std::size_t at = 0; at < sound.size(); ++at) {
    INFO("another octet at " << at);
    Bytes text = sound;
    text[at] = static_cast<char>(text[at] ^ 1);
    std::ofstream(path, std::ios::binary) << text;
    const auto shelf = OpeningShelf::open(scene.registry.openings_folder());
    REQUIRE(shelf);
    CHECK((*shelf)->list().empty());
    REQUIRE((*shelf)->faults().size() == 1);
    CHECK_THAT((*shelf)->faults()[0], Catch::Contains(path.string()));
    CHECK_THAT((*shelf)->faults()[0], !Catch::Contains(reason));
  }
  const auto shelf = OpeningShelf::open(scene.registry.openings_folder());
  REQUIRE(shelf);
  CHECK((*shelf)->destroy(EntryIndex{5}, "/other").error().code == "opening-not-found");
  CHECK((*shelf)->destroy(EntryIndex{5}, "/reason"));
  CHECK(scene.files().empty());
}

TEST_CASE("openings: who asks for the class is told of a new one at once, on its subscription") {
  Scene scene;
  const HttpResponse made = scene.registry.send(
      HttpMethod::post, "/v1/subscriptions",
      R"({"url": "https://a.example/", "filter": {"classifications": ["RED"]}})", party_token);
  REQUIRE(made.status == 201);
  const std::string path =
      "/v1/subscriptions/" + Json::parse(*made.body)["id"].get<std::string>() + "/deliveries";
  Notifier& notifier = *scene.registry.notifier;
  for (int pass = 0; pass < 20; ++pass) notifier.run_once();  // Verified, and then idle.
  std::promise<Bytes> sent;
  scene.registry.transport.on_send = [&](const OutgoingMessage& message) {
    sent.set_value(message.body);
  };
  notifier.start();
  REQUIRE(scene.keep({opening()}, {{{"who", "party"}}}, 5, "RED").status == 201);
  auto body = sent.get_future();
  // Nobody else wakes it within a minute.
  const bool told = body.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  notifier.stop();
  REQUIRE(told);
  const Json event = Json::parse(body.get());
  CHECK(event["type"] == "example.cpl.advisory.published.v1");
  CHECK(event["dataref"].get<std::string>().ends_with("/v1/entries/5/openings"));
  notifier.run_once();  // Takes in what the thread left.
  const Json log =
      Json::parse(*scene.registry.send(HttpMethod::get, path, {}, party_token).body)["deliveries"];
  CHECK(log[0]["what"] == "advisory");
  CHECK(log[0]["outcome"] == "delivered");
  CHECK(log[0]["request_octets"] == advisory_size);
}

TEST_CASE("openings: one kept before there were classes is of the strictest") {
  Scene scene;
  REQUIRE(scene.keep({opening()}, {{{"who", "all_parties"}}}).status == 201);
  std::ifstream file(scene.files()[0], std::ios::binary);
  Json kept = Json::parse(file);
  CHECK(kept["classification"] == "AMBER");
  const auto read_with = [&](const Json& classification) {
    for (const char* member : {"classification", "checksum"}) kept.erase(member);
    if (!classification.is_null()) kept["classification"] = classification;
    std::ofstream(scene.files()[0], std::ios::binary) << kept.dump();
    return OpeningShelf::open(scene.registry.openings_folder());
  };
  const auto without = read_with(nullptr);
  REQUIRE(without);
  CHECK((*without)->list().at(0).classification == "RED");
  const auto purple = read_with("PURPLE");
  REQUIRE(purple);
  CHECK((*purple)->faults().size() == 1);
}

TEST_CASE("openings: one that is destroyed is written over and gone; the log is as it was") {
  Scene scene;
  REQUIRE(scene.keep({opening()}, {{{"who", "all_parties"}}}).status == 201);
  const auto beside = scene.registry.openings_folder() / "seen-by-a-test";
  std::filesystem::create_hard_link(scene.files()[0], beside);  // The same octets on the disk.
  const auto destroy = [&] {
    return scene.registry.send(HttpMethod::delete_, operator_path + "/5?field=/reason", {},
                               operator_token);
  };
  CHECK(destroy().status == 204);
  CHECK(problem(destroy(), 404)["code"] == "opening-not-found");
  std::ifstream octets(beside, std::ios::binary);
  const Bytes left(std::istreambuf_iterator<char>(octets), {});
  CHECK(left == Bytes(left.size(), '\0'));
  std::filesystem::remove(beside);
  CHECK(scene.files().empty());
  CHECK(scene.read(party_token).status == 404);
  const Json entry = scene.registry.get_json("/v1/entries/5");
  CHECK(entry["seals"]["/reason"].is_null());  // Sealed, and opened by no entry.
}

TEST_CASE("openings: one that is kept again leaves nothing of the first on the disk") {
  Scene scene;
  REQUIRE(scene.keep({opening()}, {{{"who", "service_desk"}}}).status == 201);
  const auto file = scene.files().at(0);
  const auto beside = scene.registry.openings_folder() / "seen-by-a-test";
  std::filesystem::create_hard_link(file, beside);
  REQUIRE(scene.keep({opening()}, {{{"who", "all_parties"}}}).status == 201);
  std::ifstream octets(beside, std::ios::binary);
  const Bytes left(std::istreambuf_iterator<char>(octets), {});
  CHECK(left == Bytes(left.size(), '\0'));
  std::filesystem::remove(beside);
  CHECK(scene.files().size() == 1);
  // A process that ended before the second was in the place of the first.
  std::filesystem::create_hard_link(file, file.string() + ".old");
  const auto again = OpeningShelf::open(scene.registry.openings_folder());
  REQUIRE(again);
  CHECK((*again)->of_entry(EntryIndex{5}).at(0).opening.words == reason);
  CHECK(scene.files().size() == 1);
}

TEST_CASE("openings: what an end in the middle left is cleared away, and the service starts") {
  Scene scene;
  REQUIRE(scene.keep({opening()}, {{{"who", "all_parties"}}}).status == 201);
  const auto file = scene.files().at(0);
  const auto unfinished = std::filesystem::path(file.string() + ".new");
  std::filesystem::copy_file(file, unfinished);  // Written, and not renamed.
  auto again = OpeningShelf::open(scene.registry.openings_folder());
  REQUIRE(again);
  CHECK_FALSE(std::filesystem::exists(unfinished));
  CHECK((*again)->list().size() == 1);

  REQUIRE(overwrite_durably(file));  // Destroyed, and not removed.
  again = OpeningShelf::open(scene.registry.openings_folder());
  REQUIRE(again);
  CHECK((*again)->list().empty());
  CHECK(scene.files().empty());
  std::ofstream(file).close();  // Made, and not written.
  REQUIRE(OpeningShelf::open(scene.registry.openings_folder()));
  CHECK(scene.files().empty());
}

TEST_CASE("openings: one that cannot be written is not kept, and that is said") {
  Scene scene;
  // Something is in the way, as for want of room on a full disk.
  REQUIRE(scene.keep({opening()}, {{{"who", "service_desk"}}}).status == 201);
  const auto file = scene.files().at(0);
  std::filesystem::create_directories(file.string() + ".new/in-the-way");
  const HttpResponse refused = scene.keep({opening()}, {{{"who", "all_parties"}}});
  CHECK(problem(refused, 503)["code"] == "file-error");
  CHECK(scene.read(party_token).status == 404);  // The readers are still those of before.
  CHECK(scene.read(scene.desk_token).status == 200);
  std::filesystem::remove_all(file.string() + ".new");
}

}  // namespace cpl::testing::openings_test
