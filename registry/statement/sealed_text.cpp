#include "registry/statement/sealed_text.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr const char* seal_member = "sealed";
constexpr const char* opens_member = "opens";

// A step from the whole value down to one of its parts. As text only when a seal is found: nearly
// all statements have none.
struct Step {
  const Step* above;
  std::optional<std::string_view> name;  // In an object;
  std::size_t index = 0;                 // in an array, where there is no name.

  std::string pointer() const {
    if (above == nullptr) return {};
    return above->pointer() + "/" + (name ? std::string(*name) : std::to_string(index));
  }
};

// Nothing where the object is none.
std::optional<Seal> seal_in(const Json& object) {
  const auto hash = hash_from_hex(object[seal_member].get_ref<const std::string&>());
  if (!hash) return std::nullopt;
  Seal seal{*hash, {}};
  if (object.contains(opens_member) && object[opens_member].is_string()) {
    const auto day = Date::parse(object[opens_member].get_ref<const std::string&>());
    if (day) seal.opens = *day;
  }
  return seal;
}

void find_below(const Json& value, const Step& step, std::map<std::string, Seal>& found) {
  if (value.is_object() && value.contains(seal_member) && value[seal_member].is_string()) {
    if (const auto seal = seal_in(value)) found.emplace(step.pointer(), *seal);
    return;
  }
  if (value.is_object()) {
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      find_below(member, {&step, name, 0}, found);
    }
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) find_below(value[i], {&step, {}, i}, found);
  }
}

}  // namespace

Hash seal_of(BytesView salt, std::string_view words) {
  Bytes message = "cpl/sealed/v1";
  message.push_back('\0');
  return hmac_sha256(salt, message.append(words));
}

std::optional<bool> same_text(const Text& a, const Text& b) {
  if (a.is_known() && b.is_known()) return a.words == b.words;
  if (a.seal && a.seal == b.seal) return true;
  return std::nullopt;
}

Text read_text(FieldReader& reader, std::string_view name, std::size_t size_max,
               FieldErrors& errors) {
  if (!reader.is_object(name)) return Text(reader.text(name, size_max, "\n"));
  FieldReader inner(reader.object(name), reader.pointer_to(name), errors);
  Text text(inner.hash(seal_member));
  text.opens = inner.optional_date(opens_member);
  inner.done();
  return text;
}

std::optional<Text> read_optional_text(FieldReader& reader, std::string_view name,
                                       std::size_t size_max, FieldErrors& errors) {
  if (!reader.has(name)) return std::nullopt;
  return read_text(reader, name, size_max, errors);
}

Json to_json(const Text& text) {
  if (!text.seal) return text.words;
  Json json = {{seal_member, to_hex(*text.seal)}};
  if (text.opens) json[opens_member] = text.opens->text();
  return json;
}

std::map<std::string, Seal> find_seals(const Json& json) {
  std::map<std::string, Seal> found;
  find_below(json, {nullptr, {}, 0}, found);
  return found;
}

}  // namespace cpl
