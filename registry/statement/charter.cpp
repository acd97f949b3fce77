#include "registry/statement/charter.hpp"

#include <nlohmann/json.hpp>

namespace cpl {
namespace {

constexpr std::size_t keys_max = 64;
constexpr std::size_t log_keys_max = 4;
constexpr std::uint64_t age_seconds_max = 366ULL * 86'400;

std::vector<NoteVerifier> read_keys(const Json& list, FieldReader& reader, std::string_view name) {
  std::vector<NoteVerifier> keys;
  for (const Json& item : list) {
    auto key = NoteVerifier::parse(item.is_string() ? item.get<std::string>() : "");
    if (!key) {
      reader.fail(name, key.error().detail);
    } else if (key->type() == NoteKeyType::cosignature) {
      reader.fail(name, "a witness's key cannot sign statements or checkpoints");
    } else {
      keys.push_back(*std::move(key));
    }
  }
  return keys;
}

void read_ends(FieldReader& reader, RoleKeys& role) {
  for (const auto& [name, value] : reader.object("ends").items()) {
    const auto day = Date::parse(value.is_string() ? value.get<std::string>() : "");
    const bool known =
        std::any_of(role.keys.begin(), role.keys.end(),
                    [&of = name](const NoteVerifier& key) { return key.name() == of; });
    if (!day) {
      reader.fail("ends", "the end of " + name + " must be a day such as 2027-12-31");
    } else if (!known) {
      reader.fail("ends", name + " is no key of the role");
    } else {
      role.ends.emplace(name, *day);
    }
  }
}

// A member that says that something is asked for: left out where it is not.
bool read_asked(FieldReader& reader, std::string_view name) {
  if (!reader.has(name)) return false;
  if (!reader.boolean(name)) reader.fail(name, "must be true, or left out");
  return true;
}

RoleKeys read_role(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  RoleKeys role;
  role.keys = read_keys(reader.array("keys", 1, keys_max), reader, "keys");
  role.threshold = reader.integer("threshold", 1, std::max<std::size_t>(role.keys.size(), 1));
  if (reader.has("ends")) read_ends(reader, role);
  reader.done();
  return role;
}

// One key, one person, one role: else one of them could count twice.
void refuse_shared_keys(const Charter& charter, FieldReader& reader) {
  std::vector<const NoteVerifier*> seen;
  for (const auto& [role, keys] : charter.roles) {
    for (const NoteVerifier& key : keys.keys) {
      for (const NoteVerifier* other : seen) {
        if (other->key() == key.key() || other->name() == key.name()) {
          reader.fail("roles", "the key or name of " + key.name() + " is there twice");
        }
      }
      seen.push_back(&key);
    }
  }
  for (const NoteVerifier& key : charter.log_keys) {
    for (const NoteVerifier* other : seen) {
      // The log's key is on the server; nobody else's may be.
      if (other->key() == key.key()) {
        reader.fail("log_keys", "the key of " + key.name() + " is " + other->name() + "'s, too");
      }
    }
  }
}

template <class Enum>
std::vector<Enum> read_words(const Json& list, std::string_view name, FieldReader& reader) {
  std::vector<Enum> out;
  for (const Json& item : list) {
    const auto known = item.is_string() ? read_word<Enum>(item.get<std::string>()) : std::nullopt;
    if (known) {
      out.push_back(*known);
    } else {
      reader.fail(name, item.dump() + " is not known");
    }
  }
  return out;
}

CharterPolicy read_policy(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  CharterPolicy policy;
  policy.statement_age_seconds_max = reader.integer("max_statement_age", 60, age_seconds_max);
  policy.removal_needs_validation = reader.boolean("removal_needs_validation");
  policy.cpa_years_max = reader.integer("cpa_years_max", 0, 100);
  policy.image_hash_required =
      read_words<DeviceType>(reader.array("image_hash_required", 0, device_type_words.size()),
                             "image_hash_required", reader);
  const Json& required = reader.object("required_certificates");
  for (const auto& [word, kinds] : required.items()) {
    const auto type = device_type_of(word);
    if (!type || !kinds.is_array() || kinds.size() > certificate_kind_words.size()) {
      reader.fail("required_certificates",
                  "\"" + word + "\" must be a device type with a list of certificates");
      continue;
    }
    policy.required_certificates[*type] =
        read_words<CertificateKind>(kinds, "required_certificates", reader);
  }
  policy.decision_names_successors = read_asked(reader, "decision_names_successors");
  policy.withdrawal_needs_decision = read_asked(reader, "withdrawal_needs_decision");
  reader.done();
  return policy;
}

Json policy_json(const CharterPolicy& policy) {
  Json json = {{"max_statement_age", policy.statement_age_seconds_max},
               {"removal_needs_validation", policy.removal_needs_validation},
               {"cpa_years_max", policy.cpa_years_max},
               {"image_hash_required", Json::array()},
               {"required_certificates", Json::object()}};
  if (policy.decision_names_successors) json["decision_names_successors"] = true;
  if (policy.withdrawal_needs_decision) json["withdrawal_needs_decision"] = true;
  for (const DeviceType type : policy.image_hash_required) {
    json["image_hash_required"].push_back(to_string(type));
  }
  for (const auto& [type, kinds] : policy.required_certificates) {
    Json& list = json["required_certificates"][to_string(type)] = Json::array();
    for (const CertificateKind kind : kinds) {
      list.push_back(word_of(kind));
    }
  }
  return json;
}

}  // namespace

std::string to_string(Role role) { return std::string(word_of(role)); }

CharterPolicy default_policy() {
  using enum CertificateKind;
  CharterPolicy policy;
  policy.required_certificates = {
      {DeviceType::esme, {zigbee, dlms, cpa}}, {DeviceType::gsme, {zigbee, cpa}},
      {DeviceType::ch, {zigbee, cpa}},         {DeviceType::ppmid, {zigbee}},
      {DeviceType::hcalcs, {zigbee, cpa}},     {DeviceType::sapc, {zigbee, cpa}}};
  policy.image_hash_required = {DeviceType::esme, DeviceType::gsme, DeviceType::ch};
  return policy;
}

Charter read_charter(FieldReader& reader, FieldErrors& errors) {
  Charter charter;
  charter.name = reader.text("name", 100);
  FieldReader roles(reader.object("roles"), reader.pointer_to("roles"), errors);
  for (const std::string_view word : role_words) {
    charter.roles[*read_word<Role>(word)] =
        read_role(roles.object(word), roles.pointer_to(word), errors);
  }
  roles.done();
  charter.policy = read_policy(reader.object("policy"), reader.pointer_to("policy"), errors);
  if (const auto replaces = reader.optional_integer("replaces", 0, json_integer_max)) {
    charter.replaces = EntryIndex{*replaces};
  }
  if (reader.has("log_keys")) {
    charter.log_keys = read_keys(reader.array("log_keys", 1, log_keys_max), reader, "log_keys");
  }
  refuse_shared_keys(charter, reader);
  return charter;
}

void put_charter(Json& json, const Charter& charter) {
  json["name"] = charter.name;
  for (const auto& [role, keys] : charter.roles) {
    Json& out = json["roles"][to_string(role)];
    out["threshold"] = keys.threshold;
    out["keys"] = Json::array();
    for (const NoteVerifier& key : keys.keys) out["keys"].push_back(key.to_string());
    for (const auto& [name, day] : keys.ends) out["ends"][name] = day.text();
  }
  json["policy"] = policy_json(charter.policy);
  if (charter.replaces) json["replaces"] = charter.replaces->value;
  for (const NoteVerifier& key : charter.log_keys) json["log_keys"].push_back(key.to_string());
}

}  // namespace cpl
