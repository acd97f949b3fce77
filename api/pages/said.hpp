// JSON that somebody answered, read where it may hold anything: what is absent, or of another kind
// than asked for, is nothing, at any depth. A page shows what is there.
#pragma once

#include <optional>

#include "registry/base/json.hpp"

namespace cpl {

class Said {
 public:
  explicit Said(const Json& json) : json_(&json) {}  // The JSON outlives this.

  Said operator[](std::string_view member) const;
  // Of an array, or the values of an object; empty of anything else.
  std::vector<Said> items() const;
  std::vector<std::pair<std::string, Said>> members() const;

  bool exists() const;  // And is not null.
  bool is_true() const;
  std::string_view text() const;  // Empty where it is no text.
  std::optional<std::uint64_t> number() const;
  std::uint64_t count() const { return number().value_or(0); }
  std::optional<UnixMillis> time() const;
  std::vector<std::string> texts() const;  // Of an array of them.

 private:
  const Json* json_;
};

}  // namespace cpl
