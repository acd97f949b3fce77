#include "registry/base/fault_teller.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t quiet_millis = 60'000;
constexpr std::size_t sentences_max = 1000;
// Of stored data, beside those that are `corrupt`.
constexpr std::array<std::string_view, 4> fault_codes = {
    "store-unavailable", "extracts-unavailable", "journal-unavailable", "file-error"};

}  // namespace

bool is_fault(const Error& error) {
  return error.errc == Errc::corrupt ||
         std::find(fault_codes.begin(), fault_codes.end(), error.code) != fault_codes.end();
}

void FaultTeller::meet(const Error& fault, UnixMillis now) {
  ++count_;
  tell("stored data cannot be read: " + fault.detail + " (" + fault.code + ")", now);
}

void FaultTeller::tell(const std::string& sentence, UnixMillis now) {
  if (!tell_) return;
  {
    const Lock lock(mutex_);
    if (told_.size() >= sentences_max) told_.clear();
    UnixMillis& last = told_[sentence];
    if (last.value > 0 && last <= now && now.value < last.value + quiet_millis) return;
    last = now;
  }
  tell_(sentence);
}

}  // namespace cpl
