#include "registry/base/json_text.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/result.hpp"

namespace cpl {
namespace {

bool stands_for_itself(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

// As RFC 8785 writes it: the short form where there is one.
void append_escape(Bytes& out, char c) {
  constexpr std::string_view with_short_form = "\"\\\b\f\n\r\t";
  constexpr std::string_view short_forms = "\"\\bfnrt";
  const auto place = with_short_form.find(c);
  out.push_back('\\');
  if (place != std::string_view::npos) {
    out.push_back(short_forms[place]);
  } else {
    out.append("u00").append(to_hex(BytesView(&c, 1)));
  }
}

}  // namespace

void append_json_text(Bytes& out, std::string_view text) {
  out.push_back('"');
  for (;;) {
    const auto plain = std::find_if_not(text.begin(), text.end(), stands_for_itself);
    const auto length = static_cast<std::size_t>(plain - text.begin());
    out.append(text.substr(0, length));
    if (length == text.size()) break;
    append_escape(out, text[length]);
    text.remove_prefix(length + 1);
  }
  out.push_back('"');
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

void JsonText::put_flag(std::string_view name, bool value) {
  begin(name) += value ? "true" : "false";
}

}  // namespace cpl
