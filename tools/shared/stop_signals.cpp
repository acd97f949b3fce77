#include "tools/shared/stop_signals.hpp"

namespace cpl {

sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void wait_for_stop(const sigset_t& signals) {
  int number = 0;
  sigwait(&signals, &number);
}

bool wait_for_stop(const sigset_t& signals, std::chrono::milliseconds time_max) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time_max);
  timespec left{};
  left.tv_sec = seconds.count();
  left.tv_nsec = std::chrono::nanoseconds(time_max - seconds).count();
  return sigtimedwait(&signals, nullptr, &left) > 0;
}

bool is_stop_pending(const sigset_t& signals) {
  sigset_t pending;
  sigpending(&pending);
  return (sigismember(&signals, SIGINT) == 1 && sigismember(&pending, SIGINT) == 1) ||
         (sigismember(&signals, SIGTERM) == 1 && sigismember(&pending, SIGTERM) == 1);
}

}  // namespace cpl
