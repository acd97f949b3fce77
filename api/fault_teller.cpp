#include "api/fault_teller.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t quiet_millis = 1000;

}  // namespace

bool is_fault(const Error& error) {
  return error.errc == Errc::corrupt || error.code == "store-unavailable";
}

void FaultTeller::meet(const Error& fault, UnixMillis now) {
  ++count_;
  if (!tell_) return;
  const std::lock_guard lock(mutex_);
  if (now < quiet_until_) return;
  quiet_until_ = UnixMillis{now.value + quiet_millis};
  tell_("a request met a fault in the stored data: " + fault.detail + " (" + fault.code + ")");
}

}  // namespace cpl
