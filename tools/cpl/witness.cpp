// cpl witness: a witness (C2SP tlog-witness) that anybody may run, for this registry's log or any
// other, on a machine that is not the registry's.
#include <iostream>

#include "api/routes/witness_api.hpp"
#include "api/server/server.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/witness/witness_store.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/listen_place.hpp"
#include "tools/shared/stop_signals.hpp"

namespace cpl {
namespace {

struct WitnessOptions {
  std::string key;
  std::string state;
  std::vector<std::string> logs;
  std::string policy;
  std::string listen = "127.0.0.1:8081";
  std::string tls_certificate;
  std::string tls_key;
  std::string port_file;
};

Result<ServerOptions> server_options(const WitnessOptions& options) {
  ServerOptions server;
  const ListenPlace place = TRY(parse_listen(options.listen));
  server.address = place.address;
  server.port = place.port;
  server.limits.body_octets_max = add_checkpoint_octets_max;
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    return malformed("tls-malformed", "--tls-certificate and --tls-key go together");
  }
  if (!options.tls_key.empty()) {
    server.tls = ServerTls{options.tls_certificate, options.tls_key, {}};
  }
  return server;
}

Result<std::vector<NoteVerifier>> read_logs(const WitnessOptions& options) {
  std::vector<NoteVerifier> logs;
  for (const std::string& log : options.logs) logs.push_back(TRY(read_public_key(log)));
  if (!options.policy.empty()) {
    const TrustPolicy policy = TRY(read_policy_file(options.policy));
    logs.insert(logs.end(), policy.logs().begin(), policy.logs().end());
  }
  if (logs.empty()) {
    return malformed("no-logs", "a witness needs a log to watch: --log or --policy");
  }
  return logs;
}

void say_start(const Cli& cli, const Witness& witness, const std::vector<NoteVerifier>& logs,
               const std::string& address, std::uint16_t port) {
  Json watched = Json::array();
  std::string lines;
  for (const NoteVerifier& log : logs) {
    const std::string path = "/" + to_hex(sha256(log.name())) + "/checkpoint";
    watched.push_back({{"origin", log.name()}, {"checkpoint", path}});
    lines += "watches " + printable(log.name()) + ", shown at " + path + "\n";
  }
  cli.print({{"witness", witness.verifier().to_string()}, {"port", port}, {"logs", watched}},
            "witness " + printable(witness.verifier().to_string()) + "\n" + lines +
                "listening on " + address + ":" + std::to_string(port));
  std::cout << std::flush;
}

Result<void> serve_witness(const Cli& cli, const WitnessOptions& options) {
  const ServerOptions server_settings = TRY(server_options(options));
  const NoteSigner key = TRY(read_key_file(options.key));
  const std::vector<NoteVerifier> logs = TRY(read_logs(options));
  const sigset_t signals = block_stop_signals();
  const auto store = TRY(open_witness_folder(options.state));
  const auto witness = TRY(Witness::open(key, logs, *store, cli.clock));
  const auto server =
      TRY(Server::start(server_settings, [&](const HttpRequest& request, const HttpReply& reply) {
        reply(answer_as_witness(*witness, request));
      }));
  if (!options.port_file.empty()) {
    TRY_VOID(write_file(options.port_file, std::to_string(server->port()) + "\n", Secrecy::open));
  }
  say_start(cli, *witness, logs, server_settings.address, server->port());
  wait_for_stop(signals);
  server->stop();
  return {};
}

}  // namespace

void add_witness_command(Cli& cli) {
  auto options = std::make_shared<WitnessOptions>();
  CLI::App* witness = add_command(
      cli.app, "witness", "Run a witness, which cosigns the checkpoints of logs",
      "cpl witness --key witness.key --state-dir /var/lib/cpl-witness --log log.key.pub "
      "--listen 127.0.0.1:8081");
  witness
      ->add_option("-k,--key", options->key,
                   "The witness's key (cpl key create --algorithm witness)")
      ->required();
  witness
      ->add_option("--state-dir", options->state, "The folder of its memory; never lose or copy it")
      ->required();
  witness->add_option("--log", options->logs,
                      "A log's public key, or the file with it; repeatable");
  witness->add_option("--policy", options->policy, "A trust policy: its logs are watched");
  witness->add_option("--listen", options->listen, "Address and port; port 0 is any free one")
      ->capture_default_str();
  witness->add_option("--tls-certificate", options->tls_certificate, "Serve HTTPS with this chain");
  witness->add_option("--tls-key", options->tls_key, "The certificate's private key");
  witness->add_option("--port-file", options->port_file, "Write the port there once listening");
  witness->callback([&cli, options] { cli.run([&] { return serve_witness(cli, *options); }); });
}

}  // namespace cpl
