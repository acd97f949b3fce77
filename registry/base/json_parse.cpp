// Read by simdjson, several times as fast as the library that holds the values and writes them:
// every statement is read on its way in, and again by every audit. Why a text is refused, the plain
// reader finds.
#include <simdjson.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/base/json_plain.hpp"

namespace cpl {
namespace {

constexpr std::size_t reader_kept_max = 1U << 20U;  // Octets of text whose room stays at hand.

// What the grammar of JSON allows and we do not is refused while the values are taken over: they
// would no longer show it. False, or nothing, is a refusal.
class Taker {
 public:
  explicit Taker(std::size_t values_max) : values_left_(values_max) {}

  bool take(const simdjson::dom::element& from, std::size_t depth, Json& to);
  bool met_zero() const { return met_zero_; }

 private:
  bool take_object(const simdjson::dom::object& from, std::size_t depth, Json& to);
  bool take_array(const simdjson::dom::array& from, std::size_t depth, Json& to);
  bool take_number(std::int64_t value, Json& to);

  std::size_t values_left_;
  bool met_zero_ = false;
};

bool Taker::take_object(const simdjson::dom::object& from, std::size_t depth, Json& to) {
  if (depth == json_depth_max) return false;
  to = Json::object();
  auto& members = to.get_ref<Json::object_t&>();
  for (const auto [name, value] : from) {
    if (!is_printable_utf8(name)) return false;
    const std::size_t before = members.size();
    // Canonical JSON has its names in order: the place of each is the end.
    const auto member = members.emplace_hint(members.end(), name, Json());
    if (members.size() == before || !take(value, depth + 1, member->second)) return false;
  }
  return true;
}

bool Taker::take_array(const simdjson::dom::array& from, std::size_t depth, Json& to) {
  if (depth == json_depth_max) return false;
  to = Json::array();
  auto& items = to.get_ref<Json::array_t&>();
  items.reserve(from.size());
  for (const auto value : from) {
    if (!take(value, depth + 1, items.emplace_back())) return false;
  }
  return true;
}

bool Taker::take_number(std::int64_t value, Json& to) {
  constexpr auto max = static_cast<std::int64_t>(json_integer_max);
  if (value < -max || value > max) return false;
  met_zero_ = met_zero_ || value == 0;
  to = value < 0 ? Json(value) : Json(static_cast<std::uint64_t>(value));
  return true;
}

bool Taker::take(const simdjson::dom::element& from, std::size_t depth, Json& to) {
  using simdjson::dom::element_type;
  if (values_left_-- == 0) return false;
  switch (from.type()) {
    case element_type::OBJECT:
      return take_object(from.get_object().value_unsafe(), depth, to);
    case element_type::ARRAY:
      return take_array(from.get_array().value_unsafe(), depth, to);
    case element_type::STRING:
      to = Json(std::string(from.get_string().value_unsafe()));
      return true;
    case element_type::INT64:
      return take_number(from.get_int64().value_unsafe(), to);
    case element_type::UINT64:  // Those beyond the other's range,
    case element_type::DOUBLE:  // and those that are not whole.
      return false;
    case element_type::BOOL:
      to = Json(from.get_bool().value_unsafe());
      return true;
    case element_type::NULL_VALUE:
      return true;
  }
  return false;
}

// A sign before zero is lost in reading, and other readers take it for no whole number.
bool has_negative_zero(std::string_view text) {
  bool in_text = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (in_text && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      in_text = !in_text;
    } else if (!in_text && text.substr(at, 2) == "-0") {
      return true;
    }
  }
  return false;
}

std::optional<Json> read(simdjson::dom::parser& parser, std::string_view text,
                         std::size_t values_max) {
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  Taker taker(values_max);
  Json taken;
  if (!taker.take(root, 0, taken)) return std::nullopt;
  if (taker.met_zero() && has_negative_zero(text)) return std::nullopt;
  return taken;
}

std::optional<Json> read_fast(std::string_view text, std::size_t values_max) {
  // Readers differ in what they make of these.
  if (text.starts_with("\uFEFF") || text.find('\0') != text.npos) return std::nullopt;
  if (text.size() > reader_kept_max) {
    simdjson::dom::parser parser;
    return read(parser, text, values_max);
  }
  thread_local simdjson::dom::parser parser;
  return read(parser, text, values_max);
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  return parse_small_json(text, std::numeric_limits<std::size_t>::max());
}

Result<Json> parse_small_json(std::string_view text, std::size_t values_max) {
  auto taken = read_fast(text, values_max);
  if (taken) return *std::move(taken);
  auto plain = parse_json_plain(text, values_max);
  if (!plain) return plain;
  return malformed("json-malformed", "not valid JSON: it breaks the grammar");
}

}  // namespace cpl
