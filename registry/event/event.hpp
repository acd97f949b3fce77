// What one log entry says to those who are told of changes: the pure half of an event, made of the
// leaf alone. Envelope and proof come to it where it is sent (notifier/event).
#pragma once

#include "registry/base/words.hpp"
#include "registry/statement/model.hpp"
#include "registry/tlog/entry.hpp"

namespace cpl {

// Who is told. The DCC Service Desk's formal notices and the Parties' announcements of the same
// entry are different types, so that neither is taken for the other.
enum class Audience : std::uint8_t { parties, service_desk };
inline constexpr std::array<std::string_view, 2> audience_words = {"party", "service_desk"};
template <>
struct Words<Audience> {
  static constexpr const auto& list = audience_words;
};

inline constexpr std::array<std::string_view, 14> event_kind_words = {
    "entry.added.v1",       "entry.removed.v1",      "entry.reinstated.v1",  "entry.corrected.v1",
    "entry.certificate.v1", "removal.directed.v1",   "removal.announced.v1", "key.rotated.v1",
    "removal.receipt.v1",   "certificate.ending.v1", "removal.recalled.v1",  "removal.rejected.v1",
    "removal.withdrawn.v1", "list.loaded.v1"};
// Whom events of that kind are for; the Parties where it is for both.
Audience audience_of(std::string_view kind);

// Of no entry, too: cover_ending.hpp.
inline constexpr std::string_view cover_ending_kind = "certificate.ending.v1";

// Of no entry: the log's signed checkpoint, told at regular intervals, so that silence means
// "nothing changed" only to who hears it.
inline constexpr std::string_view checkpoint_kind = "checkpoint.v1";

struct Event {
  EntryIndex sequence;
  std::string kind;     // One of event_kind_words; the full type has the prefix before it.
  std::string subject;  // "model/<id>", "notice/<index>", "extract/<version>" or "charter".
  UnixMillis time;
  std::string summary;
  std::vector<ModelId> models;
  Bytes leaf;
  std::optional<EntryIndex> notice{};  // That it tells of, or that it is a step of.
};

// What the entry says to this audience; nothing where it concerns them not.
Result<std::optional<Event>> event_of(BytesView leaf, Audience audience);

// "00000000000000000042": twenty digits, so that text sorts as numbers do.
std::string format_sequence(EntryIndex index);
std::optional<EntryIndex> parse_sequence(std::string_view text);

}  // namespace cpl
