// cpl subscribe: a Party's webhooks, from the first wish to the last delivery.
#include <poll.h>

#include "api/feed/filter_query.hpp"
#include "registry/base/http_tokens.hpp"
#include "registry/base/json.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/filter_options.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/subscription_text.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/cpl/told.hpp"

namespace cpl {
namespace {

const std::string subscriptions_path = "/v1/subscriptions";
constexpr std::size_t token_file_max = 4096;
constexpr int poll_millis = 200;
constexpr int polls_max = 100;  // Twenty seconds, which one attempt may take.

struct SubscribeOptions {
  std::string token_file;
  std::string id;
  std::string url;
  std::string code;
  bool daily = false;
  bool ticket = false;
  FilterOptions filter;
  std::optional<std::uint64_t> from;
  std::string secret_file;
  std::uint64_t grace_seconds = seconds_per_day;
  std::uint64_t period_seconds = 90 * seconds_per_day;
  std::uint64_t limit = 20;
  std::optional<std::uint64_t> before;
};

Result<HttpIdentity> identity_of(const Cli& cli, const SubscribeOptions& options) {
  HttpIdentity identity = cli.identity;
  if (!options.token_file.empty()) {
    Bytes token = TRY(read_exact_file(options.token_file, token_file_max, LineEnds::any));
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
    identity.bearer_token = token;
  }
  TRY_VOID(check_identity(identity));
  return identity;
}

std::string path_of(const SubscribeOptions& options) { return "/" + percent_encode(options.id); }

// One owner's requests.
class Session {
 public:
  Session(const Cli& cli, HttpIdentity identity) : client_(cli.client_of(std::move(identity))) {}

  Result<Json> get(const std::string& path) const {
    return client_.get_json(subscriptions_path + path);
  }
  Result<Json> post(const std::string& path, const Json& body) const {
    return json_of(TRY(client_.post(subscriptions_path + path, body.dump(), json_type)));
  }
  // What makes something each time that it is asked for.
  Result<Json> create(const std::string& path, const Json& body) const {
    return json_of(TRY(client_.create(subscriptions_path + path, body.dump(), json_type)));
  }
  // These two change it as it is now, and nothing that somebody else makes of it meanwhile.
  Result<Json> patch(const std::string& path, const Json& body) const {
    const std::string tag = TRY(client_.get(subscriptions_path + path)).etag;
    return json_of(TRY(client_.patch(subscriptions_path + path, body.dump(), json_type, tag)));
  }
  Result<void> remove(const std::string& path) const {
    const std::string tag = TRY(client_.get(subscriptions_path + path)).etag;
    TRY(client_.del(subscriptions_path + path, tag));
    return {};
  }

