#include "tools/cpld/clock.hpp"

#include <spdlog/spdlog.h>

namespace cpl {
namespace {

constexpr std::chrono::seconds look_interval{5};
constexpr unsigned looks_per_keeping = 12;

}  // namespace

KeptClock::KeptClock(const std::filesystem::path& data_dir)
    : file_(data_dir / "clock"), clock_(machine_, stopwatch_, read_known_time(file_)) {
  if (const auto known = read_known_time(file_)) accepted_ = known->accepted;
}

KeptClock::~KeptClock() { stop(); }

void KeptClock::settle(Log& log, bool clock_is_right) {
  log_ = &log;
  const UnixMillis last = log.last_time();
  if (log.view()->size().value > 0) clock_.expect(last);
  if (clock_is_right) {
    clock_.believe_machine();
    accepted_ = last;
  }
  log.accept_last_time(accepted_);
  const UnixMillis now = clock_.now();
  if (last == accepted_ && last.value > now.value) {
    spdlog::warn("entries get the time of the last one, {}, until it has come", format_time(last));
  }
  was_wrong_ = log.clock_fault().has_value();
}

void KeptClock::start() {
  check(!thread_.joinable() && log_ != nullptr);
  keep();
  thread_ = std::thread([this] { run(); });
}

void KeptClock::stop() {
  if (!thread_.joinable()) return;
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  keep();
}

void KeptClock::run() {
  for (unsigned looks = 1;; ++looks) {
    {
      Lock lock(mutex_);
      if (wake_.wait_for(lock, look_interval, [this]() REQUIRES(mutex_) { return stopping_; }))
        return;
    }
    look();
    if (looks % looks_per_keeping == 0) keep();
  }
}

void KeptClock::look() {
  const auto fault = log_->clock_fault();
  if (fault && !was_wrong_) spdlog::critical("no statements are taken: {}", fault->detail);
  if (!fault && was_wrong_) spdlog::warn("this machine's clock is right again");
  was_wrong_ = fault.has_value();
}

void KeptClock::keep() {
  KnownTime known = clock_.known();
  known.accepted = accepted_;
  if (const auto kept = write_known_time(file_, known); !kept) {
    spdlog::error("the time cannot be kept for the next start: {}", kept.error().detail);
  }
}

}  // namespace cpl
