// What the registry's reads are compared with: a bare Beast server and nginx; and what puts the
// load on all of them, wrk.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl::bench {

// The least that Beast can be asked to do: a coroutine per connection, an io_context per thread,
// bodies in memory by target.
class BeastServer {
 public:
  BeastServer(std::map<std::string, Bytes> bodies, unsigned threads);
  ~BeastServer();
  BeastServer(const BeastServer&) = delete;
  BeastServer& operator=(const BeastServer&) = delete;

  std::uint16_t port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// A program of this machine, run beside the bench; ends when the bench does.
class Child {
 public:
  // `output` takes both what it prints and what it complains of.
  static Result<std::unique_ptr<Child>> start(const std::vector<std::string>& arguments,
                                              const std::filesystem::path& output);
  ~Child();  // SIGTERM, and waits.
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int id() const { return id_; }
  bool running() const;

  struct Ended {
    bool well = false;         // By itself, with status 0.
    double mebibytes_max = 0;  // Resident, at its peak.
  };
  Ended await_end();

 private:
  explicit Child(int id) : id_(id) {}
  const int id_;
  bool ended_ = false;
};

// In the PATH and where services are installed.
std::optional<std::filesystem::path> find_program(const std::string& name);

// nginx over one static file; `port` must be free.
Result<std::unique_ptr<Child>> start_nginx(const std::filesystem::path& program,
                                           const std::filesystem::path& folder, BytesView file,
                                           unsigned workers, std::uint16_t port);
// nginx with nchan, one worker: messages posted to /pub go to all who read /sub as server-sent
// events.
Result<std::unique_ptr<Child>> start_nchan(const std::filesystem::path& program,
                                           const std::filesystem::path& module,
                                           const std::filesystem::path& folder, std::uint16_t port);
std::uint16_t free_port();
// Waits until something listens there, at most 10 seconds.
Result<void> await_port(std::uint16_t port, const Child& child);

// Requests a second that wrk got answered, all with success.
Result<double> run_wrk(std::uint16_t port, const std::string& target, int seconds);

}  // namespace cpl::bench