 private:
  HttpClient client_;
};

// A subscription, which must be the one that was asked about.
Result<void> check_own(const Json& answer, const SubscribeOptions& options) {
  return check_told(answer, "id", options.id);
}

// Asks until `done` says so of an answer; the last answer.
Result<Json> await(const Session& session, const std::string& path,
                   const std::function<bool(const Json&)>& done) {
  for (int polls = 1;; ++polls) {
    Json answer = TRY(session.get(path));
    if (done(answer) || polls == polls_max) return answer;
    ::poll(nullptr, 0, poll_millis);
  }
}

// Until the receiver is verified, or an attempt more than before has failed.
Result<Json> await_verification(const Session& session, const SubscribeOptions& options,
                                std::uint64_t failed_before) {
  return await(session, path_of(options), [&](const Json& now) {
    return text_of(now, "state") != "pending" ||
           now.value("failed_attempts", std::uint64_t{0}) > failed_before;
  });
}

// The answer carries a secret, which is shown this once; in a file only its owner reads it.
Result<void> tell_keys(const Cli& cli, const SubscribeOptions& options, Json answer) {
  std::string text = subscription_text(answer);
  if (options.secret_file.empty()) {
    text += "  secret      " + text_of(answer, "secret") + "  (not shown again)\n";
  } else {
    TRY_VOID(write_file(options.secret_file, answer.value("secret", "") + "\n", Secrecy::secret));
    text += "  secret      in " + options.secret_file + "\n";
    answer.erase("secret");
    answer["secret_file"] = options.secret_file;
  }
  text += "  public key  " + text_of(answer, "public_key") + "\n";
  if (text_of(answer, "state") == "pending") {
    text +=
        "Give the receiver the secret, then: cpl subscribe verify " + text_of(answer, "id") + "\n";
  }
  cli.print(answer, text);
  return {};
}

using Body = std::function<Result<void>(Cli&, const SubscribeOptions&, const Session&)>;

// What has no other outcome than the secret is not done where that would be lost.
Result<void> check_secret_file(const SubscribeOptions& options) {
  if (options.secret_file.empty()) return {};
  return check_secret_can_be_written(options.secret_file);
}

Result<void> add(Cli& cli, const SubscribeOptions& options, const Session& session) {
  TRY_VOID(check_secret_file(options));
  Json body = {{"url", with_plain_scheme(options.url)}, {"filter", to_json(options.filter)}};
  if (options.from) body["from"] = *options.from;
  if (options.daily) body["delivery"] = "daily";
  if (options.ticket) body["style"] = "ticket";
  const Json made = TRY(session.create("", body));
  TRY_VOID(check_told(made, "url", body["url"]));
  TRY_VOID(check_told(made, "filter", body["filter"]));
  return tell_keys(cli, options, made);
}

Result<void> list_own(Cli& cli, const SubscribeOptions&, const Session& session) {
  const Json answer = TRY(session.get(""));
  std::string text;
  for (const Json& own : TRY(rows_of(answer, "subscriptions"))) {
    text += subscription_line(own);
  }
  cli.print(answer, text.empty() ? "you have no subscription; cpl subscribe add makes one" : text);
  return {};
}

Result<void> show_own(Cli& cli, const SubscribeOptions& options, const Session& session) {
  const Json answer = TRY(session.get(path_of(options)));
  TRY_VOID(check_own(answer, options));
  cli.print(answer, subscription_text(answer));
  return {};
}

Result<void> verify(Cli& cli, const SubscribeOptions& options, const Session& session) {
  const Json before = TRY(session.post(path_of(options) + "/verify", Json::object()));
  const Json now = TRY(await_verification(session, options, before.value("failed_attempts", 0U)));
  TRY_VOID(check_own(now, options));
  cli.print(now, subscription_text(now));
  if (text_of(now, "state") == "pending") cli.exit_code = exit_refused;
  return {};
}

Result<void> confirm(Cli& cli, const SubscribeOptions& options, const Session& session) {
  TRY(session.post("/" + options.id + "/confirm", {{"code", options.code}}));
  const Json now = TRY(await(session, "/" + options.id, [](const Json& answer) {
    return text_of(answer, "state") != "pending";
  }));
  TRY_VOID(check_own(now, options));
  cli.print(now, subscription_text(now));
  if (text_of(now, "state") == "pending") cli.exit_code = exit_refused;
  return {};
}

Body action(const std::string& name) {
  return [name](Cli& cli, const SubscribeOptions& options, const Session& session) -> Result<void> {
    const Json answer = TRY(session.post(path_of(options) + "/" + name, Json::object()));
    TRY_VOID(check_own(answer, options));
    const bool paused = text_of(answer, "state") == "paused";
    if (paused != (name == "pause")) {
      return evidence_mismatch("the registry says that " + options.id + " is " +
                               text_of(answer, "state") + ", and it was to " + name);
    }
    cli.print(answer, subscription_text(answer));
    return {};
  };
}

Result<void> rotate(Cli& cli, const SubscribeOptions& options, const Session& session) {
  TRY_VOID(check_secret_file(options));
  const Json made =
      TRY(session.create(path_of(options) + "/rotate", {{"grace_seconds", options.grace_seconds}}));
  TRY_VOID(check_own(made, options));
  return tell_keys(cli, options, made);
}

Result<void> test(Cli& cli, const SubscribeOptions& options, const Session& session) {
  const Json sent = TRY(session.create(path_of(options) + "/test", Json::object()));
  const std::string event = text_of(sent, "event");
  const auto find = [&](const Json& answer) {
    for (const Json& attempt : answer.value("deliveries", Json::array())) {
      if (text_of(attempt, "event") == event) return attempt;
    }
    return Json(nullptr);
  };
  const Json log = TRY(await(session, path_of(options) + "/deliveries?limit=50",
                             [&](const Json& answer) { return !find(answer).is_null(); }));
  const Json attempt = find(log);
  if (attempt.is_null()) {
    return Error{Errc::unavailable, "test-not-answered",
                 "the test " + event + " was not answered yet; see cpl subscribe log", 0};
  }
  cli.print(attempt, deliveries_text({{"deliveries", {attempt}}}));
  if (text_of(attempt, "outcome") != "delivered") cli.exit_code = exit_refused;
  return {};
}

Result<void> replay(Cli& cli, const SubscribeOptions& options, const Session& session) {
  const Json answer =
      TRY(session.create(path_of(options) + "/replay", {{"from", options.from.value_or(0)}}));
  TRY_VOID(check_own(answer, options));
  cli.print(answer, subscription_text(answer));
  return {};
}

Result<void> change(Cli& cli, const SubscribeOptions& options, const Session& session) {
  Json body = Json::object();
  if (!options.url.empty()) body["url"] = with_plain_scheme(options.url);
  if (!options.filter.empty()) body["filter"] = to_json(options.filter);
  const Json answer = TRY(session.patch(path_of(options), body));
  TRY_VOID(check_own(answer, options));
  for (const auto& [member, asked] : body.items()) {
    TRY_VOID(check_told(answer, member.c_str(), asked));
  }
  cli.print(answer, subscription_text(answer));
  return {};
}

Result<void> preview(Cli& cli, const SubscribeOptions& options, const Session& session) {
  const Json answer =
      TRY(session.post("/preview", {{"filter", to_json(options.filter)},
                                    {"days", options.period_seconds / seconds_per_day}}));
  cli.print(answer, preview_text(answer));
  return {};
}

Result<void> show_log(Cli& cli, const SubscribeOptions& options, const Session& session) {
  std::string path = path_of(options) + "/deliveries?limit=" + std::to_string(options.limit);
  if (options.before) path += "&before=" + std::to_string(*options.before);
  const Json answer = TRY(session.get(path));
  cli.print(answer, deliveries_text(answer));
  return {};
}

Result<void> remove(Cli& cli, const SubscribeOptions& options, const Session& session) {
  TRY_VOID(session.remove(path_of(options)));
  cli.print({{"id", options.id}, {"state", "retired"}},
            printable(options.id) + " is retired: nothing is sent there any more");
  return {};
}

class Commands {
 public:
  Commands(Cli& cli, CLI::App& parent) : cli_(cli), parent_(parent) {}

