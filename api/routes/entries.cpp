// Entries as they stand.
#include <nlohmann/json.hpp>

#include "api/routes/read.hpp"
#include "api/routes/views.hpp"
#include "registry/query/evidence_builder.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t entries_default = 100;
constexpr std::uint64_t entries_max = 500;
constexpr std::size_t page_octets_max = 2U << 20U;  // Of entries; then the page ends.

}  // namespace

Result<HttpResponse> Api::get_entries(const Read& read) const {
  const std::uint64_t from = TRY(read.number("from", 0, 0, json_integer_max));
  const std::uint64_t limit = TRY(read.number("limit", entries_default, 1, entries_max));
  Json entries = Json::array();
  std::uint64_t end = from;
  std::size_t octets = 0;
  while (end < read.log.size().value && end < from + limit && octets < page_octets_max) {
    octets += TRY(read.log.leaf(EntryIndex{end})).size();
    entries.push_back(TRY(entry_view(read.log, EntryIndex{end++})));
  }
  const bool more = end < read.log.size().value && from < end;
  return json_response(200, {{"log_size", read.log.size().value},
                             {"entries", entries},
                             {"next", more ? Json(end) : Json()}});
}

// The entry of the charter in force.
Result<HttpResponse> Api::get_charter(const Read& read) const {
  const auto charter = read.log.charter();
  if (charter == nullptr) {
    return Error{Errc::not_found, "charter-missing", "this registry has no charter yet", 2};
  }
  read.keep = Read::Keep::at_size;
  return json_response(200, TRY(entry_view(read.log, charter->entry)));
}

// The evidence for the question that the entry raises.
Result<HttpResponse> Api::get_entry_evidence(const Read& read, EntryIndex index) const {
  read.keep_published();
  const bool is_decision = TRY(read.log.list().decision(index)).has_value();
  if (!is_decision && !TRY(read.log.list().notice(index))) {
    return Error{Errc::not_found, "evidence-not-found",
                 "entry " + std::to_string(index.value) +
                     " is neither a notice nor a decision: evidence of a removal is that of its "
                     "model, and /v1/entries/" +
                     std::to_string(index.value) + "/proof shows that it is in the log"};
  }
  TRY_VOID(check_published(read.published, index));
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

}  // namespace cpl
