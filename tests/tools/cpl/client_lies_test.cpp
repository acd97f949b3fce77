// Every command of `cpl` that asks a registry, against every kind of lie that somebody in between
// can tell. What it acts upon it must prove; what it merely shows it must show as said.
//
// CPL_LIES=all runs each lie against each command; a build of the day runs a part of them.
#include "tests/tools/cpl/client_scene.hpp"

namespace cpl::testing::client_lies_test {
namespace {

const std::string first_model = small_id(1).text();   // Removed in the end.
const std::string second_model = small_id(2).text();  // Listed.

struct Command {
  std::vector<std::string> words;
  std::size_t entries;     // Of the story, that the registry has.
  bool acts = true;        // Signs, writes or judges; else it shows, and says whose word it is.
  std::size_t older = 5;   // What the registry had, for an answer that is old.
  std::string token = {};  // Who asks.
};

std::vector<Command> commands() {
  const std::vector<std::string> key = {"--key", "@desk.key", "--policy", "@policy.txt"};
  const auto desk = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "desk");
    words.insert(words.end(), key.begin(), key.end());
    return words;
  };
  const auto judged = [](std::vector<std::string> words) {
    words.insert(words.end(), {"--policy", "@policy.txt"});
    return words;
  };
  return {
      {judged({"desk", "check", "5"}), 8, true, 6},
      {desk({"receive", "5"}), 6, true, 5},
      {desk({"validate", "5"}), 7, true, 6},
      {desk({"reject", "5", "--code", "other", "--reason", "No."}), 7, true, 6},
      {desk({"apply", "5"}), 9, true, 8},
      {judged({"prove", "5", "--out", "@proof"}), 9, true, 8},
      {judged({"prove", "4", "--out", "@proof"}), 10, true, 9},
      {judged({"prove", first_model, "--out", "@proof"}), 9, true, 7},
      {judged({"prove", second_model, "--at-size", "5", "--out", "@proof"}), 9, true, 7},
      {judged({"prove", "4", "--tlog-proof", "--out", "@proof"}), 9, true, 4},
      {judged({"submit", "@one.stmt"}), 9, true, 7},
      {judged({"submit", "@many"}), 9, true, 7},
      {judged({"show", "5"}), 9, false, 7},
      {judged({"show", "4"}), 9, false, 7},
      {judged({"show", first_model}), 9, false, 7},
      {{"list"}, 9, false, 7},
      {{"list", "--status", "removed"}, 9, false, 7},
      {judged({"log", "--limit", "5"}), 9, false, 7},
      {{"desk", "inbox"}, 8, false, 6},
      {{"notices"}, 8, false, 6},
      {{"agenda", "--since", "2026-01-01"}, 9, false, 7},
      {judged({"audit", "URL"}), 10, true, 8},
      {judged({"mirror", "URL", "@copy"}), 10, true, 8},
      {judged(
           {"monitor", "URL", "--once", "--state", "@monitor.state", "--applied-within", "36500d"}),
       10, true, 8},
  };
}

using Tell = std::function<ProxyAnswer(const ProxyRequest&, TrueRegistry&, TrueRegistry&)>;

