// The charter: who may sign what, and the values the rules use. Entry 0 of a log is its first
// charter; a later one replaces it and needs the threshold of both.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "crypto/note_key.hpp"
#include "registry/base/words.hpp"
#include "registry/statement/model.hpp"

namespace cpl {

enum class Role : std::uint8_t { panel, registrar, service_desk };
inline constexpr std::array<std::string_view, 3> role_words = {"panel", "registrar",
                                                               "service_desk"};
template <>
struct Words<Role> {
  static constexpr const auto& list = role_words;
};
std::string to_string(Role role);

enum class CertificateKind : std::uint8_t { zigbee, dlms, cpa };
inline constexpr std::array<std::string_view, 3> certificate_kind_words = {"zigbee", "dlms", "cpa"};
template <>
struct Words<CertificateKind> {
  static constexpr const auto& list = certificate_kind_words;
};

// A threshold counts distinct keys, never signatures.
struct RoleKeys {
  std::uint64_t threshold = 1;
  std::vector<NoteVerifier> keys;
  // By a key's name, the day that it is meant to be replaced by: people are warned, no rule asks.
  std::map<std::string, Date> ends{};
};

// What the Code leaves uncertain is a value here, never a rule in the program.
struct CharterPolicy {
  std::uint64_t statement_age_seconds_max = 30 * 86'400;
  bool removal_needs_validation = true;
  // By device type: the certificates an addition must have.
  std::map<DeviceType, std::vector<CertificateKind>> required_certificates;
  std::vector<DeviceType> image_hash_required;  // Types whose firmware can be updated.
  // A dated CPA certificate ends at most so many years after its issue; 0 switches the rule off.
  std::uint64_t cpa_years_max = 6;
  // A decision that removes models says which listed model bears the hardware of each, or that none
  // does (rule 4).
  bool decision_names_successors = false;
  bool withdrawal_needs_decision = false;  // To take a notice back (rule 11).
};
CharterPolicy default_policy();

struct Charter {
  std::string name;  // Of the registry, for people.
  std::map<Role, RoleKeys> roles;
  CharterPolicy policy;
  std::optional<EntryIndex> replaces;  // The charter's entry that this one replaces.
  // The log's own keys, if the Panel vouches for them too: the present one and, while it is being
  // changed, the next.
  std::vector<NoteVerifier> log_keys{};
};

Charter read_charter(FieldReader& reader, FieldErrors& errors);
void put_charter(Json& json, const Charter& charter);

}  // namespace cpl
