// cpl listen: a webhook receiver that checks signatures and proofs and prints what it is told. It
// subscribes by itself, and unsubscribes when it stops.
#include <csignal>
#include <iostream>

#include "api/server/server.hpp"
#include "crypto/mutex.hpp"
#include "notifier/subscription/webhook_signature.hpp"
#include "tools/cpl/listen.hpp"
#include "tools/cpl/listen_place.hpp"
#include "tools/cpl/told.hpp"
#include "tools/shared/command_run.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

// How long a first delivery waits for the answer to our subscription, which has its secret.
constexpr std::chrono::seconds secret_wait{5};

struct Delivery {
  Json event;
  std::string line;       // Empty: nothing for people.
  bool of_entry = false;  // Not of a checkpoint, say.
  std::string challenge;  // To be given back; empty: none.
};

std::string member_of(const Json& json, const char* name) {
  const auto member = json.find(name);
  return member != json.end() && member->is_string() ? member->get<std::string>() : "";
}

// Events of no entry, which the signature alone vouches for.
bool is_service_event(const Json& event) {
  const std::string type = member_of(event, "type");
  return type.ends_with(".test.v1") || type.ends_with(".subscription.quarantined.v1") ||
         type.ends_with(".subscription.recovered.v1") || type.ends_with(".desk.late.v1") ||
         type.ends_with(".advisory.published.v1");
}

Delivery service_delivery(Json event) {
  const Json data = event.value("data", Json::object());
  Delivery delivery;
  delivery.challenge = data.is_object() ? member_of(data, "challenge") : "";
  if (delivery.challenge.empty() && data.is_object()) {
    const std::string classification = member_of(event, "dataclassification");
    const std::string address = member_of(event, "dataref");
    delivery.line = std::string(20, '-') + "  " + member_of(event, "type") + "  " +
                    (classification.empty() ? "" : classification + ": ") +
                    in_uk_time(member_of(data, "summary")) +
                    (address.empty() ? "" : ", or GET " + address) + "  [signature ok]";
  }
  delivery.event = std::move(event);
  return delivery;
}

// What a delivery must be to be believed: signed with our keys, and true of the log that the policy
// trusts.
class Receiver {
 public:
  Receiver(const Cli& cli, const ListenOptions& options, TrustPolicy policy)
      : clock_(cli.clock),
        options_(options),
        policy_(std::move(policy)),
        client_(cli.client()),
        checker_(policy_) {}

  // Once the subscription is made: whose it is, and the keys that its deliveries are signed with.
  void set_verifier(WebhookVerifier verifier, EventFilter filter, Audience audience) {
    {
      const Lock lock(mutex_);
      verifier_ = std::move(verifier);
      between_.emplace(client_, policy_, std::move(filter), audience);
    }
    has_verifier_.notify_all();
  }

  Result<Delivery> receive(const HttpRequest& request) {
    const auto header = [&](std::string_view name) {
      return request.headers.find(name).value_or("");
    };
    Lock lock(mutex_);
    if (!has_verifier_.wait_for(lock, secret_wait,
                                [&]() REQUIRES(mutex_) { return verifier_.has_value(); })) {
      return Error{Errc::unavailable, "not-yet", "the subscription is not yet complete", 0};
    }
    TRY_VOID(verifier_->verify(header("webhook-id"), header("webhook-timestamp"),
                               header("webhook-signature"), request.body,
                               clock_.now().value / 1000));
    Json event = TRY(parse_json(request.body));
    if (is_service_event(event)) return service_delivery(std::move(event));
    const Told told = TRY(checker_.check(event));
    std::string line = in_uk_time(told.line) + "  [signature ok, proof ok" +
                       before_text(*between_, options_, told);
    line += told.repeated ? ", seen before]" : "]";
    return Delivery{std::move(event), std::move(line), told.sequence.has_value(), {}};
  }

 private:
  const Clock& clock_;
  const ListenOptions& options_;
  const TrustPolicy policy_;
  const HttpClient client_;
  Mutex mutex_;
  Condition has_verifier_;
  EventChecker checker_ GUARDED_BY(mutex_);
  std::optional<WebhookVerifier> verifier_ GUARDED_BY(mutex_);
  std::optional<BetweenReader> between_ GUARDED_BY(mutex_);
};