struct Lie {
  std::string name;
  Tell tell;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Another question than was asked, to which the answer is true.
ProxyRequest about_another(ProxyRequest request) {
  const std::string mark = "\1";
  std::string& target = request.target;
  target = replaced(target, first_model, mark);
  target = replaced(target, second_model, small_id(3).text());
  target = replaced(target, mark, second_model);
  const std::map<std::string, std::string> others = {
      {"/v1/notices/5", "/v1/notices/5"},  {"/v1/entries/5", "/v1/entries/4"},
      {"/v1/entries/4", "/v1/entries/5"},  {"at=5", "at=6"},
      {"status=removed", "status=listed"}, {"from=4", "from=3"}};
  for (const auto& [from, to] : others) {
    if (target.find(from) == target.npos) continue;
    target = replaced(target, from, to);
    break;
  }
  if (target == "/v1/notices/5/evidence") target = "/v1/decisions/4/evidence";
  return request;
}

void walk(Json& json, const std::function<void(Json&)>& change) {
  change(json);
  if (!json.is_structured()) return;
  for (Json& member : json) walk(member, change);
}

using Alter = std::function<void(Json&)>;

// The true answer, altered as JSON.
Lie altered(const std::string& name, const Alter& alter) {
  return {name, [alter](const ProxyRequest& request, TrueRegistry& now, TrueRegistry&) {
            return with_json(now.answer(request), alter);
          }};
}
// Each part of it.
Lie altered_all_over(const std::string& name, const Alter& alter) {
  return altered(name, [alter](Json& json) { walk(json, alter); });
}

using Spoil = std::function<void(const ProxyRequest&, ProxyAnswer&)>;

Lie spoilt(const std::string& name, const Spoil& spoil) {
  return {name, [spoil](const ProxyRequest& request, TrueRegistry& now, TrueRegistry&) {
            ProxyAnswer answer = now.answer(request);
            spoil(request, answer);
            return answer;
          }};
}
Lie with_body(const std::string& name, const std::string& body) {
  return spoilt(name, [body](const ProxyRequest&, ProxyAnswer& answer) { answer.body = body; });
}
Lie sent(const std::string& name, Manner manner) {
  return spoilt(name,
                [manner](const ProxyRequest&, ProxyAnswer& answer) { answer.manner = manner; });
}

void turn_octets(const ProxyRequest&, ProxyAnswer& answer) {
  for (std::size_t at = 60; at < answer.body.size(); at += 61) {
    answer.body[at] = answer.body[at] == '0' ? '1' : '0';
  }
}

void send_elsewhere(const ProxyRequest& request, ProxyAnswer& answer) {
  answer.status = 302;
  answer.more_headers = "Location: " + request.target + "?again\r\n";
}

// The artful ones first.
std::vector<Lie> lies() {
  return {
      {"another true answer",
       [](const ProxyRequest& request, TrueRegistry& now, TrueRegistry&) {
         return now.answer(request.method == "GET" ? about_another(request) : request);
       }},
      {"an older true answer",
       [](const ProxyRequest& request, TrueRegistry& now, TrueRegistry& older) {
         const bool is_old = request.method == "GET" && request.target != "/checkpoint";
         return is_old ? older.answer(request) : now.answer(request);
       }},
      altered("lists left empty",
              [](Json& json) {
                for (Json& member : json) {
                  if (member.is_array()) member = Json::array();
                }
              }),
      altered_all_over("reordered",
                       [](Json& part) {
                         if (part.is_array()) std::reverse(part.begin(), part.end());
                       }),
      altered_all_over("every number another",
                       [](Json& part) {
                         if (part.is_number_unsigned()) part = part.get<std::uint64_t>() + 1;
                       }),
      altered_all_over("every text another",
                       [](Json& part) {
                         if (part.is_string()) part = part.get<std::string>() + "0";
                       }),
      spoilt("octets turned", turn_octets),
      spoilt("sent elsewhere", send_elsewhere),
      spoilt("a page",
             [](const ProxyRequest&, ProxyAnswer& answer) { answer.content_type = "text/html"; }),
      {"withheld",
       [](const ProxyRequest&, TrueRegistry&, TrueRegistry&) {
         return ProxyAnswer{404, "application/problem+json",
                            R"({"code":"not-found","detail":"there is none","status":404})"};
       }},
      with_body("nothing", ""),
      with_body("no JSON", "nonsense"),
      with_body("an empty object", "{}"),
      with_body("an empty list", "[]"),
      sent("cut short", Manner::cut_short),
      sent("without end", Manner::endless),
      sent("drop by drop", Manner::dripping),
      sent("never", Manner::silent),
  };
}

// A lie told to a command, under way.
struct Trial {
  const Command* command;
  const Lie* lie;
  std::unique_ptr<TrueRegistry> older;
  std::unique_ptr<ClientScene> scene;
  std::shared_ptr<std::atomic<int>> told = std::make_shared<std::atomic<int>>(0);
};

// But for whether a statement came for the first time.
Json told_of(const ProxyAnswer& answer) {
  Json json = Json::parse(answer.body, nullptr, false);
  if (json.is_discarded()) return Json(answer.body);
  walk(json, [](Json& part) {
    if (part.is_object()) part.erase("repeated");
  });
  return json;
}

bool is_same(const ProxyAnswer& truth, const ProxyAnswer& answer) {
  const auto status = [](const ProxyAnswer& one) { return one.status == 201 ? 200 : one.status; };
  return status(truth) == status(answer) && told_of(truth) == told_of(answer) &&
         truth.content_type == answer.content_type && answer.manner == Manner::whole;
}

Trial start(const Command& command, const Lie& lie) {
  Trial trial{&command, &lie, std::make_unique<TrueRegistry>(command.older), {}};
  trial.scene = std::make_unique<ClientScene>(command.entries, log_keys().log.verifier());
  TrueRegistry& now = trial.scene->registry;
  TrueRegistry& older = *trial.older;
  trial.scene->start(command.words,
                     [&now, &older, &lie, told = trial.told](const ProxyRequest& request) {
                       const ProxyAnswer truth = now.answer(request);
                       ProxyAnswer answer = lie.tell(request, now, older);
                       if (!is_same(truth, answer)) ++*told;
                       return answer;
                     });
  return trial;
}

// Whether the command took it for true; nothing where no lie was told.
void judge(Trial& trial, int& lies_told) {
  const auto status = trial.scene->status();
  const std::string printed = trial.scene->printed();
  std::string words;
  for (const std::string& word : trial.command->words) words += word + " ";
  CAPTURE(words, trial.lie->name, printed);
  REQUIRE(status);  // It did not hang.
  if (*trial.told == 0) return;
  ++lies_told;
  const bool is_said = printed.find("registry says") != printed.npos;
  if (trial.command->acts) {
    CHECK(*status != 0);
    CHECK_FALSE(std::filesystem::exists(trial.scene->folder.path("proof")));
  } else {
    CHECK((*status != 0 || is_said));
  }
  CHECK_THAT(printed, !Catch::Contains("exception") && !Catch::Contains("terminate"));
}

constexpr std::size_t at_once = 8;

void run(std::vector<std::pair<const Command*, const Lie*>> pairs) {
  int lies_told = 0;
  std::vector<Trial> trials;
  const auto finish = [&] {
    for (Trial& trial : trials) judge(trial, lies_told);
    trials.clear();
  };
  for (const auto& [command, lie] : pairs) {
    trials.push_back(start(*command, *lie));
    if (trials.size() == at_once) finish();
  }
  finish();
  WARN(lies_told << " lies told, 0 believed");
}

}  // namespace

