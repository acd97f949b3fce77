// What the requests for changes have in common: a filter, a place in the log, a form.
#pragma once

#include "api/feed/event_feed.hpp"
#include "api/http/http.hpp"

namespace cpl {

// What the reader wants most, by its Accept field; JSON where it says nothing that we have.
enum class ChangesForm : std::uint8_t { json, batch, lines };
ChangesForm changes_form(const HttpRequest& request);

// The entry behind the cursor. `cursor-ahead` where the reader has seen more than the log holds.
Result<EntryIndex> read_cursor(std::string_view cursor, TreeSize size);

// One answer to a poll.
struct ChangesPage {
  Bytes body;
  std::optional<EntryIndex> cursor;  // The last entry that was looked at.
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
