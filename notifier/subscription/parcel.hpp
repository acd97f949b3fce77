// What one attempt sends: a message's id and body, with what its delivery would mean. Packing
// changes nothing; the same event is packed the same way on each retry.
#pragma once

#include "notifier/subscription/delivery.hpp"
#include "notifier/subscription/service_event.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

struct Parcel {
  std::string message_id;  // The receivers' key against duplicates; empty for OPTIONS.
  Sent sent;
  Bytes body;
};

// The event as `format_event` makes it.
Parcel pack_event(EntryIndex sequence, Bytes body);
// Nothing where it is not due: once in each interval, to whoever has all that came before it.
Result<std::optional<Parcel>> pack_checkpoint(const Subscription& subscription, const LogView& view,
                                              UnixMillis now, const EventOptions& options);
// Nothing where it is not due.
std::optional<Parcel> pack_canary(const Subscription& subscription, UnixMillis now,
                                  std::chrono::minutes interval, const EventOptions& options);
// Events as `format_event` makes them, in order; `last` is the last one's. `day` is told with them.
inline constexpr std::size_t digest_events_max = 100;
Parcel pack_digest(const std::vector<Bytes>& events, SentDigest sent);
// As `format_ending` makes it.
Parcel pack_ending(const CoverEnding& ending, Bytes body);
std::optional<Parcel> pack_news(const Subscription& subscription, const EventOptions& options);
Parcel pack_advisory(const Advisory& advisory, const EventOptions& options);
Parcel pack_test(const Subscription& subscription, const std::string& id, UnixMillis now,
                 const EventOptions& options);
Parcel pack_challenge(const Subscription& subscription, UnixMillis now,
                      const EventOptions& options);

bool asks_for_consent(const Parcel& parcel);

// What receivers are told of us.
struct RequestNames {
  std::string origin;
  std::string consent_address;  // Empty: none.
};

// The signed request; `sign` makes the value of webhook-signature.
using SignMessage =
    std::function<std::string(const std::string& id, const std::string& timestamp, BytesView body)>;
OutgoingMessage to_message(const Subscription& subscription, const Parcel& parcel, UnixMillis now,
                           const RequestNames& names, const SignMessage& sign);

}  // namespace cpl
