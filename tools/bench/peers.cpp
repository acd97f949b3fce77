#include "tools/bench/peers.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "tools/shared/files.hpp"

namespace cpl::bench {
namespace {

constexpr int wrk_threads = 2;
constexpr int wrk_connections = 64;

Error peer_error(std::string detail) {
  return Error{Errc::unavailable, "peer-failed", std::move(detail)};
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool listens(std::uint16_t port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool connected =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(probe);
  return connected;
}

Result<Bytes> output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  if (pipe == nullptr) return peer_error(command + " cannot be run");
  Bytes output;
  std::array<char, 4096> octets;
  while (const std::size_t count = fread(octets.data(), 1, octets.size(), pipe.get())) {
    output.append(octets.data(), count);
  }
  return output;
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(const std::vector<std::string>& arguments,
                                            const std::filesystem::path& output) {
  const std::string output_path = output.string();
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments)
    pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const pid_t id = fork();
  if (id < 0) return peer_error("no process for " + arguments.front());
  if (id == 0) {  // Only system calls from here on: the parent has threads.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int file = open(output_path.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    execv(pointers.front(), pointers.data());
    _exit(127);
  }
  return std::unique_ptr<Child>(new Child(id));
}

Child::~Child() {
  if (ended_) return;
  kill(id_, SIGTERM);
  waitpid(id_, nullptr, 0);
}

Child::Ended Child::await_end() {
  int status = 0;
  rusage used{};
  check(wait4(id_, &status, 0, &used) == id_);
  ended_ = true;
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0,
          static_cast<double>(used.ru_maxrss) / 1024};
}

bool Child::running() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

std::optional<std::filesystem::path> find_program(const std::string& name) {
  const char* path = getenv("PATH");
  std::string folders = std::string(path == nullptr ? "" : path) + ":/usr/sbin:/usr/local/sbin";
  while (!folders.empty()) {
    const auto colon = std::min(folders.find(':'), folders.size());
    const std::filesystem::path candidate = std::filesystem::path(folders.substr(0, colon)) / name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
    folders.erase(0, colon + 1);
  }
  return std::nullopt;
}

std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  check(bind(probe, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  check(getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  close(probe);
  return ntohs(address.sin_port);
}

Result<void> await_port(std::uint16_t port, const Child& child) {
  constexpr int tries = 500;
  constexpr int between_tries_ms = 20;
  for (int i = 0; i < tries && child.running(); ++i) {
    if (listens(port)) return {};
    poll(nullptr, 0, between_tries_ms);
  }
  return peer_error("the program that was started does not listen on port " + std::to_string(port));
}

namespace {

Result<std::unique_ptr<Child>> start_with(const std::filesystem::path& program,
                                          const std::filesystem::path& folder,
                                          const std::string& config, std::uint16_t port) {
  const std::string at = folder.string();
  TRY_VOID(write_file(folder / "nginx.conf", config, Secrecy::open));
  auto child =
      TRY(Child::start({program.string(), "-p", at, "-c", at + "/nginx.conf", "-e", at + "/errors"},
                       folder / "output"));
  TRY_VOID(await_port(port, *child));
  return child;
}

// What every configuration begins with: nothing outside the folder is touched.
std::string http_block(const std::string& at) {
  return "http {\n  access_log off;\n  client_body_temp_path " + at + "/t1;\n  proxy_temp_path " +
         at + "/t2;\n  fastcgi_temp_path " + at + "/t3;\n  uwsgi_temp_path " + at +
         "/t4;\n  scgi_temp_path " + at + "/t5;\n";
}

}  // namespace

Result<std::unique_ptr<Child>> start_nginx(const std::filesystem::path& program,
                                           const std::filesystem::path& folder, BytesView file,
                                           unsigned workers, std::uint16_t port) {
  const std::string at = folder.string();
  std::filesystem::create_directories(folder / "files");
  TRY_VOID(write_file(folder / "files" / "tile", file, Secrecy::open));
  return start_with(
      program, folder,
      "daemon off;\nworker_processes " + std::to_string(workers) + ";\npid " + at +
          "/pid;\nerror_log " + at + "/errors;\nevents { worker_connections 1024; }\n" +
          http_block(at) + "  sendfile on;\n  tcp_nopush on;\n  keepalive_requests 100000000;\n" +
          "  open_file_cache max=16;\n  server {\n    listen 127.0.0.1:" + std::to_string(port) +
          ";\n    root " + at + "/files;\n  }\n}\n",
      port);
}

Result<std::unique_ptr<Child>> start_nchan(const std::filesystem::path& program,
                                           const std::filesystem::path& module,
                                           const std::filesystem::path& folder,
                                           std::uint16_t port) {
  const std::string at = folder.string();
  std::filesystem::create_directories(folder);
  return start_with(
      program, folder,
      "load_module " + module.string() + ";\ndaemon off;\nworker_processes 1;\npid " + at +
          "/pid;\nerror_log " + at + "/errors;\nworker_rlimit_nofile 20000;\n" +
          "events { worker_connections 19000; }\n" + http_block(at) +
          "  client_body_buffer_size 64k;\n  server {\n    listen 127.0.0.1:" +
          std::to_string(port) + " backlog=4096;\n" +
          "    location = /pub { nchan_publisher; nchan_channel_id bench; " +
          "nchan_message_buffer_length 20; }\n" +
          "    location = /sub { nchan_subscriber eventsource; " +
          "nchan_channel_id bench; nchan_subscriber_first_message newest; }\n  }\n}\n",
      port);
}

Result<double> run_wrk(std::uint16_t port, const std::string& target, int seconds) {
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + target;
  const Bytes output = TRY(output_of("wrk -t" + std::to_string(wrk_threads) + " -c" +
                                     std::to_string(wrk_connections) + " -d" +
                                     std::to_string(seconds) + "s '" + url + "' 2>&1"));
  constexpr std::string_view label = "Requests/sec:";
  const auto at = output.find(label);
  const bool failed = output.find("Non-2xx") != output.npos ||
                      output.find("Socket errors") != output.npos || at == output.npos;
  if (failed) return peer_error("wrk on " + url + ": " + output);
  return strtod(output.c_str() + at + label.size(), nullptr);
}

}  // namespace cpl::bench
