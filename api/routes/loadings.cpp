// Each published version with what the Service Desk says of it, and until when it is to be loaded.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/extracts.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/metric_text.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t loadings_page_default = 100;
constexpr std::uint64_t loadings_page_max = 500;
constexpr std::uint64_t millis_per_hour = 3'600'000;

Json steps_json(const std::optional<LoadingRecord>& record) {
  Json steps = Json::array();
  if (!record) return steps;
  for (const LoadingRecord::Step& step : record->steps) {
    steps.push_back({{"status", word_of(step.status)},
                     {"at", format_time(step.at)},
                     {"entry", step.entry.value}});
  }
  return steps;
}

// Where the desk tells of another list under that number, nothing that it says is of this one.
bool is_of(const LoadingRecord& record, const PublishedExtract& extract) {
  return record.extract == extract.hash() && record.log_size == extract.header.log_size;
}

UnixMillis due_at(const PublishedExtract& extract, std::uint64_t load_hours) {
  return UnixMillis{extract.signed_at.value + load_hours * millis_per_hour};
}

Json loading_json(const PublishedExtract& extract, const std::optional<LoadingRecord>& record,
                  std::uint64_t load_hours) {
  const bool loaded = record && record->status() == LoadingStatus::loaded;
  const bool matches = !record || is_of(*record, extract);
  return {{"version", extract.header.version},
          {"log_size", extract.header.log_size.value},
          {"extract", to_hex(extract.hash())},
          {"published", format_time(extract.signed_at)},
          {"due", format_time(due_at(extract, load_hours))},
          {"matches", matches},
          {"state", record ? Json(word_of(record->status())) : Json()},
          {"loaded", loaded ? Json(format_time(record->steps.back().at)) : Json()},
          {"steps", steps_json(record)}};
}

}  // namespace

Result<HttpResponse> ExtractRoutes::loadings(const Call& call) const {
  const std::uint64_t limit =
      TRY(call.number("limit", loadings_page_default, 1, loadings_page_max));
  const std::uint64_t after = TRY(call.number("after", 0, 0, json_integer_max));
  const auto& list = call.log.list();
  Json loadings = Json::array();
  std::size_t count = 0;
  if (shelf_ != nullptr) {
    const auto published = shelf_->published();
    count = published->size();
    for (std::uint64_t i = after; i < count && loadings.size() < limit; ++i) {
      const PublishedExtract& extract = TRY((*published)[i]);
      const auto record = TRY(work_of<LoadingRecord>(list, loading_key(extract.header.version)));
      loadings.push_back(loading_json(extract, record, load_hours_));
    }
  }
  const auto newest = TRY(work_of<LoadedRecord>(list, loaded_key()));
  const bool more = after + loadings.size() < count;
  return json_response(200, {{"loadings", loadings},
                             {"newest", count},
                             {"newest_loaded", newest ? Json(newest->version) : Json()},
                             {"next", more ? Json(after + loadings.size()) : Json()}});
}

std::string ExtractRoutes::metrics() const {
  if (shelf_ == nullptr) return {};
  const auto published = shelf_->published();
  const auto newest = work_of<LoadedRecord>(log_.view()->list(), loaded_key());
  const std::uint64_t loaded = newest && *newest ? (*newest)->version : 0;
  std::uint64_t waiting = 0;
  std::uint64_t overdue = 0;
  if (published->size() > loaded) {
    waiting = published->size() - loaded;
    const auto& oldest = (*published)[loaded];
    const std::uint64_t now = clock_.now().value;
    const std::uint64_t due = oldest ? due_at(*oldest, load_hours_).value : now;
    overdue = now > due ? (now - due) / 1000 : 0;
  }
  MetricText text;
  text.single("cpl_lists_not_loaded", "gauge",
              "Published versions of the list that the DCC has not said it loaded.", waiting);
  text.single("cpl_list_loading_overdue_seconds", "gauge",
              "How long the oldest of them has been overdue.", overdue);
  return text.take();
}

}  // namespace cpl
