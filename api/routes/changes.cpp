// The change feed: polled in pages, waited for, and streamed. All of it is one order of events with
// one set of ids; a reader may change from one way to another with the cursor in its hand.
#include "api/feed/changes.hpp"
#include "api/feed/event_stream.hpp"
#include "api/feed/filter_query.hpp"
#include "api/http/client_address.hpp"
#include "api/http/conditional.hpp"
#include "api/http/problem.hpp"
#include "api/routes/changes.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t events_default = 100;
constexpr std::uint64_t events_max = 1000;
constexpr std::uint64_t wait_seconds_max = 30;
constexpr std::string_view earliest = "earliest";
constexpr std::array<std::string_view, 8> page_parameters = {
    "after", "limit", "wait", "types", "manufacturer_ids", "device_types", "models", "hardware"};
constexpr std::array<std::string_view, 7> line_parameters = {
    "after", "follow", "types", "manufacturer_ids", "device_types", "models", "hardware"};

std::string_view content_type_of(ChangesForm form) {
  return form == ChangesForm::batch ? "application/cloudevents-batch+json; charset=utf-8"
                                    : "application/json";
}

std::string next_link(const ChangesQuery& query, const ChangesPage& page) {
  const std::string filter = filter_query(query.wish.filter);
  return "</v1/changes?after=" + *page.cursor + "&limit=" + std::to_string(query.limit) +
         (filter.empty() ? "" : "&" + filter) + ">; rel=\"next\"";
}

void add_cursor(HttpResponse& response, const ChangesQuery& query, const ChangesPage& page) {
  if (!page.cursor) return;
  response.headers.emplace_back("CPL-Cursor", *page.cursor);
  response.headers.emplace_back("Link", next_link(query, page));
}

HttpResponse page_response(const ChangesQuery& query, const ChangesPage& page, TreeSize size) {
  HttpResponse response = text_response(200, content_type_of(query.form), page.body);
  response.headers.emplace_back("Vary", "Accept");
  response.headers.emplace_back("ETag", entity_tag(size, page.body));
  add_cursor(response, query, page);
  return response;
}

HttpResponse stream_response(std::string_view content_type, std::shared_ptr<HttpStream> stream) {
  HttpResponse response;
  response.headers = {{"Content-Type", std::string(content_type)},
                      {"X-Accel-Buffering", "no"},  // A proxy is not to hold it back.
                      {"Vary", "Accept"}};
  response.stream = std::move(stream);
  return response;
}

void add_place(HttpResponse& response, const FeedPosition& position, TreeSize size) {
  response.headers.emplace_back("CPL-Stream-From", format_sequence(position.next));
  if (size.value > 0) {
    response.headers.emplace_back("CPL-Log-Head", format_sequence(EntryIndex{size.value - 1}));
  }
}

// Lines have no pages, and a page does not stay open.
Result<void> refuse_parameters(const HttpRequest& request,
                               std::initializer_list<std::string_view> refused,
                               std::span<const std::string_view> taken) {
  for (const std::string_view name : refused) {
    if (request.parameter(name)) return unknown_parameter(name, taken);
  }
  return {};
}

Result<CursorPlace> read_place(std::string_view cursor, TreeSize size) {
  if (cursor == earliest) return CursorPlace{EntryIndex{0}};
  return read_cursor(cursor, size);
}

// A poll without a cursor starts at the first entry.
Result<CursorPlace> poll_start(const HttpRequest& request, TreeSize size) {
  return read_place(request.parameter("after").value_or(earliest), size);
}

// The cursor of an event stream: what the browser sends when it comes back, what clients send that
// cannot set that field, or what the reader asks for at first. Without any it starts at the head.
Result<CursorPlace> stream_start(const HttpRequest& request, TreeSize size, UnixMillis now) {
  std::string_view cursor = request.headers.find("last-event-id").value_or("");
  std::string_view named_by;
  for (const std::string_view name : {"last_event_id", "lastEventId", "after"}) {
    const std::string_view value = request.parameter(name).value_or("");
    if (value.empty()) continue;
    if (!named_by.empty()) {
      return malformed("parameter-repeated", std::string(named_by) + " and " + std::string(name) +
                                                 " both say where to start: say it once");
    }
    named_by = name;
    if (cursor.empty()) cursor = value;
  }
  if (cursor.empty()) {
    return CursorPlace{EntryIndex{size.value}, place_behind(day_told_by(now))};
  }
  return read_place(cursor, size);
}