HttpResponse answer(unsigned status, const std::string& text) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = std::make_shared<const Bytes>(text + "\n");
  return response;
}

// Counts what was told and lets the main thread wait for enough of it.
class Tally {
 public:
  explicit Tally(std::uint64_t wanted) : wanted_(wanted) {}

  void add() {
    if (wanted_ == 0) return;
    if (++count_ == wanted_) ::kill(::getpid(), SIGTERM);
  }

 private:
  const std::uint64_t wanted_;
  std::atomic<std::uint64_t> count_{0};
};

class Listener {
 public:
  Listener(const Cli& cli, const ListenOptions& options, TrustPolicy policy)
      : cli_(cli),
        options_(options),
        receiver_(cli, options, std::move(policy)),
        tally_(options.limit),
        client_(cli.client()) {}

  Result<void> run() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ServerOptions server_options;
    const ListenPlace place = TRY(parse_listen(options_.listen));
    server_options.address = place.address;
    server_options.port = place.port;
    server_options.threads = 1;
    const auto server = TRY(Server::start(
        server_options,
        [this](const HttpRequest& request, const HttpReply& reply) { reply(handle(request)); }));
    const std::string id = TRY(subscribe(server->port()));
    int number = 0;
    sigwait(&signals, &number);
    server->stop();
    TRY(client_.del("/v1/subscriptions/" + id, "*"));
    return {};
  }

 private:
  HttpResponse handle(const HttpRequest& request) {
    if (request.method == HttpMethod::options) return consent(request);
    if (request.method != HttpMethod::post) return answer(405, "deliveries are POSTed");
    const auto told = receiver_.receive(request);
    if (!told) {
      std::cerr << "refused a delivery: " << printable(told.error().detail) << std::endl;
      return answer(told.error().errc == Errc::unavailable ? 503 : 400, told.error().detail);
    }
    if (!told->challenge.empty()) return echo(told->challenge);
    if (told->of_entry) {
      if (const auto run = hand_over(options_, told->event); !run) {
        std::cerr << printable(run.error().detail) << ": the registry tries again" << std::endl;
        return answer(503, "not taken");
      }
    }
    {
      const Lock lock(output_);
      std::cout << (cli_.json ? shown_json(told->event.dump()) : printable(told->line))
                << std::endl;
    }
    if (told->of_entry) tally_.add();
    return answer(200, "taken");
  }

  // As it was given, with the colon: an IPv6 address keeps its brackets.
  std::string host_of_listen() const {
    return options_.listen.substr(0, options_.listen.rfind(':') + 1);
  }

  // The proof that it is us whom the registry reaches here.
  static HttpResponse echo(const std::string& challenge) {
    std::cerr << "the registry has verified this receiver" << std::endl;
    HttpResponse response = answer(200, Json{{"challenge", challenge}}.dump());
    response.headers = {{"Content-Type", "application/json"}};
    return response;
  }

  // CloudEvents' abuse protection: we asked for these deliveries.
  static HttpResponse consent(const HttpRequest& request) {
    HttpResponse response = answer(200, "");
    response.headers.emplace_back("Allow", "POST");
    const auto origin = request.headers.find("webhook-request-origin");
    if (origin) response.headers.emplace_back("WebHook-Allowed-Origin", std::string(*origin));
    response.headers.emplace_back("WebHook-Allowed-Rate", "*");
    return response;
  }

  Result<std::string> subscribe(std::uint16_t port) {
    const std::string url = options_.url.empty()
                                ? "http://" + host_of_listen() + std::to_string(port) + "/cpl"
                                : options_.url;
    Json body = {{"url", url}, {"filter", to_json(options_.filter)}};
    if (options_.from) body["from"] = *options_.from;
    const Json made =
        TRY(json_of(TRY(client_.create("/v1/subscriptions", body.dump(), "application/json"))));
    TRY_VOID(check_told(made, "url", body["url"]));
    TRY_VOID(check_told(made, "filter", body["filter"]));
    auto verifier =
        TRY(WebhookVerifier::parse(member_of(made, "secret"), member_of(made, "public_key")));
    const bool for_desk = member_of(made, "audience") == "service_desk";
    receiver_.set_verifier(std::move(verifier), TRY(wished_filter(options_)),
                           for_desk ? Audience::service_desk : Audience::parties);
    const std::string id = member_of(made, "id");
    std::cerr << "subscribed as " << printable(id) << ", listening at " << url
              << "; Ctrl-C unsubscribes" << std::endl;
    return id;
  }

  const Cli& cli_;
  const ListenOptions& options_;
  Receiver receiver_;
  Tally tally_;
  HttpClient client_;
  Mutex output_;
};

