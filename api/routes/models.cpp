// The list: searched, paged, as of any size; one model, its history and evidence.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/model_evidence.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "crypto/encoding.hpp"
#include "registry/list/certificate_cover.hpp"
#include "registry/query/evidence_builder.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t models_page_default = 100;
constexpr std::uint64_t models_page_max = 500;
constexpr std::size_t scan_window = 200;
// Per request; the cursor goes on from there.
constexpr std::size_t scanned_max = 20'000;
constexpr std::size_t read_max = 4'000;  // Of those; to read one takes twenty times as long.

// What JSON writes as it is.
bool is_written_plainly(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

struct ModelQuery {
  std::optional<DeviceType> device_type;
  std::string manufacturer_id;
  std::string status;
  std::string text;  // Lower case; anywhere in the id, the manufacturer's name or printed firmware.
  std::optional<Date> cover_ends_by;  // Listed ones of which a certificate ends by then.

  // Whether the words asked for stand anywhere in the octets of a record. False only if it does not
  // match.
  bool may_match(BytesView stored) const {
    if (text.empty() || !is_written_plainly(text)) return true;
    const auto same = [](char a, char b) { return ascii_lower(a) == b; };
    return std::search(stored.begin(), stored.end(), text.begin(), text.end(), same) !=
           stored.end();
  }

  bool matches(const ModelRecord& record) const {
    const DeviceModel& model = record.model;
    if (device_type && model.device_type != *device_type) return false;
    if (!manufacturer_id.empty() && model.manufacturer_id != manufacturer_id) return false;
    return text.empty() || ascii_lower(model.id().text()).find(text) != std::string::npos ||
           ascii_lower(model.manufacturer_name).find(text) != std::string::npos ||
           model.firmware_version_printed.value_or("").find(text) != std::string::npos ||
           ascii_lower(model.cpl_entry_id.value_or("")).find(text) != std::string::npos;
  }
};

Result<ModelQuery> read_query(const HttpRequest& request) {
  ModelQuery query;
  if (const auto word = request.parameter("device_type")) {
    query.device_type = device_type_of(*word);
    if (!query.device_type) {
      return malformed("parameter-malformed",
                       "device_type must be ESME, GSME, CH, PPMID, HCALCS or SAPC");
    }
  }
  query.manufacturer_id = request.parameter("manufacturer_id").value_or("");
  if (!query.manufacturer_id.empty() && !is_manufacturer_id(query.manufacturer_id)) {
    return malformed("parameter-malformed",
                     "manufacturer_id must be 4 upper-case hexadecimal digits, such as 9A01");
  }
  query.status = request.parameter("status").value_or("");
  if (!query.status.empty() && query.status != "listed" && query.status != "removed") {
    return malformed("parameter-malformed", "status must be listed or removed");
  }
  query.text = ascii_lower(request.parameter("q").value_or(""));
  const auto by = request.parameter("cover_ends_by");
  if (!by) return query;
  query.cover_ends_by = Date::parse(*by);
  if (query.cover_ends_by && !request.parameter("at")) return query;
  return malformed("parameter-malformed",
                   "cover_ends_by must be a day such as 2027-03-31, and goes without at");
}

Json cover_json(const std::vector<CoverEnd>& ends) {
  Json list = Json::array();
  for (const CoverEnd& end : ends) {
    list.push_back({{"certificate", word_of(end.certificate)},
                    {"what", word_of(end.kind)},
                    {"date", end.date.text()}});
  }
  return list;
}

// Of one that matches: whether it is asked for as it stood then; with what ends, where that is
// asked for.
bool takes(const ModelQuery& query, const ModelRecord& record, Json& summary) {
  if (!query.status.empty() && query.status != summary["status"].get<std::string>()) return false;
  if (!query.cover_ends_by) return true;
  const auto ends = cover_ends(record, *query.cover_ends_by);
  if (ends.empty() || record.status != ModelStatus::listed) return false;
  summary["cover_ends"] = cover_json(ends);
  return true;
}

// The model as it stood at an older size; nothing where it was not on the list by then.
Result<std::optional<Json>> summary_at(const LogView& log, const ModelRecord& record,
                                       TreeSize size) {
  const auto state = TRY(log.list().state_at(record.model.id(), size));
  if (!state) return std::optional<Json>();
  const Json then = TRY(parse_json(*state));
  Json json = model_summary(record);
  json["status"] = then["status"];
  json["effective_from"] = then["effective_from"];
  json["changed_at"] = then["changed_at"];
  json.erase("under_notice");
  return std::optional<Json>(std::move(json));
}

Result<ModelRecord> record_of(const Call& call) {
  const ModelId id = TRY(ModelId::parse(call.segment()));
  auto record = TRY(call.log.list().model(id));
  if (record) return *std::move(record);
  return Error{Errc::not_found, "model-not-found", id.text() + " was never on the list"};
}

}  // namespace

