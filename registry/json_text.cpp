#include "registry/json_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>
#include "crypto/result.hpp"
#include "registry/json.hpp"

namespace cpl {
namespace {

bool stands_for_itself(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

}  // namespace

void append_json_text(Bytes& out, std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), stands_for_itself)) {
    out += canonical_json(Json(text));
    return;
  }
  out.push_back('"');
  out.append(text).push_back('"');
}

Bytes& JsonText::begin(std::string_view name) {
  check(last_name_ < name);
  if (!last_name_.empty()) out_.push_back(',');
  last_name_ = name;
  append_json_text(out_, name);
  out_.push_back(':');
  return out_;
}

void JsonText::put(std::string_view name, std::string_view text) {
  append_json_text(begin(name), text);
}

void JsonText::put(std::string_view name, std::uint64_t number) {
  begin(name) += std::to_string(number);
}

}  // namespace cpl
