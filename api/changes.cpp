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

namespace {

// While a part is made, streams and polls that want the same or a neighbour wait for it.
constexpr std::uint64_t part_events = 32;

struct ReadPage {
  Bytes octets;
  std::uint64_t events = 0;
  FeedPosition after;
};

Result<ReadPage> read_in_parts(EventFeed& feed, const LogView& log, const ChangesQuery& query) {
  ReadPage page{{}, 0, query.position};
  while (page.events < query.limit && page.after.next.value < log.size().value) {
    const FeedLimits limits{std::min(part_events, query.limit - page.events),
                            std::numeric_limits<std::size_t>::max()};
    const FeedPage part = TRY(feed.read(log, query.wish, page.after, limits));
    page.after = part.after;
    page.events += part.events;
    if (part.octets == nullptr || part.octets->empty()) continue;
    if (!page.octets.empty()) page.octets += ',';
    page.octets += *part.octets;
  }
  return page;
}

}  // namespace

Result<ChangesPage> make_changes_page(EventFeed& feed, const LogView& log,
                                      const ChangesQuery& query, UnixMillis now) {
  const ReadPage read = TRY(read_in_parts(feed, log, query));
  ChangesPage page;
  page.events = read.events;
  if (read.after.next.value > 0) page.cursor = EntryIndex{read.after.next.value - 1};
  page.done = read.after.next.value >= log.size().value;
  if (query.form == ChangesForm::batch) {
    page.body = "[" + read.octets + "]";
    return page;
  }
  const bool empty = log.size().value == 0;
  const auto quoted = [](EntryIndex index) { return "\"" + format_sequence(index) + "\""; };
  page.body = "{\"events\":[" + read.octets + "],\"cursor\":";
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
