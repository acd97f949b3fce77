// One attempt to hand one message to one receiver, and what came back. Whether and when to try
// again is not decided here: a status is an answer, an Error means that there was none.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"
#include "notifier/event/event.hpp"

namespace cpl {

struct OutgoingMessage {
  std::string url;
  std::string method = "POST";
  std::string subscription{};  // Whose message it is, for channels that say so in their own way.
  std::string owner{};         // The Party whose subscription that is.
  std::vector<std::pair<std::string, std::string>> headers;
  Bytes body;
  Audience audience{};  // The Service Desk's never wait for a Party's.
  // That the receiver at this URL has consented, and shown that it holds the secret.
  bool verified = false;
  bool ticket = false;  // Into a ticket system: the mail says so in its form.
};

// What an attempt comes to that the end of the service cuts short.
inline Error stopping_error() {
  return Error{Errc::unavailable, "stopping", "the service is stopping", 0};
}

// The receiver's answer, untrusted and not yet escaped.
struct Delivered {
  unsigned status = 0;
  std::optional<std::string> retry_after;
  std::optional<std::string> content_type;
  // WebHook-Allowed-Origin and WebHook-Allowed-Rate: the consent of a CloudEvents receiver.
  std::optional<std::string> allowed_origin;
  std::optional<std::string> allowed_rate;
  Bytes body;  // At most 20,000 octets; the rest was not read.
  std::chrono::milliseconds took{};
  bool permanent = false;  // A refusal that no further attempt will change.
  std::string words{};     // What a mail server says beside its status; printable, and short.
};

class Transport {
 public:
  using Done = std::function<void(Result<Delivered>)>;

  virtual ~Transport() = default;
  // Any thread; returns at once. `done` runs exactly once, on any thread, and must not block.
  virtual void send(OutgoingMessage message, Done done) = 0;
};

}  // namespace cpl
