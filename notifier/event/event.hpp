// The notice's body: what one log entry says to a subscriber, as a CloudEvent 1.0 that carries the
// entry's exact leaf and its proof. The same id on every retry, channel and replay.
#pragma once

#include <chrono>

#include "registry/base/words.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

// Who is told. The DCC Service Desk's formal notices and the Parties' announcements of the same
// entry are different types, so that neither is taken for the other.
enum class Audience : std::uint8_t { parties, service_desk };
inline constexpr std::array<std::string_view, 2> audience_words = {"party", "service_desk"};
template <>
struct Words<Audience> {
  static constexpr const auto& list = audience_words;
};

inline constexpr std::array<std::string_view, 8> event_kind_words = {
    "entry.added.v1",       "entry.removed.v1",    "entry.reinstated.v1",  "entry.corrected.v1",
    "entry.certificate.v1", "removal.directed.v1", "removal.announced.v1", "key.rotated.v1"};

// Of no entry: the log's signed checkpoint, told at regular intervals, so that silence means
// "nothing changed" only to who hears it.
inline constexpr std::string_view checkpoint_kind = "checkpoint.v1";

struct EventOptions {
  std::string source;       // "https://cpl.example/log"
  std::string type_prefix;  // "example.cpl"
  std::chrono::minutes checkpoint_interval{24 * 60};
  std::string entries_address{};  // "https://cpl.example/v1/entries/", where an index follows.
};

struct Event {
  EntryIndex sequence;
  std::string kind;     // One of event_kind_words; the full type has the prefix before it.
  std::string subject;  // "model/<id>", "notice/<index>" or "charter".
  UnixMillis time;
  std::string summary;
  std::vector<ModelId> models;
  Bytes leaf;
};

// What the entry says to this audience; nothing where it concerns them not.
Result<std::optional<Event>> event_of(BytesView leaf, Audience audience);

// "00000000000000000042": twenty digits, so that text sorts as numbers do.
std::string format_sequence(EntryIndex index);
std::optional<EntryIndex> parse_sequence(std::string_view text);

// The event as JSON, with its proof under the view's checkpoint. `previous` is the sequence of the
// event before it that matches the same subscription.
Result<Bytes> format_event(const Event& event, const std::optional<EntryIndex>& previous,
                           const LogView& log, const EventOptions& options);
// The same without the proof, for documents that never change: a proof is under the checkpoint of
// its day.
Bytes format_event_for_ever(const Event& event, const std::optional<EntryIndex>& previous,
                            const EventOptions& options);

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
