#include "registry/upkeep/scrub.hpp"

namespace cpl {

Scrub::Scrub(const Store& store, std::chrono::seconds interval, Found found)
    : store_(store), interval_(interval), found_(std::move(found)) {}

Scrub::~Scrub() { stop(); }

void Scrub::start() {
  check(!thread_.joinable());
  thread_ = std::thread([this] { run(); });
}

void Scrub::stop() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Scrub::run() {
  while (!stopping_) {
    const auto faults = RocksStore::check_contents(store_, [this] { return !stopping_; });
    if (!faults.empty()) return found_(faults);
    if (!stopping_) ++passes_;
    Lock lock(mutex_);
    wake_.wait_for(lock, interval_, [this] { return stopping_.load(); });
  }
}

}  // namespace cpl
