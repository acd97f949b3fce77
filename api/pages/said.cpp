#include "api/pages/said.hpp"

#include <nlohmann/json.hpp>

namespace cpl {
namespace {

const Json nothing;

}  // namespace

Said Said::operator[](std::string_view member) const {
  if (!json_->is_object()) return Said(nothing);
  const auto found = json_->find(member);
  return Said(found == json_->end() ? nothing : *found);
}

std::vector<Said> Said::items() const {
  std::vector<Said> list;
  if (!json_->is_structured()) return list;
  list.reserve(json_->size());
  for (const Json& item : *json_) list.emplace_back(item);
  return list;
}

std::vector<std::pair<std::string, Said>> Said::members() const {
  std::vector<std::pair<std::string, Said>> list;
  if (!json_->is_object()) return list;
  for (const auto& [name, value] : json_->items()) list.emplace_back(name, Said(value));
  return list;
}

bool Said::exists() const { return !json_->is_null(); }

bool Said::is_true() const { return json_->is_boolean() && json_->get<bool>(); }

std::string_view Said::text() const {
  const auto* const text = json_->get_ptr<const std::string*>();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

std::optional<std::uint64_t> Said::number() const {
  const auto* const number = json_->get_ptr<const std::uint64_t*>();
  if (number == nullptr) return std::nullopt;
  return *number;
}

std::optional<UnixMillis> Said::time() const {
  const auto time = parse_time(text());
  return time ? time : parse_time_millis(text());
}

std::vector<std::string> Said::texts() const {
  std::vector<std::string> list;
  for (const Said& item : items()) list.emplace_back(item.text());
  return list;
}

}  // namespace cpl
