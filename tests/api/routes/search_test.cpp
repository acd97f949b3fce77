// The list searched: most of it is passed over without being read, and nothing of what is asked
// for.
#include <future>
#include <thread>

#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::search_test {

namespace {

Bytes named_addition(std::uint64_t number, const std::string& manufacturer) {
  DeviceModel model = small_model(number);
  model.manufacturer_name = manufacturer;
  return sign(Addition{model, start_time}, log_keys().registrar);
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) out += "%" + to_hex(BytesView(&c, 1));
  return out;
}

}  // namespace

TEST_CASE("api: a search finds a text however it is stored, in whatever case") {
  TestApi registry;
  registry.log.append({charter_note(), named_addition(1, "Acme \"Smart\" \\ S\u00f6hne"),
                       addition_note(2), addition_note(3)});
  const auto found = [&](std::string_view text) {
    return registry.get_json("/v1/models?q=" + percent_encoded(text))["models"].size();
  };
  CHECK(found("acme") == 1);
  CHECK(found("ACME \"sMART\"") == 1);
  CHECK(found("\" \\ S") == 1);
  CHECK(found("S\u00f6hne") == 1);
  CHECK(found("ppmid-1063-00050203-0000000") == 3);
  CHECK(found("example") == 2);
  // Words of other fields are none of its business.
  CHECK(found("smets1") == 0);
  CHECK(found("manufacturer_name") == 0);
}

TEST_CASE("api: a search is paged over what it passes by") {
  TestApi registry;
  std::vector<Bytes> notes = {charter_note()};
  for (std::uint64_t i = 1; i <= 450; ++i) {
    notes.push_back(i % 150 == 0 ? named_addition(i, "Rare Ltd") : addition_note(i));
  }
  registry.log.append(notes);
  std::vector<std::string> ids;
  std::string after;
  for (int page = 0; page < 10; ++page) {
    const Json json = registry.get_json("/v1/models?q=rare&limit=1" + after);
    for (const Json& model : json["models"]) ids.push_back(model["id"].get<std::string>());
    if (json["next"].is_null()) break;
    after = "&after=" + json["next"].get<std::string>();
  }
  CHECK(ids == std::vector<std::string>{std::string(small_id(150).text()),
                                        std::string(small_id(300).text()),
                                        std::string(small_id(450).text())});
}

TEST_CASE("api: what takes long is answered on threads of its own, with the same answer") {
  TestApi registry;
  registry.log.append({charter_note(), addition_note(1), addition_note(2)});
  ApiOptions options = api_options();
  options.read_threads = 2;
  Api api(*registry.log, *registry.sequencer, *registry.notifier, registry.log.clock, options);
  for (const std::string target :
       {"/v1/models?q=example", "/v1/entries?limit=2", "/v1/changes?limit=2", "/metrics"}) {
    HttpRequest request;
    const auto parsed = parse_target(target);
    REQUIRE(parsed);
    request.target = target;
    request.segments = parsed->segments;
    request.query = parsed->query;
    request.peer = "192.0.2.1";
    request.headers.add("Authorization", "Bearer " + std::string(metrics_token));
    std::promise<std::pair<HttpResponse, std::thread::id>> answered;
    api.handle(std::move(request), [&](HttpResponse response) {
      answered.set_value({std::move(response), std::this_thread::get_id()});
    });
    const auto [response, thread] = answered.get_future().get();
    CHECK(response.status == 200);
    CHECK(thread != std::this_thread::get_id());
    if (target != "/metrics") CHECK(*response.body == *registry.get(target).body);
  }
}

}  // namespace cpl::testing::search_test
