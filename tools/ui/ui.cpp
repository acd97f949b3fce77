// It listens on an address of loopback that nothing else uses, for the one browser that it opens.
#include "tools/ui/ui.hpp"

#include <spawn.h>
#include <unistd.h>

#include <future>
#include <iostream>

#include "api/http/problem.hpp"
#include "api/routes/read_pool.hpp"
#include "api/server/server.hpp"
#include "crypto/hash.hpp"
#include "tools/cpl/told_source.hpp"
#include "tools/shared/stop_signals.hpp"
#include "tools/ui/peer_owner.hpp"
#include "tools/ui/start_file.hpp"
#include "tools/ui/ui_pages.hpp"

namespace cpl {
namespace {

// Minutes as PDF are the largest that somebody chooses.
constexpr std::size_t body_octets_max = std::size_t{17} << 20;
constexpr std::chrono::seconds code_renewal{45};

struct UiOptions {
  std::string policy;
  std::vector<std::string> keys;
  std::string origin;
  std::string outbox;
  std::string address;
  std::uint16_t port = 0;
  bool no_browser = false;
};

// One of 127.64.0.0/10, so that no other program's pages share our cookies (RFC 6265, 8.5).
std::string loopback_address() {
  const Bytes octets = random_bytes(3);
  const auto octet = [&](std::size_t at) {
    return static_cast<unsigned>(static_cast<unsigned char>(octets[at]));
  };
  return "127." + std::to_string(64 + octet(0) % 64) + "." + std::to_string(octet(1)) + "." +
         std::to_string(1 + octet(2) % 254);
}

struct OwnAddress {
  std::string address;
  std::uint16_t port = 0;

  std::string host() const { return address + ":" + std::to_string(port); }
};

// All of one run, in the order in which it depends on each other.
class UiSession {
 public:
  UiSession(const Cli& cli, const UiOptions& options, const OwnAddress& own, const HeldKeys& keys,
            const Outbox& outbox)
      : client_(cli.client()),
        source_(client_),
        shelf_(outbox.folder() / ".audits"),
        audits_(shelf_),
        newest_(outbox.folder()),
        guard_(own.host(), cli.clock,
               [own](const HttpRequest& request) {
                 return owner_of_peer({request.peer, request.peer_port, own.address, own.port});
               }),
        work_{.cli = cli,
              .guard = guard_,
              .client = client_,
              .source = source_,
              .keys = keys,
              .outbox = outbox,
              .shelf = shelf_,
              .audits = audits_,
              .newest = newest_,
              .policy_file = options.policy,
              .origin = options.origin,
              .confirm = confirm_outside},
        pages_(work_) {}

  std::string new_start_code() { return guard_.new_start_code(); }
  bool has_begun() { return guard_.has_begun(); }

  HttpResponse answer(const HttpRequest& request) {
    if (auto refused = guard_.answer(request)) return *std::move(refused);
    return pages_.answer(request);
  }

 private:
  const HttpClient client_;
  const ToldSource source_;
  const AuditShelf shelf_;
  AuditRun audits_;
  KeptCheckpoint newest_;
  UiGuard guard_;
  const Workplace work_;
  UiPages pages_;
};

// In a session of its own: it may become the browser, and goes on when this ends.
bool start_browser(std::string file) {
  posix_spawnattr_t attributes;
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  std::string program = "xdg-open";
  const std::array<char*, 3> words = {program.data(), file.data(), nullptr};
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, program.c_str(), nullptr, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  return failed == 0;
}

// A code is good for a minute: until somebody has begun with one, the file has a fresh one.
Result<void> wait_for_end(const sigset_t& signals, UiSession& session, const StartFile& start) {
  while (!session.has_begun()) {
    if (wait_for_stop(signals, code_renewal)) return {};
    if (!session.has_begun()) TRY_VOID(start.write(session.new_start_code()));
  }
  start.remove();
  wait_for_stop(signals);
  return {};
}

Result<void> serve(const Cli& cli, const UiOptions& options) {
  if (options.policy.empty()) {
    return malformed("policy-missing",
                     "give the trust policy file with --policy or CPL_POLICY: without it nothing "
                     "can be checked here");
  }
  TRY(read_policy_file(options.policy));
  const HeldKeys keys = TRY(HeldKeys::read(options.keys));
  const Outbox outbox = TRY(Outbox::open(
      options.outbox.empty() ? default_outbox() : std::filesystem::path(options.outbox)));
  const std::string address = options.address.empty() ? loopback_address() : options.address;
  if (!address.starts_with("127.") && address != "::1") {
    return malformed("address-not-local", "--address must be of this machine alone: 127.0.0.1");
  }
  const sigset_t signals = block_stop_signals();
  ServerOptions settings;
  settings.address = address;
  settings.port = options.port;
  settings.limits.body_octets_max = body_octets_max;
  ReadPool pool(ReadPool::Options{.threads = 4});
  // Who asks before the session has begun waits for it.
  std::promise<UiSession*> begun;
  const std::shared_future<UiSession*> session(begun.get_future());
  const auto server = TRY(Server::start(settings, [&](HttpRequest request, const HttpReply& reply) {
    const auto asked = std::make_shared<const HttpRequest>(std::move(request));
    const bool taken =
        pool.run("", [session, asked, reply] { reply(session.get()->answer(*asked)); });
    if (!taken) reply(text_response(503, "text/plain", "too much waits\n"));
  }));
  const OwnAddress own{address, server->port()};
  UiSession own_session(cli, options, own, keys, outbox);
  begun.set_value(&own_session);
  const StartFile start = TRY(StartFile::create(own.host()));
  TRY_VOID(start.write(own_session.new_start_code()));
  const std::string file = start.path().string();
  cli.print({{"address", "http://" + own.host()}, {"open", file}},
            "the pages are at http://" + own.host() + " for one browser: the first that opens " +
                file + "\nCtrl-C ends them");
  std::cout << std::flush;
  if (!options.no_browser && !start_browser(file)) {
    std::cerr << "no browser could be started: open the file yourself\n";
  }
  TRY_VOID(wait_for_end(signals, own_session, start));
  server->stop();
  pool.stop();
  return {};
}

}  // namespace

void add_ui_command(Cli& cli) {
  auto options = std::make_shared<UiOptions>();
  CLI::App* command =
      add_command(cli.app, "ui", "The registry in your browser, checked and signed on this machine",
                  "cpl ui --key desk.key --policy policy.txt");
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  command->add_option("-k,--key", options->keys, "The key file to sign with; may be given again")
      ->allow_extra_args(false)
      ->envname("CPL_DESK_KEY");
  command->add_option("--outbox", options->outbox,
                      "The folder of statements that are not in the log yet; "
                      "~/.local/state/cpl/outbox if left out");
  command->add_option("--origin", options->origin,
                      "The registry that is meant, where the policy names several logs");
  command->add_option("--address", options->address,
                      "An address of this machine alone, instead of a random one of 127.64.0.0/10");
  command->add_option("--port", options->port, "The port; any free one if left out");
  command->add_flag("--no-browser", options->no_browser, "Open no browser; print what to open");
  command->callback([&cli, options] { cli.run([&] { return serve(cli, *options); }); });
}

}  // namespace cpl
