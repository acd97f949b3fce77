// A Party that uses all that it may, and does harm with all of it: a hundred subscriptions, at
// receivers that hang and at somebody else's URL, changed without pause.
#pragma once

#include <catch2/catch.hpp>
#include <random>

#include "notifier/run/notifier.hpp"
#include "tests/support/log_fixture.hpp"

namespace cpl::testing {

class MaliciousParty final {
 public:
  // `urls` are its receivers; the first is the one that it wants to silence.
  MaliciousParty(Notifier& notifier, std::vector<std::string> urls, std::uint64_t seed)
      : notifier_(notifier), urls_(std::move(urls)), random_(seed) {
    for (std::size_t i = 0; i < subscriptions_max; ++i) {
      const auto made =
          notifier_.subscribe(name, Audience::parties, {url(), filter()}, EntryIndex{0});
      if (!made) break;
      ids_.push_back(made->id);
    }
  }

  std::size_t subscriptions() const { return ids_.size(); }

  // One call of the API, whatever comes of it.
  void meddle() {
    const std::string& id = ids_[below(ids_.size())];
    switch (below(8)) {
      case 0:
        (void)notifier_.change(name, id, url(), filter());
        return;
      case 1:
      case 2:
        (void)notifier_.verify(name, id);
        return;
      case 3:
      case 4:
        (void)notifier_.replay(name, id, EntryIndex{0});
        return;
      case 5:
        (void)notifier_.resume(name, id);
        return;
      case 6:
        (void)notifier_.rotate(name, id, std::chrono::seconds(below(2) * 60));
        return;
      default:
        (void)notifier_.test(name, id);
    }
  }

  // Before "desk" in the order of names, and before any other.
  static constexpr const char* name = "aaa";
  static constexpr std::size_t subscriptions_max = 100;

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  std::string url() { return urls_[below(3) == 0 ? 0 : below(urls_.size())]; }
  // Every second one wants nothing that there is, so that all of the log is looked at for it.
  EventFilter filter() {
    EventFilter wanted;
    if (below(2) == 0) wanted.models = {small_id(999'999)};
    return wanted;
  }

  Notifier& notifier_;
  const std::vector<std::string> urls_;
  std::mt19937_64 random_;
  std::vector<std::string> ids_;
};

// A log whose next entries are notices to the Service Desk, one for each model.
inline std::vector<Bytes> notes_before_notices(std::uint64_t models) {
  std::vector<Bytes> notes = {charter_note()};
  std::vector<ModelId> named;
  for (std::uint64_t number = 1; number <= models; ++number) {
    notes.push_back(addition_note(number));
    named.push_back(small_id(number));
  }
  notes.push_back(decision_note(std::move(named)));
  return notes;
}

}  // namespace cpl::testing
