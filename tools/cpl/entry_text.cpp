#include "tools/cpl/entry_text.hpp"

#include "tools/cpl/answer_text.hpp"

namespace cpl {
namespace {

bool is_plain(const Json& value) { return !value.is_object() && !value.is_array(); }

std::string words_of(std::string member) {
  std::replace(member.begin(), member.end(), '_', ' ');
  return printable(member);
}

std::string plain_text(const Json& value) {
  if (value.is_null()) return "none";
  return printable(value.is_string() ? value.get<std::string>() : value.dump());
}

// Lines after the first stand below it.
std::string indented(const std::string& text, std::size_t indent) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += std::string(indent, ' ');
  }
  return out;
}

std::string member_text(const std::string& label, const Json& value, std::size_t indent) {
  const std::string start = std::string(indent, ' ') + label;
  if (is_plain(value)) return start + ": " + indented(plain_text(value), indent + 2) + "\n";
  if (value.empty()) return start + ": none\n";
  return start + ":\n" + content_text(value, indent + 2);
}

std::string text_or_none(const Json* value) {
  if (value == nullptr) return "none";
  return is_plain(*value) ? plain_text(*value) : printable(value->dump());
}

}  // namespace

std::string content_text(const Json& content, std::size_t indent) {
  std::string text;
  if (content.is_array()) {
    for (const Json& item : content) {
      text += is_plain(item) ? std::string(indent, ' ') + plain_text(item) + "\n"
                             : member_text("-", item, indent);
    }
    return text;
  }
  for (const auto& [member, value] : content.items()) {
    text += member_text(words_of(member), value, indent);
  }
  return text;
}

std::string entry_text(const Json& entry) {
  std::string signers;
  for (const Json& name : entry.value("signed_by", Json::array())) {
    if (!name.is_string()) continue;
    signers += (signers.empty() ? "" : ", ") + printable(name.get<std::string>());
  }
  if (signers.empty()) signers = "nobody that it can tell now";
  return bold("entry " + text_of(entry, "index")) + ", " + text_of(entry, "type") + ", " +
         told_time(text_of(entry, "time")) + "\n" + in_uk_time(text_of(entry, "summary")) +
         "\nsigned by, as the registry says, " + signers + "; issued " +
         told_time(text_of(entry, "issued_at")) + "\n\n" +
         content_text(entry.value("content", Json::object()));
}

std::string difference_text(const Json& before, const Json& after, const std::string& place) {
  std::set<std::string> members;
  for (const auto& [member, value] : before.items()) members.insert(member);
  for (const auto& [member, value] : after.items()) members.insert(member);
  std::string text;
  for (const std::string& member : members) {
    const Json* old = before.contains(member) ? &before.at(member) : nullptr;
    const Json* now = after.contains(member) ? &after.at(member) : nullptr;
    if (old != nullptr && now != nullptr && *old == *now) continue;
    const std::string name = (place.empty() ? "" : place + ", ") + words_of(member);
    if (old != nullptr && now != nullptr && old->is_object() && now->is_object()) {
      text += difference_text(*old, *now, name);
    } else {
      text += "  " + name + ": " + text_or_none(old) + " -> " + text_or_none(now) + "\n";
    }
  }
  return text;
}

}  // namespace cpl
