// What the requests for changes have in common: a filter, a place in the log, a form.
#pragma once

#include "api/feed/event_feed.hpp"
#include "api/http/http.hpp"

namespace cpl {

// What the reader wants most, by its Accept field; JSON where it says nothing that we have.
enum class ChangesForm : std::uint8_t { json, batch, lines };
ChangesForm changes_form(const HttpRequest& request);

// Where a cursor stands: the first entry that was not seen, and what was seen of certificates' ends
// beyond what the entry tells; empty: nothing.
struct CursorPlace {
  EntryIndex next;
  EndingPlace endings{};
};
// `cursor-ahead` where the reader has seen more than the log holds.
Result<CursorPlace> read_cursor(std::string_view cursor, TreeSize size);

// One answer to a poll.
struct ChangesPage {
  Bytes body;
  std::optional<std::string> cursor;  // To go on from: behind the last event that was looked at.
  std::uint64_t events = 0;
  bool done = false;  // The cursor is the log's last entry.
};

struct ChangesQuery {
  FeedWish wish;
  FeedPosition position;
  std::uint64_t limit = 0;
  ChangesForm form{};
};

// `now` decides which checkpoint event a page at the head carries.
Result<ChangesPage> make_changes_page(EventFeed& feed, const LogView& log,
                                      const ChangesQuery& query, UnixMillis now);

}  // namespace cpl
