#include "tools/shared/command_run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "registry/base/durable_file.hpp"

extern "C" {  // glibc 2.36 does not say so itself.
#include <sys/pidfd.h>
}

namespace cpl {
namespace {

using Clock = std::chrono::steady_clock;

Error command_error(const std::string& name, const std::string& what) {
  return Error{Errc::unavailable, "command-failed", "the command " + name + " " + what, 0};
}

// Owns what posix_spawn is told.
struct SpawnSettings {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  // `standard_output` below 0: our own.
  SpawnSettings(int standard_input, int standard_output) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, standard_input, STDIN_FILENO);
    if (standard_output >= 0) {
      posix_spawn_file_actions_adddup2(&files, standard_output, STDOUT_FILENO);
      posix_spawn_file_actions_adddup2(&files, standard_output, STDERR_FILENO);
    }
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

Result<pid_t> spawn(const std::vector<std::string>& words, int standard_input,
                    int standard_output) {
  std::vector<std::string> copy = words;
  std::vector<char*> arguments;
  arguments.reserve(copy.size() + 1);
  for (std::string& word : copy) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const SpawnSettings settings(standard_input, standard_output);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, arguments[0], &settings.files, &settings.attributes,
                                    arguments.data(), environ);
  if (failed == 0) return child;
  return command_error(words[0], std::string("cannot be started: ") + std::strerror(failed));
}

int millis_until(Clock::time_point end) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
  return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

// Where what a command prints comes out.
class Printed {
 public:
  explicit Printed(CommandOutput* output) : output_(output) {}

  Result<void> open(const std::string& name) {
    if (output_ == nullptr) return {};
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      return command_error(name, std::string("gets no pipe: ") + std::strerror(errno));
    }
    reading_.emplace(ends[0]);
    writing_.emplace(ends[1]);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return {};
  }
  int reading() const { return reading_ ? reading_->number() : -1; }
  int writing() const { return writing_ ? writing_->number() : -1; }
  void close_writing() { writing_.reset(); }

  // What is there now; no more is taken of a stream that has ended.
  void take() {
    std::array<char, 4096> buffer{};
    while (reading_) {
      const ssize_t count = ::read(reading_->number(), buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return;
      if (count == 0) return reading_.reset();
      const auto size = static_cast<std::size_t>(count);
      const std::size_t room = output_->size_max - output_->octets.size();
      output_->octets.append(buffer.data(), std::min(size, room));
      output_->is_cut = output_->is_cut || size > room;
    }
  }

 private:
  CommandOutput* const output_;
  std::optional<FileDescriptor> reading_;
  std::optional<FileDescriptor> writing_;
};

// Gives it the input as it takes it, until it ends; false when the time is over.
bool feed(const FileDescriptor& process, std::optional<FileDescriptor>& pipe, BytesView input,
          Printed& printed, Clock::time_point end) {
  while (true) {
    if (input.empty()) pipe.reset();
    std::array<pollfd, 3> waits{{{process.number(), POLLIN, 0},
                                 {pipe ? pipe->number() : -1, POLLOUT, 0},
                                 {printed.reading(), POLLIN, 0}}};
    const int ready = ::poll(waits.data(), waits.size(), millis_until(end));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    if (waits[2].revents != 0) printed.take();
    if (waits[0].revents != 0) return true;
    if (waits[1].revents == 0) continue;
    const ssize_t count = ::write(pipe->number(), input.data(), input.size());
    if (count > 0) {
      input.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      input = {};  // It reads no more, which is its own business.
    }
  }
}

}  // namespace

Result<std::vector<std::string>> split_command(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool begun = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      begun = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (begun) words.push_back(std::exchange(word, {}));
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (begun) words.push_back(std::move(word));
  if (quote != 0 || words.empty() || words[0].empty()) {
    return malformed("command-malformed", "the command names no program, or a quote has no end");
  }
  return words;
}

Result<void> run_command(const std::vector<std::string>& words, BytesView input,
                         std::chrono::milliseconds time_max, CommandOutput* output) {
  const auto end = Clock::now() + time_max;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return command_error(words[0], std::string("gets no pipe: ") + std::strerror(errno));
  }
  std::optional<FileDescriptor> reading(std::in_place, ends[0]);
  std::optional<FileDescriptor> writing(std::in_place, ends[1]);
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  Printed printed(output);
  TRY_VOID(printed.open(words[0]));
  const pid_t child = TRY(spawn(words, reading->number(), printed.writing()));
  reading.reset();
  printed.close_writing();
  const FileDescriptor process(::pidfd_open(child, 0));
  const bool ended = process.number() >= 0 && feed(process, writing, input, printed, end);
  if (!ended) ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  printed.take();
  if (!ended) return command_error(words[0], "did not end in time, and was killed");
  if (WIFSIGNALED(status)) {
    return command_error(words[0], "was ended by signal " + std::to_string(WTERMSIG(status)));
  }
  if (WEXITSTATUS(status) == 0) return {};
  return command_error(words[0], "ended with status " + std::to_string(WEXITSTATUS(status)));
}

}  // namespace cpl
