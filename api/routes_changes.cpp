// The change feed: polled in pages, waited for, and streamed. All of it is one order of events with
// one set of ids; a reader may change from one way to another with the cursor in its hand.
#include "api/conditional.hpp"
#include "api/event_stream.hpp"
#include "api/filter_query.hpp"
#include "api/read.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t events_default = 100;
constexpr std::uint64_t events_max = 1000;
constexpr std::uint64_t wait_seconds_max = 30;

std::string_view content_type_of(ChangesForm form) {
  return form == ChangesForm::batch ? "application/cloudevents-batch+json; charset=utf-8"
                                    : "application/json";
}

std::string next_link(const ChangesQuery& query, const ChangesPage& page) {
  const std::string filter = filter_query(query.wish.filter);
  return "</v1/changes?after=" + format_sequence(*page.cursor) +
         "&limit=" + std::to_string(query.limit) + (filter.empty() ? "" : "&" + filter) +
         ">; rel=\"next\"";
}

void add_cursor(HttpResponse& response, const ChangesQuery& query, const ChangesPage& page) {
  if (!page.cursor) return;
  response.headers.emplace_back("CPL-Cursor", format_sequence(*page.cursor));
  response.headers.emplace_back("Link", next_link(query, page));
}

HttpResponse page_response(const ChangesQuery& query, const ChangesPage& page, TreeSize size) {
  HttpResponse response = text_response(200, content_type_of(query.form), page.body);
  response.headers[1].second = "no-cache";
  response.headers.emplace_back("Vary", "Accept");
  response.headers.emplace_back("ETag", entity_tag(size, page.body));
  add_cursor(response, query, page);
  return response;
}

HttpResponse stream_response(std::string_view content_type, std::shared_ptr<HttpStream> stream) {
  HttpResponse response;
  response.headers = {{"Content-Type", std::string(content_type)},
                      {"Cache-Control", "no-store"},
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

// The cursor of an event stream: what the browser sends when it comes back, what clients send that
// cannot set that field, or what the reader asks for at first. Without any it starts at the head.
Result<EntryIndex> stream_start(const HttpRequest& request, TreeSize size) {
  std::optional<std::string_view> cursor = request.headers.find("last-event-id");
  for (const std::string_view name : {"last_event_id", "lastEventId", "after"}) {
    if (!cursor || cursor->empty()) cursor = request.parameter(name);
  }
  if (!cursor || cursor->empty()) return EntryIndex{size.value};
  if (*cursor == "earliest") return EntryIndex{0};
  return read_cursor(*cursor, size);
}

}  // namespace

HttpResponse Api::changes(const HttpRequest& request) {
  const auto view = log_.view();
  const auto published = published_();
  const Read read{request, *view, *published, options_};
  const bool streams = request.segments.size() == 3;
  const ChangesForm form = changes_form(request);
  // Only pages that do not wait, in the usual form, are kept for others.
  if (!streams && form == ChangesForm::json && !request.parameter("wait")) {
    return this->read(request);
  }
  auto response = streams                      ? get_change_stream(read)
                  : form == ChangesForm::lines ? get_change_lines(read)
                                               : get_changes(read);
  if (!response) return problem(response.error());
  response->headers.emplace_back("Access-Control-Allow-Origin", "*");
  if (log_.is_halted()) mark_not_ready(*response);
  return conditional(request, *std::move(response));
}

Result<HttpResponse> Api::get_changes(const Read& read) const {
  TRY_VOID(
      read.only({"after", "limit", "wait", "types", "manufacturer_ids", "device_types", "models"}));
  const auto cursor = read.request.parameter("after");
  const std::uint64_t limit = TRY(read.number("limit", events_default, 1, events_max));
  const std::uint64_t wait = TRY(read.number("wait", 0, 0, wait_seconds_max));
  EventFilter filter = TRY(read_filter_query(read.request, options_.events.type_prefix));
  const EntryIndex from = cursor ? TRY(read_cursor(*cursor, read.log.size())) : EntryIndex{0};
  const FeedPosition position = TRY(feed_.stand(read.published, filter, from));
  const ChangesQuery query{FeedWish(std::move(filter), FeedForm::json), position, limit,
                           changes_form(read.request)};
  const ChangesPage page = TRY(make_changes_page(feed_, read.published, query, clock_.now()));
  if (wait == 0 || page.events > 0 || !page.done) {
    // A page at the head carries the checkpoint event, which has a day of its own.
    if (!page.done) read.keep_published();
    return page_response(query, page, read.published.size());
  }
  auto place = TRY(stream_limits_.take(read.request.peer));
  const auto make = [this, query](const LogView& log,
                                  WaitingPoll::Must must) -> Result<std::shared_ptr<const Bytes>> {
    ChangesPage late = TRY(make_changes_page(feed_, log, query, clock_.now()));
    if (late.events == 0 && must == WaitingPoll::Must::have_events) {
      return std::shared_ptr<const Bytes>();
    }
    return std::make_shared<const Bytes>(std::move(late.body));
  };
  HttpResponse response =
      stream_response(content_type_of(query.form),
                      std::make_shared<WaitingPoll>(StreamSources{published_, feed_, clock_}, make,
                                                    std::chrono::seconds(wait), std::move(place)));
  // Sent before anybody knows what comes: how far was looked by then. Who goes on from there is
  // told of what then came once more.
  add_cursor(response, query, page);
  return response;
}

Result<HttpResponse> Api::get_change_lines(const Read& read) const {
  TRY_VOID(read.only({"after", "follow", "types", "manufacturer_ids", "device_types", "models"}));
  const auto cursor = read.request.parameter("after");
  const bool follow = TRY(read.number("follow", 0, 0, 1)) == 1;
  EventFilter filter = TRY(read_filter_query(read.request, options_.events.type_prefix));
  const EntryIndex from = cursor ? TRY(read_cursor(*cursor, read.log.size())) : EntryIndex{0};
  const FeedPosition position = TRY(feed_.stand(read.published, filter, from));
  auto place = TRY(stream_limits_.take(read.request.peer));
  HttpResponse response = stream_response(
      "application/x-ndjson",
      std::make_shared<EventStream>(
          StreamSources{published_, feed_, clock_}, FeedWish(std::move(filter), FeedForm::ndjson),
          position, follow ? StreamLife::follows : StreamLife::ends_at_head, std::move(place)));
  add_place(response, position, read.published.size());
  return response;
}

Result<HttpResponse> Api::get_change_stream(const Read& read) const {
  TRY_VOID(read.only({"after", "last_event_id", "lastEventId", "named", "types", "manufacturer_ids",
                      "device_types", "models"}));
  const bool named = TRY(read.number("named", 1, 0, 1)) == 1;
  EventFilter filter = TRY(read_filter_query(read.request, options_.events.type_prefix));
  const EntryIndex from = TRY(stream_start(read.request, read.log.size()));
  const FeedPosition position = TRY(feed_.stand(read.published, filter, from));
  auto place = TRY(stream_limits_.take(read.request.peer));
  HttpResponse response = stream_response(
      "text/event-stream",
      std::make_shared<EventStream>(
          StreamSources{published_, feed_, clock_},
          FeedWish(std::move(filter), named ? FeedForm::sse : FeedForm::sse_unnamed), position,
          StreamLife::follows, std::move(place)));
  add_place(response, position, read.published.size());
  return response;
}

}  // namespace cpl
