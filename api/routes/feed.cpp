// The change feed for feed readers: the newest entries, and archives of fifty entries each back to
// entry 0. Page k is about the same entries for ever.
#include "api/routes/feed.hpp"
#include "api/feed/atom.hpp"
#include "api/feed/filter_query.hpp"
#include "api/http/conditional.hpp"
#include "api/http/problem.hpp"
#include "registry/base/london.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t page_size = 50;
constexpr std::string_view archive_suffix = ".atom";
constexpr std::string_view atom_type = "application/atom+xml";

// "tag:cpl.example,2026:log/": who named the log, since when, and what (RFC 4151). The log's first
// entry says since when; neither that nor the origin ever changes.
Result<std::string> tag_prefix(const LogView& log) {
  const std::string& origin = log.checkpoint().origin;
  const auto slash = std::min(origin.find('/'), origin.size());
  const Entry first = TRY(log.entry(EntryIndex{0}));
  return "tag:" + origin.substr(0, slash) + "," + format_time(first.time).substr(0, 4) + ":" +
         (slash < origin.size() ? origin.substr(slash + 1) + "/" : "");
}

struct FeedUrls {
  std::string base;    // "https://cpl.example"
  std::string filter;  // "?types=…" or nothing.

  std::string current() const { return base + "/v1/feed.atom" + filter; }
  std::string archive(std::uint64_t page) const {
    return base + "/v1/feed/archive/" + std::to_string(page) + std::string(archive_suffix) + filter;
  }
};

AtomEntry atom_entry(const Event& event, const EventContext& context, const std::string& tags,
                     const FeedNames& names) {
  const std::string index = std::to_string(event.sequence.value);
  const std::string url = names.public_url + "/v1/entries/" + index;
  AtomEntry entry;
  entry.id = tags + "entry-" + index;
  entry.title = event.summary;
  entry.time = event.time;
  entry.category = names.events.type_prefix + "." + event.kind;
  entry.links = {{"alternate", "application/json", url, ""},
                 {"related", "text/plain", url + "/proof", "proof"}};
  entry.content = format_event_for_ever(event, context, names.events);
  entry.sequence = format_sequence(event.sequence);
  return entry;
}

AtomEntry atom_ending(const CoverEnding& ending, const Event& event, const EventContext& context,
                      const std::string& tags, const FeedNames& names) {
  const std::string url = names.public_url + "/v1/models/" + ending.model.text();
  AtomEntry entry;
  entry.id = tags + ending_id(ending);
  entry.title = event.summary;
  entry.time = event.time;
  entry.category = names.events.type_prefix + "." + event.kind;
  entry.links = {{"alternate", "application/json", url, ""}};
  entry.content = format_ending_for_ever(ending, event, context, names.events);
  return entry;
}

AtomLink atom_link(std::string rel, std::string href) {
  return {std::move(rel), std::string(atom_type), std::move(href), ""};
}

// The certificates' ends behind `after`, up to that day.
Result<void> gather_endings(const LogView& log, EventFeed& events, const EventFilter& filter,
                            const Date& day, const std::optional<EntryIndex>& previous,
                            const FeedNames& names, EndingPlace& after, AtomFeed& feed) {
  const std::string tags = TRY(tag_prefix(log));
  while (const auto ending = TRY(events.next_ending(log, filter, after, day))) {
    const Event event = event_of(*ending, TRY(log.leaf(ending->entry)));
    feed.entries.push_back(
        atom_ending(*ending, event, {previous, filter.terms_met(event)}, tags, names));
    after = place_behind(*ending);
  }
  return {};
}

