#include "registry/list/work_json.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/list/record_fields.hpp"

namespace cpl {
namespace {

using namespace record_fields;

struct ToJson {
  Json operator()(const LoadingRecord& record) const {
    Json json = {{"version", record.version},
                 {"extract", to_hex(record.extract)},
                 {"log_size", record.log_size.value},
                 {"steps", Json::array()}};
    for (const LoadingRecord::Step& step : record.steps) {
      json["steps"].push_back({{"entry", step.entry.value},
                               {"status", word_of(step.status)},
                               {"at", format_time(step.at)}});
    }
    return json;
  }
  Json operator()(const LoadedRecord& record) const {
    return {{"version", record.version},
            {"log_size", record.log_size.value},
            {"entry", record.entry.value}};
  }
  Json operator()(const DeploymentRecord& record) const {
    return {{"entry", record.entry.value},
            {"deployment", to_json(StatementBody(record.deployment))}};
  }
  Json operator()(const CalendarRecord& record) const {
    return {{"entry", record.entry.value}, {"calendar", to_json(StatementBody(record.calendar))}};
  }
  Json operator()(const SpecificationsRecord& record) const {
    return {{"entry", record.entry.value},
            {"specifications", to_json(StatementBody(record.specifications))}};
  }
  Json operator()(const ActionRecord& record) const {
    Json json = {{"body", record.body},
                 {"ref", record.ref},
                 {"state", word_of(record.state)},
                 {"entries", indices_json(record.entries)}};
    if (record.due) json["due"] = record.due->text();
    if (record.owner) json["owner"] = *record.owner;
    put_index(json, "closed_by", record.closed_by);
    return json;
  }
};

WorkRecord read_loading_record(FieldReader& reader, FieldErrors& errors) {
  LoadingRecord record{reader.integer("version", 1, json_integer_max),
                       reader.hash("extract"),
                       TreeSize{reader.integer("log_size", 1, json_integer_max)},
                       {}};
  for (const Json& item : reader.array("steps", 1, list_max)) {
    FieldReader step(item, "#/steps", errors);
    record.steps.push_back(
        {index_of(step, "entry"), step.word<LoadingStatus>("status"), step.time("at")});
    step.done();
  }
  return record;
}

WorkRecord read_action_record(FieldReader& reader) {
  ActionRecord record{reader.text("body", text_max),           reader.text("ref", text_max),
                      reader.word<ActionState>("state"),       reader.optional_date("due"),
                      reader.optional_text("owner", text_max), read_indices(reader, "entries"),
                      optional_index(reader, "closed_by")};
  return record;
}

WorkRecord read_work(WorkKind kind, FieldReader& reader, FieldErrors& errors) {
  switch (kind) {
    case WorkKind::loading:
      return read_loading_record(reader, errors);
    case WorkKind::loaded:
      return LoadedRecord{reader.integer("version", 1, json_integer_max),
                          TreeSize{reader.integer("log_size", 1, json_integer_max)},
                          index_of(reader, "entry")};
    case WorkKind::deployment:
      return DeploymentRecord{index_of(reader, "entry"),
                              read_body<Deployment>(reader, "deployment", "deployment", errors)};
    case WorkKind::calendar:
      return CalendarRecord{index_of(reader, "entry"),
                            read_body<MeetingCalendar>(reader, "calendar", "calendar", errors)};
    case WorkKind::specifications:
      return SpecificationsRecord{
          index_of(reader, "entry"),
          read_body<Specifications>(reader, "specifications", "specifications", errors)};
    case WorkKind::action:
      return read_action_record(reader);
  }
  reader.fail("kind", "is unknown");
  return LoadedRecord();
}

}  // namespace

Bytes encode(const WorkRecord& record) { return canonical_json(std::visit(ToJson(), record)); }

Result<WorkRecord> decode_work(WorkKind kind, BytesView value) {
  auto record = TRY(decode<WorkRecord>(value, [kind](FieldReader& reader, FieldErrors& errors) {
    return read_work(kind, reader, errors);
  }));
  // A step at least tells the state.
  const auto* loading = std::get_if<LoadingRecord>(&record);
  if (loading != nullptr && loading->steps.empty()) return corrupt("a loading without a step");
  return record;
}

}  // namespace cpl
