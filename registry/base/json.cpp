#include "registry/base/json.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t described_errors_max = 8;
constexpr std::size_t faults_max = 64;

const Json& empty_array() {
  static const Json value = Json::array();
  return value;
}
const Json& empty_object() {
  static const Json value = Json::object();
  return value;
}

}  // namespace

std::string canonical_json(const Json& value) { return value.dump(); }

std::string place_in_words(std::string_view pointer) {
  if (pointer.starts_with('#')) pointer.remove_prefix(1);
  std::string words;
  while (pointer.starts_with('/')) {
    const std::string_view member = pointer.substr(1, pointer.find('/', 1) - 1);
    pointer.remove_prefix(1 + member.size());
    const auto position = from_decimal(member);
    std::string word = position ? "item " + std::to_string(*position + 1) : std::string(member);
    std::replace(word.begin(), word.end(), '_', ' ');
    words += (words.empty() ? "" : ", ") + word;
  }
  return words.empty() ? "the whole" : words;
}

std::string describe(const FieldErrors& errors) {
  std::string out;
  for (std::size_t i = 0; i < errors.size() && i < described_errors_max; ++i) {
    if (i > 0) out += "; ";
    out += place_in_words(errors[i].pointer) + ": " + errors[i].detail;
  }
  if (errors.size() > described_errors_max) {
    out += "; and " + std::to_string(errors.size() - described_errors_max) + " more";
  }
  return out;
}

Error invalid_fields(std::string code, const std::string& what, const FieldErrors& errors) {
  Error error = malformed(std::move(code), what + " is invalid: " + describe(errors));
  for (std::size_t i = 0; i < errors.size() && i < faults_max; ++i) {
    error.faults.push_back({errors[i].pointer, errors[i].code, errors[i].detail});
  }
  return error;
}

FieldReader::FieldReader(const Json& value, std::string pointer, FieldErrors& errors)
    : value_(value.is_object() ? value : empty_object()),
      pointer_(std::move(pointer)),
      errors_(errors) {
  read_.reserve(value_.size());
  if (!value.is_object()) errors_.push_back({pointer_, "must be an object"});
}

std::string FieldReader::pointer_to(std::string_view name) const {
  return pointer_ + "/" + std::string(name);
}

void FieldReader::fail(std::string_view name, std::string detail) {
  errors_.push_back({pointer_to(name), std::move(detail)});
}

bool FieldReader::has(std::string_view name) const { return value_.contains(name); }

bool FieldReader::is_object(std::string_view name) const {
  const auto member = value_.find(name);
  return member != value_.end() && member->is_object();
}

const Json* FieldReader::find(std::string_view name, bool required) {
  const auto member = value_.find(name);
  if (member != value_.end()) {
    read_.push_back(&*member);
    return &*member;
  }
  if (required) errors_.push_back({pointer_to(name), "is missing", "member-missing"});
  return nullptr;
}

std::string FieldReader::text(std::string_view name, std::size_t size_max,
                              std::string_view allowed) {
  const Json* member = find(name, true);
  return member == nullptr ? std::string() : text_of(*member, name, size_max, allowed);
}

std::string FieldReader::text_of(const Json& member, std::string_view name, std::size_t size_max,
                                 std::string_view allowed) {
  if (!member.is_string()) {
    fail(name, "must be text");
    return {};
  }
  const auto& text = member.get_ref<const std::string&>();
  if (text.empty()) fail(name, "must not be empty");
  if (text.size() > size_max) fail(name, "is longer than " + std::to_string(size_max) + " octets");
  if (!is_printable_utf8(text, allowed)) fail(name, "holds a control character");
  return text;
}

std::optional<std::string> FieldReader::optional_text(std::string_view name, std::size_t size_max) {
  const Json* member = find(name, false);
  if (member == nullptr) return std::nullopt;
  return text_of(*member, name, size_max, "\n");
}

std::uint64_t FieldReader::integer(std::string_view name, std::uint64_t low, std::uint64_t high) {
  const Json* member = find(name, true);
  if (member == nullptr) return low;
  if (!member->is_number_unsigned() || member->get<std::uint64_t>() < low ||
      member->get<std::uint64_t>() > high) {
    fail(name,
         "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return low;
  }
  return member->get<std::uint64_t>();
}

std::optional<std::uint64_t> FieldReader::optional_integer(std::string_view name, std::uint64_t low,
                                                           std::uint64_t high) {
  if (!has(name)) return std::nullopt;
  return integer(name, low, high);
}

bool FieldReader::boolean(std::string_view name) {
  const Json* member = find(name, true);
  if (member == nullptr) return false;
  if (!member->is_boolean()) {
    fail(name, "must be true or false");
    return false;
  }
  return member->get<bool>();
}

UnixMillis FieldReader::time(std::string_view name) {
  const std::string value = text(name, 32);
  const auto time = parse_time(value);
  if (!time && !value.empty()) {
    fail(name, "must be a time in UTC such as 2026-07-09T10:15:30Z");
  }
  return time.value_or(UnixMillis{});
}

std::optional<Date> FieldReader::date(std::string_view name) {
  const std::string value = text(name, 32);
  auto date = Date::parse(value);
  if (!date && !value.empty()) fail(name, "must be a date such as 2026-07-09");
  return date;
}

std::optional<Date> FieldReader::optional_date(std::string_view name) {
  if (!has(name)) return std::nullopt;
  return date(name);
}

Hash FieldReader::hash(std::string_view name) {
  const std::string value = text(name, 64);
  const auto hash = hash_from_hex(value);
  if (!hash && !value.empty()) fail(name, "must be 64 lower-case hexadecimal digits");
  return hash.value_or(Hash{});
}

std::size_t FieldReader::word(std::string_view name, std::span<const std::string_view> words) {
  const std::string value = text(name, 64);
  const auto found = std::find(words.begin(), words.end(), value);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  if (!value.empty()) {
    std::string choices;
    for (const std::string_view word : words) {
      choices += (choices.empty() ? "" : ", ") + std::string(word);
    }
    fail(name, "must be one of " + choices);
  }
  return 0;
}

const Json& FieldReader::array(std::string_view name, std::size_t count_min,
                               std::size_t count_max) {
  const Json* member = find(name, true);
  if (member == nullptr) return empty_array();
  if (!member->is_array() || member->size() < count_min || member->size() > count_max) {
    fail(name,
         "must be a list of " + std::to_string(count_min) + " to " + std::to_string(count_max));
    return empty_array();
  }
  return *member;
}

const Json& FieldReader::object(std::string_view name) {
  const Json* member = find(name, true);
  if (member == nullptr) return empty_object();
  if (!member->is_object()) {
    fail(name, "must be an object");
    return empty_object();
  }
  return *member;
}

void FieldReader::done() {
  for (const auto& [name, value] : value_.get_ref<const Json::object_t&>()) {
    if (std::find(read_.begin(), read_.end(), &value) == read_.end()) {
      errors_.push_back({pointer_to(name), "is not a known member", "member-unknown"});
    }
  }
}

}  // namespace cpl
