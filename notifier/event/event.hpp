// The notice's body: what one log entry says to a subscriber, as a CloudEvent 1.0 that carries the
// entry's exact leaf and its proof. The same id on every retry, channel and replay.
#pragma once

#include <chrono>

#include "registry/event/cover_ending.hpp"
#include "registry/event/event.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

struct EventOptions {
  std::string source;       // "https://cpl.example/log"
  std::string type_prefix;  // "example.cpl"
  std::chrono::minutes checkpoint_interval{24 * 60};
  std::string entries_address{};  // "https://cpl.example/v1/entries/", where an index follows.
  // How many months ahead the ends of certificates are told, beside the day itself.
  std::vector<unsigned> months_ahead = {12, 6, 1};
};

// What an event says that depends on whom it is told.
struct EventContext {
  std::optional<EntryIndex> previous{};  // The event before it that the same filter wants.
  std::string terms_met{};               // Of the filter, as EventFilter says them.
  bool operator==(const EventContext&) const = default;
};

// The event as JSON, with its proof under the view's checkpoint.
Result<Bytes> format_event(const Event& event, const EventContext& context, const LogView& log,
                           const EventOptions& options);
// That of a certificate's end, which has no sequence: its proof is of the entry that gave the model
// the certificate.
Result<Bytes> format_ending(const CoverEnding& ending, const EventContext& context,
                            const LogView& log, const EventOptions& options);
// The same without the proof, for documents that never change: a proof is under the checkpoint of
// its day.
Bytes format_event_for_ever(const Event& event, const EventContext& context,
                            const EventOptions& options);
Bytes format_ending_for_ever(const CoverEnding& ending, const Event& event,
                             const EventContext& context, const EventOptions& options);

// When the interval began that `now` is in: checkpoint events of one interval and size are one
// event, with one id, on every channel.
UnixMillis checkpoint_time(UnixMillis now, const EventOptions& options);
// The view's checkpoint as an event. It has no sequence, being no entry; `previous` is the last
// event that matches the subscription, so that a subscriber can see that it holds the newest.
// `not_found` for an empty log, which has no checkpoint.
Result<Bytes> format_checkpoint_event(const LogView& log, UnixMillis time,
                                      const std::optional<EntryIndex>& previous,
                                      const EventOptions& options);

}  // namespace cpl