Result<FeedPosition> stand_at(EventFeed& feed, const LogView& log, const EventFilter& filter,
                              const CursorPlace& place) {
  FeedPosition position = TRY(feed.stand(log, filter, place.next));
  position.endings = std::max(position.endings, place.endings);
  return position;
}

}  // namespace

Result<HttpResponse> ChangeRoutes::list(const Call& call) const {
  return changes_form(call.request) == ChangesForm::lines ? lines(call) : page(call);
}

Result<HttpResponse> ChangeRoutes::page(const Call& call) const {
  TRY_VOID(refuse_parameters(call.request, {"follow"}, page_parameters));
  const std::uint64_t limit = TRY(call.number("limit", events_default, 1, events_max));
  const std::uint64_t wait = TRY(call.number("wait", 0, 0, wait_seconds_max));
  EventFilter filter = TRY(read_filter_query(call.request, type_prefix));
  const CursorPlace from = TRY(poll_start(call.request, call.log.size()));
  const FeedPosition position = TRY(stand_at(feed, call.published, filter, from));
  const ChangesQuery query{FeedWish(std::move(filter), FeedForm::json), position, limit,
                           changes_form(call.request)};
  const ChangesPage page = TRY(make_changes_page(feed, call.published, query, clock.now()));
  if (wait == 0 || page.events > 0 || !page.done) {
    // A page at the head carries the checkpoint event, which has a day of its own.
    if (!page.done) call.keep_published();
    return page_response(query, page, call.published.size());
  }
  auto place = TRY(limits.take(address_group(call.request.peer)));
  call.caching = Caching::no_store;
  const auto make = [this, query](const LogView& log,
                                  WaitingPoll::Must must) -> Result<std::shared_ptr<const Bytes>> {
    ChangesPage late = TRY(make_changes_page(feed, log, query, clock.now()));
    if (late.events == 0 && must == WaitingPoll::Must::have_events) {
      return std::shared_ptr<const Bytes>();
    }
    return std::make_shared<const Bytes>(std::move(late.body));
  };
  HttpResponse response =
      stream_response(content_type_of(query.form),
                      std::make_shared<WaitingPoll>(StreamSources{published, feed, clock}, make,
                                                    std::chrono::seconds(wait), std::move(place)));
  // Sent before anybody knows what comes: how far was looked by then. Who goes on from there is
  // told of what then came once more.
  add_cursor(response, query, page);
  return response;
}

Result<HttpResponse> ChangeRoutes::lines(const Call& call) const {
  TRY_VOID(refuse_parameters(call.request, {"limit", "wait"}, line_parameters));
  const bool follow = TRY(call.number("follow", 0, 0, 1)) == 1;
  EventFilter filter = TRY(read_filter_query(call.request, type_prefix));
  const CursorPlace from = TRY(poll_start(call.request, call.log.size()));
  const FeedPosition position = TRY(stand_at(feed, call.published, filter, from));
  auto place = TRY(limits.take(address_group(call.request.peer)));
  call.caching = Caching::no_store;
  HttpResponse response = stream_response(
      "application/x-ndjson",
      std::make_shared<EventStream>(
          StreamSources{published, feed, clock}, FeedWish(std::move(filter), FeedForm::ndjson),
          position, follow ? StreamLife::follows : StreamLife::ends_at_head, std::move(place)));
  add_place(response, position, call.published.size());
  return response;
}

Result<HttpResponse> ChangeRoutes::stream(const Call& call) const {
  const bool named = TRY(call.number("named", 1, 0, 1)) == 1;
  EventFilter filter = TRY(read_filter_query(call.request, type_prefix));
  const CursorPlace from = TRY(stream_start(call.request, call.log.size(), clock.now()));
  const FeedPosition position = TRY(stand_at(feed, call.published, filter, from));
  auto place = TRY(limits.take(address_group(call.request.peer)));
  call.caching = Caching::no_store;
  HttpResponse response = stream_response(
      "text/event-stream",
      std::make_shared<EventStream>(
          StreamSources{published, feed, clock},
          FeedWish(std::move(filter), named ? FeedForm::sse : FeedForm::sse_unnamed), position,
          StreamLife::follows, std::move(place)));
  add_place(response, position, call.published.size());
  return response;
}

}  // namespace cpl
