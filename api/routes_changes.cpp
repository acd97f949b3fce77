// Entries as they stand, and changes as events, by cursor.
#include <nlohmann/json.hpp>

#include "api/read.hpp"
#include "api/views.hpp"
#include "registry/evidence_builder.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t entries_default = 100;
constexpr std::uint64_t entries_max = 500;
constexpr std::uint64_t events_default = 100;
constexpr std::uint64_t events_max = 1000;
constexpr std::size_t scan_window = 256;
constexpr std::size_t scanned_max = 5'000;

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

// Types are given with the registry's prefix, as they stand in the events.
Result<EventFilter> read_types(std::string_view text, const std::string& prefix) {
  EventFilter filter;
  for (const std::string& type : split_at_commas(text)) {
    const std::string kind = type.starts_with(prefix + ".") ? type.substr(prefix.size() + 1) : type;
    if (std::find(event_kind_words.begin(), event_kind_words.end(), kind) ==
        event_kind_words.end()) {
      return malformed("parameter-malformed", "\"" + type.substr(0, 64) + "\" is no type of event");
    }
    filter.kinds.push_back(kind);
  }
  return filter;
}

// Where to go on: after the cursor, or from the start where there is none.
Result<EntryIndex> read_cursor(std::optional<std::string_view> text, TreeSize size) {
  if (!text) return EntryIndex{0};
  const auto after = parse_sequence(*text);
  if (!after) {
    return malformed("parameter-malformed",
                     "after must be a cursor of twenty digits, as in an event's sequence");
  }
  if (after->value >= size.value) {
    return refuse("cursor-ahead",
                  "you hold a later event than this registry has: it was rolled back, or shows "
                  "you another log; do not go on");
  }
  return EntryIndex{after->value + 1};
}

}  // namespace

Result<HttpResponse> Api::get_entries(const Read& read) const {
  TRY_VOID(read.only({"from", "limit"}));
  const std::uint64_t from = TRY(read.number("from", 0, 0, json_integer_max));
  const std::uint64_t limit = TRY(read.number("limit", entries_default, 1, entries_max));
  const std::uint64_t end = std::min(read.log.size().value, from + limit);
  Json entries = Json::array();
  for (std::uint64_t index = from; index < end; ++index) {
    entries.push_back(TRY(entry_view(read.log, EntryIndex{index})));
  }
  const bool more = end < read.log.size().value && from < end;
  return json_response(200, {{"log_size", read.log.size().value},
                             {"entries", entries},
                             {"next", more ? Json(end) : Json()}});
}

// The evidence for the question that the entry raises.
Result<HttpResponse> Api::get_entry_evidence(const Read& read, EntryIndex index) const {
  read.keep_published();
  const bool is_decision = TRY(read.published.list().decision(index)).has_value();
  if (!is_decision && !TRY(read.published.list().notice(index))) {
    return Error{Errc::not_found, "evidence-not-found",
                 "entry " + std::to_string(index.value) +
                     " is neither a notice nor a decision; /proof shows that it is in the log"};
  }
  const Evidence evidence = is_decision ? TRY(build_decision_evidence(read.published, index))
                                        : TRY(build_notice_evidence(read.published, index));
  return text_response(200, "application/json", format_evidence(evidence));
}

Result<HttpResponse> Api::get_entry(const Read& read, Path path) const {
  const EntryIndex index = TRY(entry_in_path(path[0]));
  if (path.size() == 1) {
    const Json view = TRY(entry_view(read.log, index));
    HttpResponse response = json_response(200, view);
    // Whether a sealed text has been opened is the one thing that may change.
    read.keep = view.contains("seals") ? Read::Keep::at_size : Read::Keep::for_ever;
    if (read.keep == Read::Keep::for_ever) {
      response.headers[1].second = "public, max-age=31536000, immutable";
    }
    return response;
  }
  if (path.size() == 2 && path[1] == "leaf") {
    return text_response(200, "text/plain; charset=utf-8", TRY(read.log.leaf(index)));
  }
  if (path.size() == 2 && path[1] == "proof") {
    TRY(read.log.leaf(index));  // Says so where there is no such entry at all.
    TRY_VOID(check_published(read.published, index));
    return text_response(200, "text/plain; charset=utf-8",
                         TRY(build_tlog_proof(read.published, index)));
  }
  if (path.size() == 2 && path[1] == "evidence") return get_entry_evidence(read, index);
  return Error{Errc::not_found, "not-found", "an entry has /leaf, /proof and /evidence"};
}

Result<HttpResponse> Api::get_changes(const Read& read) const {
  TRY_VOID(read.only({"after", "limit", "types"}));
  // What was told of is published, with a proof; a cursor may come from an answer to a statement.
  const LogView& log = read.published;
  const EntryIndex from = TRY(read_cursor(read.request.parameter("after"), read.log.size()));
  const std::uint64_t limit = TRY(read.number("limit", events_default, 1, events_max));
  const EventFilter filter =
      TRY(read_types(read.request.parameter("types").value_or(""), options_.events.type_prefix));
  std::string events;
  std::uint64_t count = 0;
  EntryIndex at = from;
  std::optional<EntryIndex> previous;
  while (count < limit && at.value < log.size().value && at.value - from.value < scanned_max) {
    for (const Bytes& leaf : TRY(log.leaves(at, scan_window))) {
      ++at.value;
      const auto event = TRY(event_of(leaf, Audience::parties));
      if (!event || !filter.matches(*event)) continue;
      events +=
          (events.empty() ? "" : ",") + TRY(format_event(*event, previous, log, options_.events));
      previous = event->sequence;
      if (++count == limit) break;
    }
  }
  const bool done = at.value >= log.size().value;
  std::string body = "{\"events\":[" + events + "],\"cursor\":";
  body += at.value == 0 ? "null" : "\"" + format_sequence(EntryIndex{at.value - 1}) + "\"";
  body += ",\"log_size\":" + std::to_string(log.size().value) +
          ",\"done\":" + (done ? "true" : "false") + "}";
  read.keep_published();
  return text_response(200, "application/json", std::move(body));
}

}  // namespace cpl
