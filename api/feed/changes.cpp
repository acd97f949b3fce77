#include "api/feed/changes.hpp"

#include <limits>

#include "crypto/encoding.hpp"
#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

// How much the reader wants a form: by its own type, or by a range that holds it.
struct Wanted {
  unsigned weight = 0;
  unsigned closeness = 0;  // 0: by no range; 3: by its own type.
  std::size_t place = 0;   // Of the range in the list.
};

constexpr std::array<std::string_view, 3> form_types = {
    "application/json", "application/cloudevents-batch+json", "application/x-ndjson"};

unsigned closeness_of(std::string_view range, std::string_view type) {
  if (range == type) return 3;
  if (range == "application/*") return 2;
  return range == "*/*" ? 1 : 0;
}

bool is_wanted_more(const Wanted& a, const Wanted& b) {
  if (a.weight != b.weight) return a.weight > b.weight;
  if (a.closeness != b.closeness) return a.closeness > b.closeness;
  return a.place < b.place;
}

}  // namespace

// RFC 9110, 12.5.1: the closest range says the weight.
ChangesForm changes_form(const HttpRequest& request) {
  std::array<Wanted, form_types.size()> forms;
  const std::string accepted = request.headers.list("accept");
  std::string_view rest = accepted;
  for (std::size_t place = 0; const auto range = take_element(rest); ++place) {
    const std::string type = media_type(*range);
    for (std::size_t form = 0; form < forms.size(); ++form) {
      const unsigned closeness = closeness_of(type, form_types[form]);
      if (closeness <= forms[form].closeness) continue;
      forms[form] = {weight_of(*range), closeness, place};
    }
  }
  std::size_t best = 0;
  for (std::size_t form = 1; form < forms.size(); ++form) {
    if (is_wanted_more(forms[form], forms[best])) best = form;
  }
  return forms[best].weight == 0 ? ChangesForm::json : static_cast<ChangesForm>(best);
}

Result<CursorPlace> read_cursor(std::string_view cursor, TreeSize size) {
  const auto behind = cursor.find('_');
  const std::string_view endings =
      behind == cursor.npos ? std::string_view() : cursor.substr(behind + 1);
  if (behind != cursor.npos && !is_ending_place(endings)) {
    return malformed("parameter-malformed", "after is a cursor as this registry gave it");
  }
  cursor = cursor.substr(0, behind);
  auto after = parse_sequence(cursor);
  if (const auto number = from_decimal(cursor); !after && number) after = EntryIndex{*number};
  if (!after) {
    return malformed("parameter-malformed",
                     "after is the number of an entry, as an event's sequence has it, or earliest");
  }
  if (after->value >= size.value) {
    return refuse("cursor-ahead",
                  "you hold a later event than this registry has: it was rolled back, or shows "
                  "you another log; do not go on");
  }
  return CursorPlace{EntryIndex{after->value + 1}, EndingPlace(endings)};
}

namespace {

// While a part is made, streams and polls that want the same or a neighbour wait for it.
constexpr std::uint64_t part_events = 32;

struct ReadPage {
  Bytes octets;
  std::uint64_t events = 0;
  FeedPosition after;
};

Result<ReadPage> read_in_parts(EventFeed& feed, const LogView& log, const ChangesQuery& query,
                               const Date& day) {
  ReadPage page{{}, 0, query.position};
  for (bool is_end = false; !is_end && page.events < query.limit;) {
    const FeedLimits limits{std::min(part_events, query.limit - page.events),
                            std::numeric_limits<std::size_t>::max(), day};
    const FeedPage part = TRY(feed.read(log, query.wish, page.after, limits));
    page.after = part.after;
    page.events += part.events;
    is_end = part.events == 0;
    if (part.octets == nullptr || part.octets->empty()) continue;
    if (!page.octets.empty()) page.octets += ',';
    page.octets += *part.octets;
  }
  return page;
}

}  // namespace

Result<ChangesPage> make_changes_page(EventFeed& feed, const LogView& log,
                                      const ChangesQuery& query, UnixMillis now) {
  const Date day = day_told_by(now);
  const ReadPage read = TRY(read_in_parts(feed, log, query, day));
  ChangesPage page;
  page.events = read.events;
  if (read.after.next.value > 0) page.cursor = TRY(cursor_of(log, read.after));
  page.done = read.after.next.value >= log.size().value &&
              !TRY(feed.next_ending(log, query.wish.filter, read.after.endings, day));
  if (query.form == ChangesForm::batch) {
    page.body = "[" + read.octets + "]";
    return page;
  }
  const bool empty = log.size().value == 0;
  const auto quoted = [](EntryIndex index) { return "\"" + format_sequence(index) + "\""; };
  page.body = "{\"events\":[" + read.octets + "],\"cursor\":";
  page.body += page.cursor ? "\"" + *page.cursor + "\"" : "null";
  page.body += ",\"head\":" + (empty ? "null" : quoted(EntryIndex{log.size().value - 1}));
  page.body += ",\"log_size\":" + std::to_string(log.size().value) +
               ",\"done\":" + (page.done ? "true" : "false");
  if (page.done && !empty) {
    const auto checkpoint = TRY(feed.checkpoint(log, query.wish, read.after, now));
    page.body += ",\"checkpoint\":" + *checkpoint;
  }
  page.body += "}";
  return page;
}

}  // namespace cpl
