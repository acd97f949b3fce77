// Entries as they stand.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "registry/query/entry_search.hpp"
#include "registry/query/evidence_builder.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t entries_default = 100;
constexpr std::uint64_t entries_max = 500;
constexpr std::size_t page_octets_max = 2U << 20U;  // Of entries; then the page ends.

Result<std::optional<UnixMillis>> time_asked(const HttpRequest& request, std::string_view name) {
  const auto text = request.parameter(name);
  if (!text) return std::optional<UnixMillis>();
  const auto time = parse_time(*text);
  if (time) return time;
  return malformed("parameter-malformed",
                   std::string(name) + " must be a time such as 2026-07-09T10:15:30Z");
}

Result<EntryFilter> read_filter(const HttpRequest& request) {
  EntryFilter filter;
  filter.type = request.parameter("type").value_or("");
  const auto& types = statement_type_words;
  if (!filter.type.empty() && std::find(types.begin(), types.end(), filter.type) == types.end()) {
    return malformed("parameter-malformed", "type must be a type of statement, such as removal");
  }
  filter.signed_by = request.parameter("signed_by").value_or("");
  filter.since = TRY(time_asked(request, "since"));
  filter.until = TRY(time_asked(request, "until"));
  return filter;
}

}  // namespace

Result<HttpResponse> list_entries(const Call& call) {
  const std::uint64_t from = TRY(call.number("from", 0, 0, json_integer_max));
  const std::uint64_t limit = TRY(call.number("limit", entries_default, 1, entries_max));
  const EntryFilter filter = TRY(read_filter(call.request));
  FoundEntries found = TRY(find_entries(call.log, filter, EntryIndex{from}, limit));
  Json entries = Json::array();
  std::size_t octets = 0;
  for (const EntryIndex index : found.entries) {
    if (octets >= page_octets_max) {
      found.next = index;
      break;
    }
    octets += TRY(call.log.leaf(index)).size();
    entries.push_back(TRY(entry_view(call.log, index)));
  }
  call.keep = Call::Keep::at_size;
  return json_response(200, {{"log_size", call.log.size().value},
                             {"entries", entries},
                             {"next", found.next ? Json(found.next->value) : Json()}});
}

// The entry of the charter in force.
Result<HttpResponse> get_charter(const Call& call) {
  const auto charter = call.log.charter();
  if (charter == nullptr) {
    return Error{Errc::not_found, "charter-missing", "this registry has no charter yet", 2};
  }
  call.keep = Call::Keep::at_size;
  return json_response(200, TRY(entry_view(call.log, charter->entry)));
}

// The evidence for the question that the entry raises.
Result<HttpResponse> get_entry_evidence(const Call& call) {
  const EntryIndex index = TRY(call.entry());
  call.keep_published();
  const bool is_decision = TRY(call.log.list().decision(index)).has_value();
  if (!is_decision && !TRY(call.log.list().notice(index))) {
    return Error{Errc::not_found, "evidence-not-found",
                 "entry " + std::to_string(index.value) +
                     " is neither a notice nor a decision: evidence of a removal is that of its "
                     "model, and /v1/entries/" +
                     std::to_string(index.value) + "/proof shows that it is in the log"};
  }
  TRY_VOID(check_published(call.published, index));
  const Evidence evidence = is_decision ? TRY(build_decision_evidence(call.published, index))
                                        : TRY(build_notice_evidence(call.published, index));
  return text_response(200, "application/json", format_evidence(evidence));
}

Result<HttpResponse> get_entry(const Call& call) {
  const EntryIndex index = TRY(call.entry());
  const Json view = TRY(entry_view(call.log, index));
  // Whether a sealed text has been opened is the one thing that may change.
  const bool may_change = view.contains("seals");
  call.keep = may_change ? Call::Keep::at_size : Call::Keep::for_ever;
  if (may_change) call.caching = Caching::revalidate;
  return json_response(200, view);
}

Result<HttpResponse> get_leaf(const Call& call) {
  return text_response(200, "text/plain; charset=utf-8", TRY(call.log.leaf(TRY(call.entry()))));
}

Result<HttpResponse> get_entry_proof(const Call& call) {
  const EntryIndex index = TRY(call.entry());
  TRY(call.log.leaf(index));  // Says so where there is no such entry at all.
  TRY_VOID(check_published(call.published, index));
  return text_response(200, "text/plain; charset=utf-8",
                       TRY(build_tlog_proof(call.published, index)));
}

}  // namespace cpl