TEST_CASE("client lies: each command believes a registry that tells the truth") {
  const auto all = commands();
  const Lie truth{"the truth", [](const ProxyRequest& request, TrueRegistry& now, TrueRegistry&) {
                    return now.answer(request);
                  }};
  for (const Command& command : all) {
    Trial trial = start(command, truth);
    const auto status = trial.scene->status();
    CAPTURE(command.words, trial.scene->printed());
    CHECK(status == 0);
  }
}

TEST_CASE("client lies: no lie of any kind is believed by any command, and none hangs it") {
  const auto all_commands = commands();
  const auto all_lies = lies();
  const char* const wish = std::getenv("CPL_LIES");
  const bool all = wish != nullptr && std::string(wish) == "all";
  std::vector<std::pair<const Command*, const Lie*>> pairs;
  for (std::size_t c = 0; c < all_commands.size(); ++c) {
    for (std::size_t l = 0; l < all_lies.size(); ++l) {
      // Of the day: the first kinds, which are the artful ones, and of the others each somewhere;
      // those that a client waits for come last, and are few.
      const bool is_slow = l + 3 > all_lies.size();
      if (all || l < 2 || (c + l) % (is_slow ? 24 : 6) == 0) {
        pairs.emplace_back(&all_commands[c], &all_lies[l]);
      }
    }
  }
  run(pairs);
}

TEST_CASE("client lies: a desk that is lied to signs nothing") {
  const auto all_commands = commands();
  const auto all_lies = lies();
  for (const Command& command : all_commands) {
    if (command.words[0] != "desk" || command.words.size() < 6 || command.words[1] == "check") {
      continue;
    }
    for (std::size_t l = 0; l < 2; ++l) {
      Trial trial = start(command, all_lies[l]);
      CAPTURE(command.words, all_lies[l].name);
      CHECK(trial.scene->status() != 0);
      CHECK(trial.scene->registry.size() == command.entries);
    }
  }
}

TEST_CASE("client lies: a log of another key is no log of the policy's") {
  for (const Command& command : commands()) {
    if (!command.acts) continue;
    ClientScene scene(command.entries, log_key_from("another").verifier());
    scene.start(command.words,
                [&](const ProxyRequest& request) { return scene.registry.answer(request); });
    const auto status = scene.status();
    CAPTURE(command.words, scene.printed());
    CHECK((status && *status != 0));
    CHECK_FALSE(std::filesystem::exists(scene.folder.path("proof")));
  }
}

}  // namespace cpl::testing::client_lies_test
