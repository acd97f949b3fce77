// Members of the registry's answers as text for a terminal: whatever is missing or of another kind
// is empty.
#pragma once

#include <nlohmann/json.hpp>

#include "tools/cli.hpp"

namespace cpl {

inline std::string text_of(const Json& json, const char* name) {
  const auto member = json.find(name);
  if (member == json.end() || member->is_null()) return "";
  return printable(member->is_string() ? member->get<std::string>() : member->dump());
}

// Left in a column of that width, with a space behind it at least.
inline std::string column(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

}  // namespace cpl
