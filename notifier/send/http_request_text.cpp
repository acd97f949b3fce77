#include "notifier/send/http_request_text.hpp"

#include <algorithm>

namespace cpl {
namespace {

// RFC 9110, 5.6.2, without the marks that nobody uses.
bool is_field_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

bool is_field_text(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

Result<std::string> request_text(const OutgoingMessage& message, const TargetUrl& url) {
  if (message.method != "POST" && message.method != "GET" && message.method != "OPTIONS") {
    return malformed("delivery-message-malformed",
                     "notices are sent with POST, GET or OPTIONS, not " + message.method);
  }
  std::string text =
      message.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority() +
      "\r\nUser-Agent: cpld\r\nContent-Length: " + std::to_string(message.body.size()) + "\r\n";
  for (const auto& [name, value] : message.headers) {
    if (!is_field_name(name) || !is_field_text(value)) {
      return malformed("delivery-message-malformed",
                       "a header field's name is not one, or its value has a control character");
    }
    text.append(name).append(": ").append(value).append("\r\n");
  }
  return text + "\r\n" + message.body;
}

}  // namespace cpl
