#include "tools/shared/sse_reader.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t event_size_max = 1U << 20U;

Error too_long() {
  return Error{Errc::too_large, "event-too-large", "an event of the stream is over 1 MiB"};
}

}  // namespace

Result<void> SseReader::feed(BytesView octets) {
  for (const char c : octets) {
    const bool second_half = c == '\n' && after_carriage_return_;
    after_carriage_return_ = c == '\r';
    if (second_half) continue;
    if (c != '\n' && c != '\r') {
      if (line_.size() + data_.size() >= event_size_max) return too_long();
      line_ += c;
      continue;
    }
    TRY_VOID(take_line(line_));
    line_.clear();
  }
  return {};
}

Result<void> SseReader::take_line(std::string_view line) {
  if (line.empty()) return dispatch();
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view name = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") data_.append(value).append("\n");
  if (name == "event") type_ = value;
  if (name == "id" && value.find('\0') == value.npos) last_id_ = value;
  if (name == "retry") {
    if (const auto millis = from_decimal(value)) retry_millis_ = *millis;
  }
  return {};
}

Result<void> SseReader::dispatch() {
  if (data_.empty()) {
    type_.clear();
    return {};
  }
  data_.pop_back();
  const ServerSentEvent event{type_.empty() ? "message" : type_, data_, last_id_};
  type_.clear();
  data_.clear();
  return take_(event);
}

}  // namespace cpl