Result<HttpResponse> list_models(const Call& call) {
  const ModelQuery query = TRY(read_query(call.request));
  const std::uint64_t limit = TRY(call.number("limit", models_page_default, 1, models_page_max));
  const TreeSize at{TRY(call.number("at", call.log.size().value, 0, call.log.size().value))};
  std::string after(call.request.parameter("after").value_or(""));
  if (!after.empty() && !ModelId::parse(after)) {
    return malformed("parameter-malformed", "after must be a model's id, as next gives it");
  }
  Json models = Json::array();
  std::size_t scanned = 0;
  bool more = true;
  std::size_t records_read = 0;
  while (more && models.size() < limit && scanned < scanned_max && records_read < read_max) {
    const auto scan = TRY(call.log.list().scan_models(
        after, scan_window, [&](BytesView stored) { return query.may_match(stored); }));
    scanned += scan.scanned;
    records_read += scan.records.size();
    more = scan.scanned == scan_window;
    if (scan.scanned > 0) after = scan.last;
    for (const ModelRecord& record : scan.records) {
      if (!query.matches(record)) continue;
      auto summary = TRY(summary_at(call.log, record, at));
      if (!summary || !takes(query, record, *summary)) continue;
      models.push_back(*std::move(summary));
      if (models.size() < limit) continue;
      after = record.model.id().text();
      more = true;
      break;
    }
  }
  HttpResponse response = json_response(
      200, {{"log_size", at.value}, {"models", models}, {"next", more ? Json(after) : Json()}});
  call.keep = Call::Keep::at_size;
  return response;
}

// Of a removed model, that its removal is genuine; of any other, or where a size or a time is
// named, whether it was on the list then. A model that was never listed has that as its answer.
Result<HttpResponse> ModelEvidenceRoute::get(const Call& call) const {
  const ModelId id = TRY(ModelId::parse(call.segment()));
  const auto at = call.request.parameter("at");
  const auto time_text = call.request.parameter("time");
  call.keep_published();
  const auto record = TRY(call.log.list().model(id));
  Evidence evidence;
  // What is not published yet must not be answered with how it was before.
  if (!at && !time_text && record) TRY_VOID(check_published(call.published, record->changed_at));
  if (!at && !time_text && record && record->status == ModelStatus::removed) {
    evidence = TRY(build_removal_evidence(call.published, id));
  } else {
    TreeSize size{
        TRY(call.number("at", call.published.size().value, 1, call.published.size().value))};
    if (time_text) {
      const auto time = parse_time(*time_text);
      if (!time || at) {
        return malformed("time-malformed",
                         "time must be such as 2026-07-09T10:15:30Z, and goes without at");
      }
      if (*time > clock.now()) {
        return malformed("time-in-future",
                         format_time(*time) + " is still to come: nobody can prove what will be");
      }
      size = TRY(size_at_time(call.published, *time));
    }
    evidence = TRY(build_model_evidence(call.published, id, size));
  }
  return text_response(200, "application/json", format_evidence(evidence));
}

Result<HttpResponse> get_model(const Call& call) {
  const ModelRecord record = TRY(record_of(call));
  call.keep = Call::Keep::at_size;
  if (!call.request.parameter("at")) return json_response(200, TRY(model_view(call.log, record)));
  const TreeSize at{TRY(call.number("at", 0, 0, call.log.size().value))};
  const auto summary = TRY(summary_at(call.log, record, at));
  if (!summary) {
    return Error{
        Errc::not_found, "model-not-found",
        record.model.id().text() + " was not on the list at size " + std::to_string(at.value)};
  }
  return json_response(200, *summary);
}

Result<HttpResponse> get_model_history(const Call& call) {
  const ModelId id = TRY(record_of(call)).model.id();
  call.keep = Call::Keep::at_size;
  Json entries = TRY(model_history_view(call.log, id));
  return json_response(
      200,
      {{"id", id.text()}, {"log_size", call.log.size().value}, {"entries", std::move(entries)}});
}

}  // namespace cpl
