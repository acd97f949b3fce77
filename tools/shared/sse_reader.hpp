// Server-sent events from octets (WHATWG HTML, 9.2.6), as they come.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

struct ServerSentEvent {
  std::string type;     // "message" where the stream names none.
  std::string data;     // Lines joined with LF.
  std::string last_id;  // As it stands after this event.
};

class SseReader {
 public:
  using Take = std::function<Result<void>(const ServerSentEvent&)>;

  explicit SseReader(Take take) : take_(std::move(take)) {}

  // Hands over each event that is whole. An error is of `take`, or says that a line is too long.
  Result<void> feed(BytesView octets);

  // What the stream last asked for with "retry:".
  std::optional<std::uint64_t> retry_millis() const { return retry_millis_; }

 private:
  Result<void> take_line(std::string_view line);
  Result<void> dispatch();

  const Take take_;
  std::string line_;
  bool after_carriage_return_ = false;
  std::string type_;
  std::string data_;
  std::string last_id_;
  std::optional<std::uint64_t> retry_millis_;
};

}  // namespace cpl
