// What `cpl` makes of answers to statements, of pages without end, and of events that are withheld.
#include "notifier/event/event.hpp"
#include "tests/tools/cpl/client_scene.hpp"

namespace cpl::testing::client_answers_test {

TEST_CASE("client answers: an answer to a statement must be about it, and proven") {
  const std::vector<std::pair<std::string, std::function<void(Json&)>>> alterations = {
      {"another index", [](Json& json) { json["index"] = 3; }},
      {"another id", [](Json& json) { json["id"] = std::string(64, '0'); }},
      {"no proof", [](Json& json) { json.erase("proof"); }},
      {"nonsense for a proof", [](Json& json) { json["proof"] = "nonsense"; }},
      {"nonsense for a checkpoint", [](Json& json) { json["checkpoint"] = "nonsense"; }},
      {"no index", [](Json& json) { json.erase("index"); }}};
  for (const auto& [name, change] : alterations) {
    for (const bool knows_policy : {true, false}) {
      ClientScene scene(9, log_keys().log.verifier());
      std::vector<std::string> words{"submit", "@one.stmt"};
      if (knows_policy) words.insert(words.end(), {"--policy", "@policy.txt"});
      scene.start(words, [&, alter = change](const ProxyRequest& request) {
        ProxyAnswer answer = scene.registry.answer(request);
        return request.method == "POST" ? with_json(answer, alter) : answer;
      });
      CAPTURE(name, knows_policy);
      CHECK(scene.status().value_or(0) != 0);
    }
  }
}

TEST_CASE("client answers: without a policy the client says what nobody checked") {
  const std::vector<std::vector<std::string>> commands = {{"submit", "@one.stmt"},
                                                          {"submit", "@many"},
                                                          {"prove", "5", "--out", "@proof"},
                                                          {"show", "5"},
                                                          {"log"}};
  for (const auto& words : commands) {
    ClientScene scene(9, log_keys().log.verifier());
    scene.start(words, [&](const ProxyRequest& request) { return scene.registry.answer(request); });
    CAPTURE(words);
    CHECK(scene.status() == 0);
    CHECK_THAT(scene.printed(), Catch::Contains("no trust policy"));
  }
}

TEST_CASE("client answers: a list whose pages never end has an end") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> lists = {
      {{"list", "--limit", "10000"}, "models"},
      {{"desk", "inbox"}, "notices"},
      {{"agenda", "--since", "2026-01-01", "--out", "@paper"}, "entries"}};
  for (const auto& [words, rows] : lists) {
    ClientScene scene(9, log_keys().log.verifier());
    scene.start(words, [&, name = rows](const ProxyRequest& request) {
      return with_json(scene.registry.answer(request), [&](Json& json) {
        if (json.contains(name))
          json["next"] = name == "models" ? Json(small_id(1).text()) : Json(7);
      });
    });
    CAPTURE(words);
    const auto status = scene.status();
    CHECK((status && *status != 0));
    CHECK_THAT(scene.printed(), Catch::Contains("has no end") || Catch::Contains("not in") ||
                                    Catch::Contains("leaves out"));
  }
}

TEST_CASE(
    "client answers: a reader of the stream is told what was withheld, whatever the events say") {
  const auto events_of = [](TrueRegistry& registry, const std::vector<std::uint64_t>& entries) {
    const std::lock_guard lock(registry_mutex());
    const auto view = registry.api().log.view();
    const EventOptions options{"https://cpl.example/log", "example.cpl"};
    std::optional<EntryIndex> previous;
    Bytes stream;
    for (const std::uint64_t entry : entries) {
      const auto event = event_of(*view->leaf(EntryIndex{entry}), Audience::parties);
      REQUIRE((event && *event));
      stream += "data: " + *format_event(**event, {previous}, *view, options) + "\n\n";
      previous = EntryIndex{entry};
    }
    return stream;
  };
  const auto heard = [&](const std::vector<std::uint64_t>& entries) {
    ClientScene scene(6, log_keys().log.verifier());
    const Bytes stream = events_of(scene.registry, entries);
    scene.start({"listen", "--stream", "--from-entry", "1", "--limit",
                 std::to_string(entries.size()), "--policy", "@policy.txt"},
                [&](const ProxyRequest& request) {
                  if (!request.target.starts_with("/v1/changes/stream")) {
                    return scene.registry.answer(request);
                  }
                  return ProxyAnswer{200, "text/event-stream", stream};
                });
    CHECK(scene.status() == 0);
    return scene.printed();
  };
  CHECK_THAT(heard({1, 2, 3, 5}),
             Catch::Contains("nothing withheld") && !Catch::Contains("WITHHELD"));
  CHECK_THAT(heard({1, 3}), Catch::Contains("WITHHELD: entry 2"));
  CHECK_THAT(heard({2, 3}), Catch::Contains("WITHHELD: entry 1"));
}

TEST_CASE("client answers: a program is run for an event until it ends with status 0") {
  ClientScene scene(6, log_keys().log.verifier());
  const std::string heard = scene.folder.path("heard");
  const std::string script = scene.folder.path("program.sh");
  // Fails once, at the second event.
  std::ofstream(script) << "cat >>" << heard << "\n[ $(wc -l <" << heard << ") -ne 2 ]\n";
  const auto stream_behind = [&](std::uint64_t cursor) {
    const std::lock_guard lock(registry_mutex());
    const auto view = scene.registry.api().log.view();
    Bytes stream = "retry: 10\n\n";
    for (std::uint64_t entry = cursor + 1; entry < 4; ++entry) {
      const auto event = event_of(*view->leaf(EntryIndex{entry}), Audience::parties);
      stream += "data: " +
                *format_event(**event, {EntryIndex{entry - 1}}, *view,
                              {"https://cpl.example/log", "example.cpl"}) +
                "\n\n";
    }
    return stream;
  };
  scene.start({"listen", "--stream", "--from-entry", "1", "--limit", "3", "--policy", "@policy.txt",
               "--cursor-file", "@cursor", "--exec", "sh " + script},
              [&](const ProxyRequest& request) {
                if (!request.target.starts_with("/v1/changes/stream")) {
                  return scene.registry.answer(request);
                }
                std::uint64_t cursor = 0;
                for (const auto& [name, value] : request.headers) {
                  if (name == "Last-Event-ID") cursor = parse_sequence(value)->value;
                }
                return ProxyAnswer{200, "text/event-stream", stream_behind(cursor)};
              });
  CHECK(scene.status() == 0);
  CHECK(scene.folder.content("cursor") == "00000000000000000003\n");
  std::vector<std::string> ids;
  std::istringstream lines(scene.folder.content("heard"));
  for (std::string line; std::getline(lines, line);)
    ids.push_back(Json::parse(line)["id"].get<std::string>());
  CHECK(ids == std::vector<std::string>{"entry-1", "entry-2", "entry-2", "entry-3"});
}

}  // namespace cpl::testing::client_answers_test