// What the filter wants of the entries from `begin` up to `end`, and of the certificates' ends
// before them; of those up to `day` where no entry comes behind.
Result<AtomFeed> gather(const LogView& log, EventFeed& events, const EventFilter& filter,
                        std::pair<EntryIndex, EntryIndex> range, const FeedNames& names,
                        const std::optional<Date>& day = {}) {
  EventIndex& index = events.index();
  const std::string tags = TRY(tag_prefix(log));
  auto [at, end] = range;
  AtomFeed feed;
  feed.id = tags + "changes";
  feed.title = "Certified Products List changes";
  feed.author = log.checkpoint().origin;
  feed.extension_namespace = names.public_url + "/ns/atom/1";
  feed.category_scheme = names.public_url + "/event-types";
  feed.updated = TRY(log.entry(EntryIndex{end.value - 1})).time;
  auto previous = TRY(index.previous(log, filter, at));
  EndingPlace endings = TRY(place_before(log, at));
  while (const auto event = TRY(index.next(log, filter, at, end))) {
    TRY_VOID(gather_endings(log, events, filter, london_day(event->time), previous, names, endings,
                            feed));
    feed.entries.push_back(atom_entry(*event, {previous, filter.terms_met(*event)}, tags, names));
    previous = event->sequence;
  }
  const Date last = day.value_or(london_day(feed.updated));
  TRY_VOID(gather_endings(log, events, filter, last, previous, names, endings, feed));
  if (!feed.entries.empty()) feed.updated = std::max(feed.updated, feed.entries.back().time);
  std::reverse(feed.entries.begin(), feed.entries.end());
  return feed;
}

HttpResponse feed_response(const AtomFeed& feed, TreeSize size) {
  Bytes xml = to_xml(feed);
  const std::string tag = entity_tag(size, xml);
  HttpResponse response = text_response(200, "application/atom+xml; charset=utf-8", std::move(xml));
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Last-Modified",
                                http_date(std::chrono::sys_seconds(std::chrono::seconds(
                                    static_cast<std::int64_t>(feed.updated.value / 1000)))));
  return response;
}

Result<std::uint64_t> archive_in_path(const std::string& segment) {
  const bool named = segment.ends_with(archive_suffix);
  const auto number = from_decimal(
      std::string_view(segment).substr(0, segment.size() - (named ? archive_suffix.size() : 0)));
  if (!named || !number || *number > json_integer_max) {
    return Error{Errc::not_found, "not-found", "archives are /v1/feed/archive/0.atom and so on"};
  }
  return *number;
}

}  // namespace

Result<HttpResponse> FeedRoutes::newest(const Call& call) const {
  const EventFilter filter = TRY(read_filter_query(call.request, names.events.type_prefix));
  const std::uint64_t size = call.published.size().value;
  if (size == 0) return Error{Errc::not_found, "log-empty", "the log has no entries yet"};
  const std::string query = filter_query(filter);
  const FeedUrls urls{names.public_url, query.empty() ? "" : "?" + query};
  const EntryIndex begin{size - std::min(size, page_size)};
  AtomFeed feed = TRY(gather(call.published, events, filter, {begin, EntryIndex{size}}, names,
                             day_told_by(clock.now())));
  feed.links = {atom_link("self", urls.current()),
                {"alternate", "application/json", names.public_url + "/v1/changes", ""}};
  if (size >= page_size) {
    feed.links.push_back(atom_link("prev-archive", urls.archive(size / page_size - 1)));
  }
  return feed_response(feed, call.published.size());
}

Result<HttpResponse> FeedRoutes::archive(const Call& call) const {
  const EventFilter filter = TRY(read_filter_query(call.request, names.events.type_prefix));
  const std::uint64_t page = TRY(archive_in_path(call.segment()));
  const std::uint64_t pages = call.published.size().value / page_size;
  if (page >= pages) {
    return Error{Errc::not_found, "archive-not-yet",
                 "an archive is there when it is full; the newest entries are in /v1/feed.atom"};
  }
  const std::string query = filter_query(filter);
  const FeedUrls urls{names.public_url, query.empty() ? "" : "?" + query};
  const EntryIndex begin{page * page_size};
  const EntryIndex end{begin.value + page_size};
  AtomFeed feed = TRY(gather(call.published, events, filter, {begin, end}, names));
  feed.archive = true;
  feed.links = {atom_link("self", urls.archive(page)), atom_link("current", urls.current())};
  if (page > 0) feed.links.push_back(atom_link("prev-archive", urls.archive(page - 1)));
  // The newest archive gets its link to the next one when there is one, and changes no more then.
  const bool newest = page + 1 == pages;
  if (!newest) feed.links.push_back(atom_link("next-archive", urls.archive(page + 1)));
  if (newest)
    call.keep_published();
  else
    call.keep = Call::Keep::for_ever;
  call.caching = newest ? Caching::minute : Caching::for_ever;
  return feed_response(feed, TreeSize{end.value});
}

}  // namespace cpl
