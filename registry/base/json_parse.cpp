// Read by simdjson, several times as fast as the library that holds the values and writes them:
// every statement is read on its way in, and again by every audit.
#include <simdjson.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/base/json.hpp"

namespace cpl {
namespace {

constexpr std::size_t depth_max = 16;
constexpr std::size_t reader_kept_max = 1U << 20U;  // Octets of text whose room stays at hand.

Error malformed_json(std::string_view detail) {
  return malformed("json-malformed", "not valid JSON: " + std::string(detail));
}
Error unacceptable(std::string detail) {
  return malformed("json-malformed", "not acceptable JSON: " + std::move(detail));
}
Error too_deep() { return unacceptable("nested deeper than " + std::to_string(depth_max)); }
Error too_large() { return unacceptable("a number is beyond 2^53-1"); }

// What the grammar of JSON allows and we do not is refused while the values are taken over: they
// would no longer show it.
class Taker {
 public:
  explicit Taker(std::size_t values_max) : values_left_(values_max) {}

  Result<Json> take(const simdjson::dom::element& from, std::size_t depth);
  bool met_zero() const { return met_zero_; }

 private:
  Result<Json> take_object(const simdjson::dom::object& from, std::size_t depth);
  Result<Json> take_array(const simdjson::dom::array& from, std::size_t depth);
  Result<Json> take_number(std::int64_t value);

  std::size_t values_left_;
  bool met_zero_ = false;
};

Result<Json> Taker::take_object(const simdjson::dom::object& from, std::size_t depth) {
  if (depth == depth_max) return too_deep();
  Json made = Json::object();
  auto& members = made.get_ref<Json::object_t&>();
  for (const auto [name, value] : from) {
    if (!is_printable_utf8(name)) return unacceptable("a name holds a control character");
    auto taken = take(value, depth + 1);
    if (!taken) return taken;
    const std::size_t before = members.size();
    // Canonical JSON has its names in order: the place of each is the end.
    const auto member = members.emplace_hint(members.end(), name, *std::move(taken));
    if (members.size() == before) {
      return unacceptable("the name \"" + member->first + "\" is there twice");
    }
  }
  return made;
}

Result<Json> Taker::take_array(const simdjson::dom::array& from, std::size_t depth) {
  if (depth == depth_max) return too_deep();
  Json made = Json::array();
  auto& items = made.get_ref<Json::array_t&>();
  items.reserve(from.size());
  for (const auto value : from) {
    auto taken = take(value, depth + 1);
    if (!taken) return taken;
    items.push_back(*std::move(taken));
  }
  return made;
}

Result<Json> Taker::take_number(std::int64_t value) {
  constexpr auto max = static_cast<std::int64_t>(json_integer_max);
  if (value < -max || value > max) return too_large();
  met_zero_ = met_zero_ || value == 0;
  return value < 0 ? Json(value) : Json(static_cast<std::uint64_t>(value));
}

Result<Json> Taker::take(const simdjson::dom::element& from, std::size_t depth) {
  using simdjson::dom::element_type;
  if (values_left_-- == 0) return unacceptable("it holds more values than it may");
  switch (from.type()) {
    case element_type::OBJECT:
      return take_object(from.get_object().value_unsafe(), depth);
    case element_type::ARRAY:
      return take_array(from.get_array().value_unsafe(), depth);
    case element_type::STRING:
      return Json(std::string(from.get_string().value_unsafe()));
    case element_type::INT64:
      return take_number(from.get_int64().value_unsafe());
    case element_type::UINT64:  // Those beyond the other's range.
      return too_large();
    case element_type::DOUBLE:
      return unacceptable("numbers must be whole, " +
                          Json(from.get_double().value_unsafe()).dump() + " is not");
    case element_type::BOOL:
      return Json(from.get_bool().value_unsafe());
    case element_type::NULL_VALUE:
      return Json();
  }
  return malformed_json("it holds an unknown kind of value");
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

Result<Json> read(simdjson::dom::parser& parser, std::string_view text, std::size_t values_max) {
  simdjson::dom::element root;
  const auto error = parser.parse(text.data(), text.size()).get(root);
  if (error == simdjson::DEPTH_ERROR) return too_deep();
  if (error != simdjson::SUCCESS) return malformed_json(simdjson::error_message(error));
  Taker taker(values_max);
  auto taken = taker.take(root, 0);
  if (taken && taker.met_zero() && has_negative_zero(text)) {
    return unacceptable("zero has no sign");
  }
  return taken;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  return parse_small_json(text, std::numeric_limits<std::size_t>::max());
}

Result<Json> parse_small_json(std::string_view text, std::size_t values_max) {
  // Readers differ in what they make of these.
  if (text.starts_with("\uFEFF") || text.find('\0') != text.npos) {
    return malformed_json("it holds a byte order mark or a zero");
  }
  if (text.size() > reader_kept_max) {
    simdjson::dom::parser parser;
    return read(parser, text, values_max);
  }
  thread_local simdjson::dom::parser parser;
  return read(parser, text, values_max);
}

}  // namespace cpl
