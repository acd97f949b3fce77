#include "tools/ui/held_keys.hpp"

#include <nlohmann/json.hpp>

#include "api/html/parts.hpp"
#include "api/pages/said.hpp"
#include "tools/cpl/proven_entry.hpp"

namespace cpl {

Result<HeldKeys> HeldKeys::read(const std::vector<std::string>& files) {
  HeldKeys held;
  for (const std::string& file : files) held.keys_.push_back(TRY(read_person_key(file)));
  return held;
}

std::string HeldKeys::names() const {
  std::vector<std::string> names;
  for (const PersonSigner& key : keys_) names.push_back(key.verifier().name());
  return joined(names);
}

const PersonSigner* HeldKeys::in(const Charter& charter, Role role) const {
  return among(charter.roles.at(role).keys);
}

const PersonSigner* HeldKeys::among(const std::vector<NoteVerifier>& keys) const {
  for (const PersonSigner& key : keys_) {
    if (std::find(keys.begin(), keys.end(), key.verifier()) != keys.end()) return &key;
  }
  return nullptr;
}

Result<std::shared_ptr<const CharterRecord>> proven_charter(const HttpClient& client,
                                                            const TrustPolicy& policy) {
  const Json told = TRY(client.get_json("/v1/charter"));
  const auto index = Said(told)["index"].number();
  if (!index) return evidence_mismatch("the registry names no charter");
  ProvenRead read = TRY(read_entry(client, EntryIndex{*index}, policy));
  auto* charter = std::get_if<Charter>(&read.statement.body);
  if (charter == nullptr) {
    return evidence_mismatch("entry " + std::to_string(*index) + " holds no charter");
  }
  if (!read.proven) return refuse("charter-unproven", "the charter is not proven: " + read.why_not);
  return std::make_shared<const CharterRecord>(
      CharterRecord{std::move(*charter), EntryIndex{*index}});
}

}  // namespace cpl
