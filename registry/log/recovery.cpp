// Why a log takes no statements, and how it comes to take them again: what the signed-size record
// says against the store, and what a failed write leaves.
#include "registry/log/log.hpp"

namespace cpl {

Result<void> Log::check_signed_size() {
  const auto recorded = signed_size_.read();
  const auto wrong = recorded ? contradiction(*recorded) : Result<std::string>(recorded.error());
  if (!wrong || !wrong->empty()) stop(wrong ? *wrong : wrong.error().detail);
  if (!read_only_reason().empty()) return {};
  // Readers are served all the same.
  if (const auto done = record_signed_size(*recorded); !done) await_recovery(done.error());
  return {};
}

// An empty log goes on record too, so that a missing record always means that it was lost. Or a
// crash came between the commit and the record; nothing of it was answered or published.
Result<void> Log::record_signed_size(const std::optional<SignedSize>& recorded) {
  const SignedSize stored{frontier_.size(), frontier_.root()};
  if (!recorded || recorded->size < stored.size) TRY_VOID(signed_size_.advance(stored));
  return {};
}

void Log::halt(std::string code, std::string reason) {
  halt(std::move(code), std::move(reason), Until::opened_again);
}

void Log::halt(std::string code, std::string reason, Until until) {
  check(!reason.empty());
  {
    const Lock lock(mutex_);
    if (!read_only_reason_.empty() && !awaits_recovery_) return;
    read_only_code_ = std::move(code);
    read_only_reason_ = std::move(reason);
    awaits_recovery_ = until == Until::recovered;
    is_halted_ = true;
  }
  if (tell_halt_) tell_halt_(read_only_reason());
}

void Log::await_recovery(const Error& failed) {
  halt("write-failed",
       "a write failed (" + failed.detail +
           "); it is tried again all the time, and once it can be done statements are taken again",
       Until::recovered);
}

// What was durable of the failed batch is in the store, and what was not is not. Nothing of it was
// answered or published.
Result<void> Log::read_again() {
  TRY_VOID(store_.mend());
  const LogHead head = TRY(LogHead::read(*store_.snapshot()));
  partial_tiles_.clear();
  TRY_VOID(rebuild(head));
  const auto recorded = TRY(signed_size_.read());
  if (const auto wrong = TRY(contradiction(recorded)); !wrong.empty()) return corrupt(wrong);
  return record_signed_size(recorded);
}

Result<void> Log::recover() {
  if (!awaits_recovery_) return {};
  if (auto read = read_again(); !read) {
    if (read.error().errc == Errc::corrupt) stop(read.error().detail);
    return read;
  }
  {
    const Lock lock(mutex_);
    if (!awaits_recovery_.exchange(false)) return {};  // Halted meanwhile for another reason.
    read_only_reason_.clear();
    read_only_code_.clear();
    is_halted_ = false;
  }
  publish();
  if (tell_recovery_) tell_recovery_();
  return {};
}

}  // namespace cpl
