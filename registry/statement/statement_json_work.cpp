// The statements of the work around the list: notices taken back, versions loaded, counts, meetings
// and their papers, actions, specifications.
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/statement/statement_json.hpp"
#include "registry/statement/statement_json_fields.hpp"

namespace cpl {
namespace {

using namespace fields;

constexpr std::size_t meetings_max = 100;
constexpr std::size_t proposals_max = 100;
constexpr std::size_t specifications_max = 500;

Withdrawal read_withdrawal(FieldReader& reader, FieldErrors& errors) {
  Withdrawal withdrawal{index_of(reader, "notice"), read_models(reader),
                        read_text(reader, "why", reason_max, errors)};
  if (reader.has("decision")) withdrawal.decision = index_of(reader, "decision");
  return withdrawal;
}

Loading read_loading(FieldReader& reader, FieldErrors& errors) {
  Loading loading;
  loading.version = reader.integer("version", 1, json_integer_max);
  loading.extract = reader.hash("extract");
  loading.log_size = TreeSize{reader.integer("log_size", 1, json_integer_max)};
  loading.status = reader.word<LoadingStatus>("status");
  loading.at = reader.time("at");
  if (loading.status == LoadingStatus::rejected) {
    loading.reject_code = std::string(loading_code_words[reader.word("code", loading_code_words)]);
    loading.reject_text = read_text(reader, "text", reason_max, errors);
  }
  return loading;
}

Deployment read_deployment(FieldReader& reader) {
  return {date_of(reader, "day"), reader.integer("rows", 1, deployed_rows_max),
          reader.integer("devices", 0, json_integer_max), reader.hash("root")};
}

MeetingCalendar read_calendar(FieldReader& reader, FieldErrors& errors) {
  MeetingCalendar calendar{plain_name_of(reader, "body", body_max), {}};
  for (const Json& item : reader.array("meetings", 0, meetings_max)) {
    FieldReader meeting(item, reader.pointer_to("meetings"), errors);
    PlannedMeeting planned{plain_name_of(meeting, "meeting", ref_max), date_of(meeting, "date")};
    meeting.done();
    for (const PlannedMeeting& earlier : calendar.meetings) {
      if (earlier.meeting == planned.meeting) {
        reader.fail("meetings", planned.meeting + " is there twice");
      }
    }
    if (!calendar.meetings.empty() && planned.date <= calendar.meetings.back().date) {
      reader.fail("meetings", "must rise by day");
    }
    calendar.meetings.push_back(std::move(planned));
  }
  return calendar;
}

RemovalProposal read_proposal(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  RemovalProposal proposal{read_models(reader), reader.word<RemovalBasis>("basis"),
                           read_text(reader, "why", reason_max, errors)};
  reader.done();
  return proposal;
}

MeetingPaper read_paper(FieldReader& reader, FieldErrors& errors) {
  MeetingPaper paper;
  paper.meeting = {plain_name_of(reader, "body", body_max),
                   plain_name_of(reader, "meeting", ref_max)};
  paper.classification =
      std::string(classification_words[reader.word("classification", classification_words)]);
  FieldReader document(reader.object("document"), reader.pointer_to("document"), errors);
  paper.document_sha256 = document.hash("sha256");
  paper.document_size = document.integer("size", 1, json_integer_max);
  paper.media_type = document.text("media_type", ref_max);
  document.done();
  paper.since = TreeSize{reader.integer("since", 0, json_integer_max)};
  paper.until = TreeSize{reader.integer("until", paper.since.value, json_integer_max)};
  std::size_t position = 0;
  for (const Json& item : reader.array("proposals", 0, proposals_max)) {
    paper.proposals.push_back(
        read_proposal(item, reader.pointer_to("proposals/") + std::to_string(position++), errors));
  }
  // The log shows the models to everybody.
  const bool is_public = paper.classification == "WHITE" || paper.classification == "GREEN";
  if (!is_public && !paper.proposals.empty()) {
    reader.fail("proposals", "of a paper that is " + paper.classification +
                                 " stand in the paper alone: leave them out here");
  }
  return paper;
}

ActionUpdate read_action(FieldReader& reader, FieldErrors& errors) {
  ActionUpdate update{plain_name_of(reader, "body", body_max),
                      reader.text("ref", ref_max),
                      reader.word<ActionState>("state"),
                      {},
                      {}};
  if (update.state == ActionState::open) update.due = reader.optional_date("due");
  update.why = read_text(reader, "why", reason_max, errors);
  return update;
}

SpecificationRow read_specification(const Json& value, const std::string& pointer,
                                    FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  SpecificationRow row;
  row.ts_name = reader.text("ts_name", body_max);
  row.ts_version = reader.text("ts_version", body_max);
  row.gbcs_version = reader.optional_text("gbcs_version", body_max);
  row.installation_end = reader.optional_date("installation_end");
  row.maintenance_end = reader.optional_date("maintenance_end");
  row.applicability_end = reader.optional_date("applicability_end");
  reader.done();
  return row;
}

Specifications read_specifications(FieldReader& reader, FieldErrors& errors) {
  Specifications table{reader.integer("version", 1, json_integer_max), {}};
  std::size_t position = 0;
  for (const Json& item : reader.array("rows", 1, specifications_max)) {
    table.rows.push_back(
        read_specification(item, reader.pointer_to("rows/") + std::to_string(position++), errors));
    const SpecificationRow& row = table.rows.back();
    const auto same = [&](const SpecificationRow& other) {
      return other.ts_name == row.ts_name && other.ts_version == row.ts_version &&
             other.gbcs_version == row.gbcs_version;
    };
    if (std::count_if(table.rows.begin(), table.rows.end(), same) > 1) {
      reader.fail("rows", row.ts_name + " " + row.ts_version + " is there twice");
    }
  }
  return table;
}

void put_date(Json& json, const char* name, const std::optional<Date>& date) {
  if (date) json[name] = date->text();
}

}  // namespace

std::optional<StatementBody> read_work_statement(std::string_view type, FieldReader& reader,
                                                 FieldErrors& errors) {
  if (type == "withdrawal") return read_withdrawal(reader, errors);
  if (type == "loading") return read_loading(reader, errors);
  if (type == "deployment") return read_deployment(reader);
  if (type == "calendar") return read_calendar(reader, errors);
  if (type == "paper") return read_paper(reader, errors);
  if (type == "action") return read_action(reader, errors);
  if (type == "specifications") return read_specifications(reader, errors);
  return std::nullopt;
}

Json body_json(const Withdrawal& withdrawal) {
  Json json = {{"notice", withdrawal.notice.value},
               {"models", models_json(withdrawal.models)},
               {"why", to_json(withdrawal.why)}};
  if (withdrawal.decision) json["decision"] = withdrawal.decision->value;
  return json;
}

Json body_json(const Loading& loading) {
  Json json = {{"version", loading.version},
               {"extract", to_hex(loading.extract)},
               {"log_size", loading.log_size.value},
               {"status", word_of(loading.status)},
               {"at", format_time(loading.at)}};
  if (loading.reject_code) json["code"] = *loading.reject_code;
  if (loading.reject_text) json["text"] = to_json(*loading.reject_text);
  return json;
}

Json body_json(const Deployment& deployment) {
  return {{"day", deployment.day.text()},
          {"rows", deployment.rows},
          {"devices", deployment.devices},
          {"root", to_hex(deployment.root)}};
}

Json body_json(const MeetingCalendar& calendar) {
  Json json = {{"body", calendar.body}, {"meetings", Json::array()}};
  for (const PlannedMeeting& planned : calendar.meetings) {
    json["meetings"].push_back({{"meeting", planned.meeting}, {"date", planned.date.text()}});
  }
  return json;
}

Json body_json(const MeetingPaper& paper) {
  Json json = {{"body", paper.meeting.body},
               {"meeting", paper.meeting.meeting},
               {"classification", paper.classification},
               {"document",
                {{"sha256", to_hex(paper.document_sha256)},
                 {"size", paper.document_size},
                 {"media_type", paper.media_type}}},
               {"since", paper.since.value},
               {"until", paper.until.value},
               {"proposals", Json::array()}};
  for (const RemovalProposal& proposal : paper.proposals) {
    json["proposals"].push_back({{"models", models_json(proposal.models)},
                                 {"basis", to_string(proposal.basis)},
                                 {"why", to_json(proposal.why)}});
  }
  return json;
}

Json body_json(const ActionUpdate& update) {
  Json json = {{"body", update.body},
               {"ref", update.ref},
               {"state", word_of(update.state)},
               {"why", to_json(update.why)}};
  put_date(json, "due", update.due);
  return json;
}

Json body_json(const Specifications& table) {
  Json json = {{"version", table.version}, {"rows", Json::array()}};
  for (const SpecificationRow& row : table.rows) {
    Json item = {{"ts_name", row.ts_name}, {"ts_version", row.ts_version}};
    if (row.gbcs_version) item["gbcs_version"] = *row.gbcs_version;
    put_date(item, "installation_end", row.installation_end);
    put_date(item, "maintenance_end", row.maintenance_end);
    put_date(item, "applicability_end", row.applicability_end);
    json["rows"].push_back(std::move(item));
  }
  return json;
}

}  // namespace cpl
