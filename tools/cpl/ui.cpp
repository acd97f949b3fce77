// cpl ui: the registry's pages from one's own machine, and what is signed there. It listens on an
// address of loopback that nothing else uses, for the one browser that it opens.
#include <spawn.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "api/html/assets.hpp"
#include "api/html/error_page.hpp"
#include "api/html/frame.hpp"
#include "api/http/form.hpp"
#include "api/http/problem.hpp"
#include "api/routes/read_pool.hpp"
#include "api/routes/router.hpp"
#include "api/server/server.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/base/durable_file.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/cpl/ui_desk.hpp"
#include "tools/cpl/ui_source.hpp"
#include "tools/shared/command_run.hpp"
#include "tools/shared/stop_signals.hpp"
#include "tools/shared/typed_secret.hpp"

namespace cpl {
namespace {

struct UiOptions {
  std::string policy;
  std::string key;
  std::string origin;
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

// By the program that CPL_ASKPASS names, as ssh-askpass asks: its status is the answer. Else at the
// terminal that started this.
Result<void> confirm_outside(const std::string& words) {
  static Mutex one_at_a_time;
  const Lock lock(one_at_a_time);
  const Error refused = refuse("not-confirmed", "You did not confirm it: nothing was signed.");
  if (const char* const program = std::getenv("CPL_ASKPASS"); program != nullptr) {
    const auto asked = run_command({program, words}, {}, std::chrono::minutes(2));
    return asked ? Result<void>() : Result<void>(refused);
  }
  if (!can_ask_at_terminal()) {
    return refuse("confirmation-impossible",
                  "There is no terminal to ask at: start cpl ui in one, or set CPL_ASKPASS.");
  }
  std::fstream terminal("/dev/tty");
  terminal << "\n" << printable(words) << "\nType yes to sign: " << std::flush;
  std::string said;
  std::getline(terminal, said);
  return said == "yes" ? Result<void>() : Result<void>(refused);
}

class Ui {
 public:
  Ui(const Cli& cli, UiOptions options, std::string host, std::optional<PersonSigner> signer)
      : cli_(cli),
        options_(std::move(options)),
        client_(cli.client()),
        source_(client_),
        guard_(std::move(host), cli.clock),
        signer_name_(signer ? signer->verifier().name() : std::string()),
        desk_(cli_, guard_,
              {options_.policy, options_.origin, std::move(signer), confirm_outside}) {}

  UiGuard& guard() { return guard_; }

  HttpResponse answer(const HttpRequest& request) {
    if (auto refused = guard_.answer(request)) return *std::move(refused);
    const auto& segments = request.segments;
    if (segments.size() == 2 && segments[0] == "assets") return asset(segments[1]);
    if (!segments.empty() && segments[0] == "v1") return forwarded(request);
    auto page = page_of(request);
    return page ? shown(*std::move(page)) : refused(page.error());
  }

 private:
  static HttpResponse asset(const std::string& file) {
    const Asset* const found = find_asset(file);
    if (found == nullptr) return text_response(404, "text/plain", "");
    return text_response(200, found->type, Bytes(found->text));
  }

  // What pages offer for download. It changes nothing there.
  HttpResponse forwarded(const HttpRequest& request) const {
    const bool is_read = request.method == HttpMethod::get || request.method == HttpMethod::head;
    const auto got = is_read ? client_.get(request.target)
                             : Result<HttpAnswer>(malformed("method-not-allowed", "reads only"));
    if (!got) return refused(got.error());
    return text_response(200, got->content_type, got->body);
  }

  Result<Page> page_of(const HttpRequest& request) {
    const auto& segments = request.segments;
    const bool has_key = !signer_name_.empty();
    if (segments.empty() && has_key) return desk_.inbox();
    if (segments.size() == 1 && segments[0] == "desk") return desk_.inbox();
    if (segments.size() == 4 && segments[0] == "notices" && segments[2] == "receipt") {
      return receipt_page(request);
    }
    const Path* const path = find_path(segments);
    const Route* const route = path == nullptr ? nullptr : path->row(request.method);
    const bool is_here = route != nullptr && route->page != nullptr;
    if (!is_here || route->caller != Caller::everybody) return no_page();
    TRY_VOID(check_query(*route, request));
    PageRequest asked;
    for (const std::size_t place : path->places) asked.places.push_back(segments[place]);
    asked.is_sent = request.method == HttpMethod::post;
    asked.form_key = guard_.form_key(request.path());
    HttpParameters given = asked.is_sent ? TRY(parse_form(request.body)) : request.query;
    for (auto& [name, value] : given) {
      if (!value.empty()) asked.query.emplace_back(std::move(name), std::move(value));
    }
    return route->page(asked, source_);
  }

  Result<Page> receipt_page(const HttpRequest& request) {
    const auto status = receipt_status_of(request.segments[3]);
    if (!status) return no_page();
    const std::string& notice = request.segments[1];
    if (request.method != HttpMethod::post) return desk_.prepare(notice, *status, request.query);
    const HttpParameters form = TRY(parse_form(request.body));
    std::string number;
    for (const auto& [name, value] : form) {
      if (name == "number") number = value;
    }
    return desk_.send(notice, *status, number);
  }

  static Error no_page() {
    return Error{Errc::not_found, "not-found",
                 "There is no page at this address. It may be misspelt, or the link is wrong."};
  }

