// Whether what is done is a mistake of the program's own, which ends the process: it is done in a
// copy of the process, which says nothing and leaves no core.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace cpl::testing {

template <class Deed>
bool aborts(Deed deed) {
  const pid_t copy = ::fork();
  if (copy == 0) {
    std::signal(SIGABRT, SIG_DFL);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::close(STDERR_FILENO);
    deed();
    ::_exit(0);
  }
  int status = 0;
  return copy > 0 && ::waitpid(copy, &status, 0) == copy && WIFSIGNALED(status) &&
         WTERMSIG(status) == SIGABRT;
}

}  // namespace cpl::testing
