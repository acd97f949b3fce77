#include "api/changes.hpp"

#include <limits>

namespace cpl {
namespace {

// The media range without its parameters and the spaces around it.
std::string media_type(std::string_view range) {
  range = range.substr(0, range.find(';'));
  std::string type;
  for (const char c : range) {
    if (c != ' ' && c != '\t') type += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return type;
}

}  // namespace

ChangesForm changes_form(const HttpRequest& request) {
  std::string_view accepted = request.headers.find("accept").value_or("");
  while (!accepted.empty()) {
    const auto comma = std::min(accepted.find(','), accepted.size());
    const std::string type = media_type(accepted.substr(0, comma));
    accepted.remove_prefix(std::min(comma + 1, accepted.size()));
    if (type == "application/json") return ChangesForm::json;
    if (type == "application/x-ndjson") return ChangesForm::lines;
    if (type == "application/cloudevents-batch+json") return ChangesForm::batch;
  }
  return ChangesForm::json;
}

Result<EntryIndex> read_cursor(std::string_view cursor, TreeSize size) {
  const auto after = parse_sequence(cursor);
  if (!after) {
    return malformed("parameter-malformed",
                     "a cursor has twenty digits, as an event's sequence has");
  }
  if (after->value >= size.value) {
    return refuse("cursor-ahead",
                  "you hold a later event than this registry has: it was rolled back, or shows "
                  "you another log; do not go on");
  }
  return EntryIndex{after->value + 1};
}

Result<ChangesPage> make_changes_page(EventFeed& feed, const LogView& log,
                                      const ChangesQuery& query, UnixMillis now) {
  const FeedLimits limits{query.limit, std::numeric_limits<std::size_t>::max()};
  const FeedPage read = TRY(feed.read(log, query.wish, query.position, limits));
  ChangesPage page;
  page.events = read.events;
  if (read.after.next.value > 0) page.cursor = EntryIndex{read.after.next.value - 1};
  page.done = read.after.next.value >= log.size().value;
  const Bytes events = read.octets == nullptr ? "" : *read.octets;
  if (query.form == ChangesForm::batch) {
    page.body = "[" + events + "]";
    return page;
  }
  const bool empty = log.size().value == 0;
  const auto quoted = [](EntryIndex index) { return "\"" + format_sequence(index) + "\""; };
  page.body = "{\"events\":[" + events + "],\"cursor\":";
  page.body += page.cursor ? quoted(*page.cursor) : "null";
  page.body += ",\"head\":" + (empty ? "null" : quoted(EntryIndex{log.size().value - 1}));
  page.body += ",\"log_size\":" + std::to_string(log.size().value) +
               ",\"done\":" + (page.done ? "true" : "false");
  if (page.done && !empty) {
    const auto checkpoint = TRY(feed.checkpoint(log, query.wish, read.after.previous, now));
    page.body += ",\"checkpoint\":" + *checkpoint;
  }
  page.body += "}";
  return page;
}

}  // namespace cpl