Result<void> listen(const Cli& cli, const ListenOptions& options) {
  TrustPolicy policy = TRY(read_policy_file(options.policy));
  if (!options.exec.empty()) TRY(split_command(options.exec));
  if (options.stream && !options.filter.classifications.empty()) {
    return malformed("filter-malformed",
                     "the stream is public: advisories are sent to subscriptions alone");
  }
  if (options.stream) return listen_to_stream(cli, options, std::move(policy));
  TRY_VOID(check_identity(cli.identity));
  return Listener(cli, options, std::move(policy)).run();
}

}  // namespace

Result<void> hand_over(const ListenOptions& options, const Json& event) {
  if (options.exec.empty()) return {};
  CommandOutput output;
  auto run = run_command(TRY(split_command(options.exec)), event.dump() + "\n",
                         std::chrono::seconds(options.exec_seconds), &output);
  if (!output.octets.empty()) std::cerr << printable(output.octets) << std::endl;
  if (output.is_cut) std::cerr << "cpl: the command printed more, which is not shown" << std::endl;
  return run;
}

Result<EventFilter> wished_filter(const ListenOptions& options) {
  FieldErrors errors;
  EventFilter filter = read_filter(to_json(options.filter), "filter", errors);
  if (errors.empty()) return filter;
  return malformed("filter-malformed", describe(errors));
}

std::string before_text(const BetweenReader& between, const ListenOptions& options,
                        const Told& told) {
  if (told.cursor == told.before) return "";  // It is of no entry, and moves no cursor.
  const std::string text = told.gap ? ", GAP: something before it was missed" : "";
  if (!told.before && !options.from) return text + ", what came before it is not known";
  const EntryIndex first{told.before ? told.before->value + 1 : *options.from};
  const EntryIndex next{told.sequence ? told.sequence->value : told.cursor.value + 1};
  const auto read = between.read(first, next);
  if (read) return text + between_text(*read);
  return text + ", what came before it could not be read: " + read.error().detail;
}

void add_listen_command(Cli& cli) {
  auto options = std::make_shared<ListenOptions>();
  CLI::App* command =
      add_command(cli.app, "listen", "Receive events by webhook or stream, and check each of them",
                  "CPL_TOKEN=… cpl listen --policy policy.txt --event-type entry.removed.v1\n"
                  "  cpl listen --stream --cursor-file cursor --from-entry 0\n"
                  "  cpl listen --exec 'ticket.py --queue cpl' --event-type removal.directed.v1");
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  CLI::Option* stream = command->add_flag(
      "--stream", options->stream, "Follow the server's stream; needs no token and no open port");
  command
      ->add_option("--cursor-file", options->cursor_file,
                   "Remember there how far was read, and go on from there")
      ->needs(stream);
  CLI::Option* exec = command->add_option(
      "--exec", options->exec,
      "Run this command for each verified event of an entry, with the event on its standard input "
      "and without a shell; again, until it ends with status 0");
  command
      ->add_option("--exec-seconds", options->exec_seconds,
                   "How long the command may take; by webhook no longer than the registry waits")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{600}))
      ->capture_default_str()
      ->needs(exec);
  command->add_option("--listen", options->listen, "Host and port; port 0 is any free one")
      ->capture_default_str();
  command->add_option("--url", options->url,
                      "The URL to be called at, if it is not where we listen");
  add_filter_options(*command, options->filter);
  command->add_option("--from-entry", options->from,
                      "From this entry on; only new ones if left out");
  command->add_option("-n,--limit", options->limit, "Stop after this many; 0: never")
      ->capture_default_str();
  command->callback([&cli, options] { cli.run([&] { return listen(cli, *options); }); });
}

}  // namespace cpl
