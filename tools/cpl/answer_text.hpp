// Members of the registry's answers as text for a terminal: whatever is missing or of another kind
// is empty.
#pragma once

#include <nlohmann/json.hpp>

#include "tools/cpl/cli.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {

inline constexpr const char* json_type = "application/json";

inline std::string text_of(const Json& json, const char* name) {
  const auto member = json.find(name);
  if (member == json.end() || member->is_null()) return "";
  return printable(member->is_string() ? member->get<std::string>() : member->dump());
}

// "SECP SECP_31_0804, item 2, decision 2", of a decision's `reference`.
inline std::string decision_text(const Json& reference) {
  const std::string body = text_of(reference, "body") + " ";
  if (!reference.contains("meeting")) {
    return body + "ex-committee " + text_of(reference, "ex_committee");
  }
  return body + text_of(reference, "meeting") + ", item " + text_of(reference, "item") +
         ", decision " + text_of(reference, "ordinal");
}

// A time of an answer, as people in Great Britain read it.
inline std::string told_time(const std::string& text) {
  auto time = parse_time(text);
  if (!time) time = parse_time_millis(text);
  return time ? uk_time(*time) : text;
}

// Left in a column of that width, with a space behind it at least.
inline std::string column(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

}  // namespace cpl
