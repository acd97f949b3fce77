// A program of ours in a process of its own, with deadlines for whatever is waited for.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.hpp"

namespace cpl::testing {

class ProgramRun {
 public:
  // What it prints, on either stream, goes to the file.
  ProgramRun(std::vector<std::string> words, const std::filesystem::path& printed) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, printed.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    check(posix_spawn(&process_, words[0].c_str(), &actions, nullptr, arguments.data(), environ) ==
          0);
    posix_spawn_file_actions_destroy(&actions);
    ending_ = static_cast<int>(::syscall(SYS_pidfd_open, process_, 0));
    check(ending_ >= 0);
  }
  ~ProgramRun() {
    if (!reaped_) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    ::close(ending_);
  }
  ProgramRun(const ProgramRun&) = delete;
  ProgramRun& operator=(const ProgramRun&) = delete;

  void signal(int number) const { ::kill(process_, number); }

  // Its status once it has ended by itself; nothing if it is late, or was ended by a signal.
  std::optional<int> status_within(std::chrono::milliseconds time_max) {
    pollfd waiting{ending_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(time_max.count())) != 1) return std::nullopt;
    int status = 0;
    check(::waitpid(process_, &status, 0) == process_);
    reaped_ = true;
    if (!WIFEXITED(status)) return std::nullopt;
    return WEXITSTATUS(status);
  }

 private:
  pid_t process_ = 0;
  int ending_ = -1;
  bool reaped_ = false;
};

}  // namespace cpl::testing
