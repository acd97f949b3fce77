// How a service is told to stop: SIGINT and SIGTERM, waited for by one thread.
#pragma once

#include <chrono>
#include <csignal>

namespace cpl {

// Blocks them in this thread and in all that it starts later, so that only the wait takes them.
// Also lets a write to a peer that is gone fail instead of ending the process.
sigset_t block_stop_signals();
void wait_for_stop(const sigset_t& signals);
// Waits so long at most; whether it is to stop.
bool wait_for_stop(const sigset_t& signals, std::chrono::milliseconds time_max);
// Whether it is to stop; the wait still takes it. Any thread.
bool is_stop_pending(const sigset_t& signals);

}  // namespace cpl
