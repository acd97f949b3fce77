// The one strict reader and writer of JSON. Strict means: no duplicate names, no fractions, bounded
// depth, and every member named by a reader or refused. Sorted `dump()` of such values with ASCII
// names is RFC 8785 canonical JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.hpp"
#include "registry/base/time.hpp"
#include "registry/base/words.hpp"

namespace cpl {

using Json = nlohmann::json;

inline constexpr std::uint64_t json_integer_max = (std::uint64_t{1} << 53U) - 1;

Result<Json> parse_json(std::string_view text);
// The same of a text that must not hold more than so many values: what a stranger sends is not
// built up before somebody looks at its shape.
Result<Json> parse_small_json(std::string_view text, std::size_t values_max);
std::string canonical_json(const Json& value);

// A faulty field: where (a JSON pointer), what is wrong, and which kind of fault that is.
struct FieldError {
  std::string pointer;
  std::string detail;
  std::string code = "value-invalid";  // Or "member-missing", "member-unknown".
};
using FieldErrors = std::vector<FieldError>;

// A JSON pointer as people say it: "certificates, cpa, expiry date" or "models, item 2".
std::string place_in_words(std::string_view pointer);
// "firmware version: must be 8 hexadecimal digits; ts name: …"
std::string describe(const FieldErrors& errors);
// The refusal for all of them: "the report is invalid: text: is missing; …", and the first 64 by
// themselves.
Error invalid_fields(std::string code, const std::string& what, const FieldErrors& errors);

// Reads the members of one object by name. Each accessor notes what is wrong and returns a harmless
// value, so that one pass reports every fault; `done` then notes the members nobody asked for.
class FieldReader {
 public:
  FieldReader(const Json& value, std::string pointer, FieldErrors& errors);
  FieldReader(const FieldReader&) = delete;
  FieldReader& operator=(const FieldReader&) = delete;

  bool has(std::string_view name) const;
  bool is_object(std::string_view name) const;
  // Printable UTF-8 of 1 to `size_max` octets. `allowed` names control characters it may hold.
  std::string text(std::string_view name, std::size_t size_max, std::string_view allowed = "");
  std::optional<std::string> optional_text(std::string_view name, std::size_t size_max);
  std::uint64_t integer(std::string_view name, std::uint64_t low, std::uint64_t high);
  std::optional<std::uint64_t> optional_integer(std::string_view name, std::uint64_t low,
                                                std::uint64_t high);
  bool boolean(std::string_view name);
  UnixMillis time(std::string_view name);
  std::optional<Date> date(std::string_view name);
  std::optional<Date> optional_date(std::string_view name);
  Hash hash(std::string_view name);  // 64 lower-case hexadecimal digits.
  // One of the words; its position. 0 where it is none of them.
  std::size_t word(std::string_view name, std::span<const std::string_view> words);
  template <class Enum>
  Enum word(std::string_view name) {
    return static_cast<Enum>(word(name, Words<Enum>::list));
  }
  // An empty array or object stands for one that is absent or malformed.
  const Json& array(std::string_view name, std::size_t count_min, std::size_t count_max);
  const Json& object(std::string_view name);

  std::string pointer_to(std::string_view name) const;
  void fail(std::string_view name, std::string detail);
  void done();

 private:
  const Json* find(std::string_view name, bool required);
  std::string text_of(const Json& member, std::string_view name, std::size_t size_max,
                      std::string_view allowed);

  const Json& value_;
  std::string pointer_;
  FieldErrors& errors_;
  std::vector<const Json*> read_;  // Members that were asked for.
};

}  // namespace cpl
