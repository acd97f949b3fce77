#include "registry/query/key_history.hpp"

namespace cpl {
namespace {

using Charters = std::vector<std::shared_ptr<const CharterRecord>>;

// Oldest first.
Result<Charters> charters_of(const LogView& log, std::size_t count_max) {
  Charters charters;
  for (auto at = log.charter(); at != nullptr && charters.size() <= count_max;
       at = TRY(log.charter_before(at->entry))) {
    charters.push_back(at);
  }
  std::reverse(charters.begin(), charters.end());
  return charters;
}

using NamedKeys = std::vector<std::pair<std::string, NoteVerifier>>;

NamedKeys keys_of(const Charter& charter) {
  NamedKeys keys;
  for (const auto& [role, named] : charter.roles) {
    for (const NoteVerifier& key : named.keys) keys.emplace_back(to_string(role), key);
  }
  for (const NoteVerifier& key : charter.log_keys) keys.emplace_back("log", key);
  return keys;
}

// What the charter no longer names is over with it; what it names anew begins.
void follow(const CharterRecord& charter, std::vector<KeyUse>& uses) {
  const NamedKeys named = keys_of(charter.charter);
  for (KeyUse& use : uses) {
    const auto same = std::pair(use.role, use.key);
    if (!use.to && std::find(named.begin(), named.end(), same) == named.end()) {
      use.to = charter.entry;
    }
  }
  for (const auto& one : named) {
    const bool goes_on = std::any_of(uses.begin(), uses.end(), [&](const KeyUse& use) {
      return !use.to && std::pair(use.role, use.key) == one;
    });
    if (!goes_on) uses.push_back({one.first, one.second, charter.entry, std::nullopt});
  }
}

}  // namespace

Result<KeyHistory> key_history(const LogView& log, std::size_t charters_max) {
  Charters charters = TRY(charters_of(log, charters_max));
  KeyHistory history;
  history.is_all = charters.size() <= charters_max;
  if (!history.is_all) charters.erase(charters.begin());
  for (const auto& charter : charters) follow(*charter, history.uses);
  return history;
}

}  // namespace cpl
