// Entries as they stand.
#include <nlohmann/json.hpp>

#include "api/read.hpp"
#include "api/views.hpp"
#include "registry/evidence_builder.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t entries_default = 100;
constexpr std::uint64_t entries_max = 500;

}  // namespace

Result<HttpResponse> Api::get_entries(const Read& read) const {
  TRY_VOID(read.only({"from", "limit"}));
  const std::uint64_t from = TRY(read.number("from", 0, 0, json_integer_max));
  const std::uint64_t limit = TRY(read.number("limit", entries_default, 1, entries_max));
  const std::uint64_t end = std::min(read.log.size().value, from + limit);
  Json entries = Json::array();
  for (std::uint64_t index = from; index < end; ++index) {
    entries.push_back(TRY(entry_view(read.log, EntryIndex{index})));
  }
  const bool more = end < read.log.size().value && from < end;
  return json_response(200, {{"log_size", read.log.size().value},
                             {"entries", entries},
                             {"next", more ? Json(end) : Json()}});
}

Result<HttpResponse> Api::get_entry(const Read& read, Path path) const {
  const EntryIndex index = TRY(entry_in_path(path[0]));
  if (path.size() == 1) {
    HttpResponse response = json_response(200, TRY(entry_view(read.log, index)));
    response.headers[1].second = "public, max-age=31536000, immutable";
    read.keep = Read::Keep::for_ever;
    return response;
  }
  if (path.size() == 2 && path[1] == "leaf") {
    return text_response(200, "text/plain; charset=utf-8", TRY(read.log.leaf(index)));
  }
  if (path.size() == 2 && path[1] == "proof") {
    return text_response(200, "text/plain; charset=utf-8", TRY(build_tlog_proof(read.log, index)));
  }
  return Error{Errc::not_found, "not-found", "an entry has /leaf and /proof"};
}

}  // namespace cpl