  CLI::App& add(const std::string& name, const std::string& description, const std::string& example,
                Body body) {
    CLI::App* command =
        add_command(parent_, name, description, "CPL_TOKEN=... cpl subscribe " + example);
    command->add_option("--token-file", options->token_file,
                        "The file with your token, instead of CPL_TOKEN");
    command->callback([&cli = cli_, options = options, body = std::move(body)] {
      cli.run([&]() -> Result<void> {
        const Session session(cli, TRY(identity_of(cli, *options)));
        return body(cli, *options, session);
      });
    });
    return *command;
  }
  // What changes something.
  CLI::App& changing(CLI::App& command) {
    add_dry_run(cli_, command);
    return command;
  }
  // Of one subscription.
  CLI::App& add_of_one(const std::string& name, const std::string& description,
                       const std::string& arguments, Body body) {
    CLI::App& command =
        add(name, description, name + " sub_0123456789abcdef0123" + arguments, std::move(body));
    command.add_option("id", options->id, "The subscription's id")->required();
    return command;
  }

  const std::shared_ptr<SubscribeOptions> options = std::make_shared<SubscribeOptions>();

 private:
  Cli& cli_;
  CLI::App& parent_;
};

void add_looking_commands(Commands& commands) {
  SubscribeOptions& options = *commands.options;
  commands.add("list", "Show your subscriptions", "list --token-file token", list_own);
  commands.add_of_one("show", "Show one of them, and what is wrong with it", "", show_own);
  CLI::App& log = commands.add_of_one(
      "log", "Show its deliveries and their outcome, the newest first", " -n 50", show_log);
  log.add_option("-n,--limit", options.limit, "How many at most")->capture_default_str();
  log.add_option("--before", options.before, "Only those with a smaller number");
  CLI::App& preview_command = commands.add(
      "preview", "Count what a filter would have let through",
      "preview --event-type entry.removed.v1 --manufacturer 10E0 --within 365d", preview);
  take_duration(
      preview_command.add_option("--within", options.period_seconds, "How far to look back"),
      options.period_seconds);
  add_filter_options(preview_command, options.filter);
}

void add_changing_commands(Commands& commands) {
  SubscribeOptions& options = *commands.options;
  const auto changing = [&](const std::string& name, const std::string& description,
                            const std::string& arguments, Body body) -> CLI::App& {
    return commands.changing(commands.add_of_one(name, description, arguments, std::move(body)));
  };
  changing("verify", "Ask the receiver again whether it wants notices, now", "", verify);
  changing("confirm", "Give the code that was mailed to the mailbox", " 01234567", confirm)
      .add_option("code", options.code, "Eight digits")
      ->required();
  changing("pause", "Send nothing until it is resumed; nothing is lost", "", action("pause"));
  changing("resume", "Go on where it was paused; try a quarantined one at once", "",
           action("resume"));
  CLI::App& rotate_command = changing("rotate", "Make new keys; the old ones sign too for a while",
                                      " --grace 48h", rotate);
  take_duration(rotate_command.add_option("--grace", options.grace_seconds,
                                          "How long; 0 if the secret was stolen, at most 7d"),
                options.grace_seconds)
      ->check(CLI::Range(std::uint64_t{0}, 7 * seconds_per_day));
  rotate_command.add_option("--secret-file", options.secret_file,
                            "Write the secret into this file, and do not show it");
  changing("test", "Send a test event, and say what was answered", "", test);
  changing("replay", "Send again what was sent, from an entry on", " --from-entry 1500", replay)
      .add_option("--from-entry", options.from, "The first entry")
      ->required();
  CLI::App& change_command =
      changing("change", "Change the URL, which is verified anew, or the filter",
               " --url https://party.example/hooks", change);
  change_command.add_option("--url", options.url, "Where deliveries go");
  add_filter_options(change_command, options.filter);
  changing("remove", "Retire it for ever", "", remove);
}

}  // namespace

void add_subscribe_commands(Cli& cli) {
  CLI::App* subscribe = add_command(
      cli.app, "subscribe", "Have notices sent to a webhook or a mailbox, and look after it",
      "CPL_TOKEN=... cpl subscribe add https://party.example/hooks --server https://cpl.example");
  subscribe->require_subcommand(1);
  Commands commands(cli, *subscribe);
  SubscribeOptions& options = *commands.options;
  CLI::App& add_one = commands.changing(commands.add(
      "add", "Subscribe", "add https://party.example/hooks --event-type entry.removed.v1", add));
  add_one.add_option("url", options.url, "Where deliveries go: https://… or mailto:…")->required();
  add_filter_options(add_one, options.filter);
  add_one.add_flag("--daily", options.daily, "For a mailbox: one message a day with all of it");
  add_one.add_flag("--ticket", options.ticket,
                   "For the Service Desk: the mailbox is a ticket system's, with one thread for a "
                   "notice");
  add_one.add_option("--from-entry", options.from, "From this entry on; only new ones if left out");
  add_one.add_option("--secret-file", options.secret_file,
                     "Write the secret into this file, and do not show it");
  add_looking_commands(commands);
  add_changing_commands(commands);
}

}  // namespace cpl