  HttpResponse refused(const Error& error) const {
    HttpResponse response = shown(error_page(error));
    response.status = problem_response(error, "").status;
    return response;
  }

  HttpResponse shown(Page page) const {
    page.is_live = false;  // Whose stream would be another origin's.
    SiteFacts site{.name = "Certified Products List registry",
                   .origin = {},
                   .own_machine = OwnMachine{signer_name_}};
    const auto policy = read_policy_file(options_.policy);
    const auto head = policy ? shown_checkpoint(client_, *policy) : policy.error();
    if (head) {
      site.origin = head->origin;
      site.size = head->size.value;
    } else {
      site.refusal = head.error();
    }
    HttpResponse response =
        page.see_other ? text_response(303, "text/plain", "") : framed(page, site);
    if (page.see_other) response.headers.emplace_back("Location", page.see_other->text());
    set_header(response, "Cache-Control", "no-store");
    return response;
  }

  const Cli& cli_;
  const UiOptions options_;
  const HttpClient client_;
  const UiSource source_;
  UiGuard guard_;
  const std::string signer_name_;
  UiDesk desk_;
};

// The browser is started with a file, whose page posts the code: arguments can be read by others.
Result<std::filesystem::path> write_start_file(const std::string& host, const std::string& code) {
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  const std::filesystem::path folder =
      std::filesystem::path(runtime != nullptr ? runtime : "/tmp") /
      ("cpl-ui-" + std::to_string(getuid()) + "-" + to_hex(random_bytes(8)));
  std::error_code failed;
  std::filesystem::create_directory(folder, failed);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  if (failed) return Error{Errc::unavailable, "file-not-written", failed.message()};
  const std::filesystem::path file = folder / "open.html";
  std::ofstream(file) << "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
                         "<title>cpl ui</title></head><body><form method=\"post\" action=\"http://"
                      << host << "/session\"><input type=\"hidden\" name=\"code\" value=\"" << code
                      << "\"><button>Open the registry's pages</button></form>"
                         "<script>document.forms[0].submit()</script></body></html>\n";
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failed);
  return file;
}

// In a session of its own: it may become the browser, and goes on when this ends.
bool start_browser(const std::filesystem::path& file) {
  posix_spawnattr_t attributes;
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  std::string program = "xdg-open";
  std::string argument = file.string();
  const std::array<char*, 3> words = {program.data(), argument.data(), nullptr};
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, program.c_str(), nullptr, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  return failed == 0;
}

Result<void> serve(const Cli& cli, const UiOptions& options) {
  if (options.policy.empty()) {
    return malformed("policy-missing",
                     "give the trust policy file with --policy or CPL_POLICY: without it nothing "
                     "can be checked here");
  }
  TRY(read_policy_file(options.policy));
  std::optional<PersonSigner> signer;
  if (!options.key.empty()) signer = TRY(read_person_key(options.key));
  const std::string address = options.address.empty() ? loopback_address() : options.address;
  if (!address.starts_with("127.") && address != "::1") {
    return malformed("address-not-local", "--address must be of this machine alone: 127.0.0.1");
  }
  const sigset_t signals = block_stop_signals();
  ServerOptions settings;
  settings.address = address;
  settings.port = options.port;
  settings.limits.body_octets_max = 64 * 1024;
  ReadPool pool(ReadPool::Options{.threads = 4});
  std::shared_ptr<Ui> ui;
  const auto server = TRY(Server::start(settings, [&](HttpRequest request, const HttpReply& reply) {
    const auto asked = std::make_shared<const HttpRequest>(std::move(request));
    const bool taken = pool.run("", [&ui, asked, reply] { reply(ui->answer(*asked)); });
    if (!taken) reply(text_response(503, "text/plain", "too much waits\n"));
  }));
  const std::string host = address + ":" + std::to_string(server->port());
  ui = std::make_shared<Ui>(cli, options, host, std::move(signer));
  const auto file = TRY(write_start_file(host, ui->guard().new_start_code()));
  cli.print({{"address", "http://" + host}, {"open", file.string()}},
            "the pages are at http://" + host + " for one browser: open " + file.string() +
                " within a minute\nCtrl-C ends them");
  std::cout << std::flush;
  if (!options.no_browser && !start_browser(file)) {
    std::cerr << "no browser could be started: open the file yourself\n";
  }
  wait_for_stop(signals);
  server->stop();
  pool.stop();
  std::error_code ignored;
  std::filesystem::remove_all(file.parent_path(), ignored);
  return {};
}

}  // namespace

void add_ui_command(Cli& cli) {
  auto options = std::make_shared<UiOptions>();
  CLI::App* command =
      add_command(cli.app, "ui", "The registry in your browser, checked and signed on this machine",
                  "cpl ui --key desk.key --policy policy.txt");
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  command->add_option("-k,--key", options->key, "The key file to sign with")
      ->envname("CPL_DESK_KEY");
  command->add_option("--origin", options->origin,
                      "The registry that is meant, where the policy names several logs");
  command->add_option("--address", options->address,
                      "An address of this machine alone, instead of a random one of 127.64.0.0/10");
  command->add_option("--port", options->port, "The port; any free one if left out");
  command->add_flag("--no-browser", options->no_browser, "Open no browser; print what to open");
  command->callback([&cli, options] { cli.run([&] { return serve(cli, *options); }); });
}

}  // namespace cpl
