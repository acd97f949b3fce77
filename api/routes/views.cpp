#include "api/routes/views.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/list/state_record.hpp"
#include "registry/query/cover_forecast.hpp"
#include "registry/query/entry_signers.hpp"
#include "registry/query/loaded.hpp"
#include "registry/query/specification_ends.hpp"

namespace cpl {
namespace {

constexpr std::size_t history_max = 10'000;
constexpr std::size_t siblings_max = 200;

Json indices(const std::vector<EntryIndex>& entries) {
  Json list = Json::array();
  for (const EntryIndex entry : entries) list.push_back(entry.value);
  return list;
}

// The listed versions of the same hardware: what firmware gets a suspended meter back.
Result<Json> listed_firmware(const LogView& log, const ModelId& id) {
  const std::string prefix = id.text().substr(0, id.text().size() - 8);
  Json list = Json::array();
  for (const ModelRecord& record : TRY(log.list().models_after(prefix, siblings_max))) {
    const ModelId other = record.model.id();
    if (!other.text().starts_with(prefix)) break;
    if (record.status == ModelStatus::listed && other != id) list.push_back(other.text());
  }
  return list;
}

Result<Json> successors_json(const LogView& log, const ModelId& id) {
  Json list = Json::array();
  for (const ModelRecord& record : TRY(successors_of(log.list(), id, siblings_max))) {
    list.push_back({{"id", record.model.id().text()}, {"status", word_of(record.status)}});
  }
  return list;
}

// Beside a seal, the text that a disclosure opened it to.
void put_disclosed(Json& json, const Text& text) {
  if (text.seal && text.is_known()) json["disclosed_text"] = text.words;
}

Json ends_json(const std::vector<EndOfSpecification>& ends) {
  Json list = Json::array();
  for (const EndOfSpecification& end : ends) {
    list.push_back({{"what", word_of(end.what)},
                    {"date", end.date.text()},
                    {"specification", end.specification}});
  }
  return list;
}

// Null: the DCC has not said that it loaded a version which knows of it.
Json in_dcc_json(const std::optional<LoadedWith>& loaded) {
  if (!loaded) return Json();
  return {{"version", loaded->version},
          {"since", format_time(loaded->since)},
          {"entry", loaded->entry.value}};
}

// Nothing where the charter cannot be read: then nobody can tell.
Json signer_names(const LogView& log, EntryIndex index, const ReadEntry& read) {
  const auto signers = entry_signers(log, index, read.note, read.statement);
  return signers ? Json(signers->names) : Json();
}

struct Summarise {
  std::string operator()(const Charter& charter) const {
    return charter.replaces ? "new charter of " + charter.name : "charter of " + charter.name;
  }
  std::string operator()(const Minutes& minutes) const {
    return std::string(minutes.is_final ? "final" : "draft") + " minutes of " +
           minutes.meeting.meeting + " with " + counted(minutes.decisions.size(), "decision");
  }
  std::string operator()(const Decision& decision) const {
    std::size_t models = 0;
    for (const Authorisation& authorisation : decision.authorises) {
      models += authorisation.models.size();
    }
    return decision.body + " " + to_string(decision.verb) + ", naming " + counted(models, "model");
  }
  std::string operator()(const Addition& addition) const {
    return "added " + addition.model.id().text();
  }
  std::string operator()(const Notice& notice) const {
    return "notice to remove " + counted(notice.models.size(), "model");
  }
  std::string operator()(const Receipt& receipt) const {
    return "the Service Desk " + std::string(word_of(receipt.status)) + " the notice in entry " +
           std::to_string(receipt.notice.value);
  }
  std::string operator()(const Removal& removal) const { return "removed " + removal.model.text(); }
  std::string operator()(const Reinstatement& reinstatement) const {
    return "reinstated " + reinstatement.model.text();
  }
  std::string operator()(const Correction& correction) const {
    return "corrected " + correction.model.id().text();
  }
  std::string operator()(const CertificateChange& change) const {
    return std::string(word_of(change.kind)) + " certificate of " + change.model.text() + " " +
           std::string(word_of(change.event));
  }
  std::string operator()(const Disclosure& disclosure) const {
    return "opened a sealed text of entry " + std::to_string(disclosure.entry.value);
  }
  std::string operator()(const Withdrawal& withdrawal) const {
    return "took back the notice in entry " + std::to_string(withdrawal.notice.value);
  }
  std::string operator()(const Loading& loading) const {
    return "the DCC " + to_string(loading.status) + " version " + std::to_string(loading.version) +
           " of the list";
  }
  std::string operator()(const Deployment& deployment) const {
    return "the DCC counted " + counted(deployment.devices, "device") + " of " +
           counted(deployment.rows, "model") + " on " + deployment.day.text();
  }
  std::string operator()(const MeetingCalendar& calendar) const {
    return "calendar of " + calendar.body + " with " + counted(calendar.meetings.size(), "meeting");
  }
  std::string operator()(const MeetingPaper& paper) const {
    return "paper for " + paper.meeting.meeting + " with " +
           counted(paper.proposals.size(), "proposal");
  }
  std::string operator()(const ActionUpdate& update) const {
    return "action " + update.ref + (update.state == ActionState::closed ? " closed" : " open");
  }
  std::string operator()(const Specifications& specifications) const {
    return "version " + std::to_string(specifications.version) + " of the table of specifications";
  }
};

}  // namespace

Json index_or_null(const std::optional<EntryIndex>& index) {
  return index ? Json(index->value) : Json(nullptr);
}

std::string summary_of(const Statement& statement) {
  return std::visit(Summarise(), statement.body);
}

Result<Json> entry_view(const LogView& log, EntryIndex index) {
  const ReadEntry read = TRY(read_entry(log, index));
  const auto& [entry, note, statement] = read;
  Json view = {{"index", index.value},
               {"time", format_time_millis(entry.time)},
               {"state_root", to_base64(entry.state_root)},
               {"type", statement.type()},
               {"id", to_hex(statement_id(note.text))},
               {"issued_at", format_time(statement.issued_at)},
               {"summary", summary_of(statement)},
               {"signed_by", signer_names(log, index, read)},
               {"content", to_json(statement.body)},
               {"statement", entry.statement}};
  if (statement.seals.empty()) return view;
  if (const auto seals = TRY(log.list().seals(index))) {
    for (const auto& [field, seal] : seals->seals) {
      view["seals"][field] = index_or_null(seal.disclosed_by);
    }
  }
  return view;
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

Result<ModelRecord> record_of(const Call& call) {
  const ModelId id = TRY(ModelId::parse(call.segment()));
  auto record = TRY(call.log.list().model(id));
  if (record) return *std::move(record);
  return Error{Errc::not_found, "model-not-found", id.text() + " was never on the list"};
}

Json model_summary(const ModelRecord& record) {
  const DeviceModel& model = record.model;
  Json json = {{"id", model.id().text()},
               {"status", word_of(record.status)},
               {"effective_from", format_time(record.effective_from)},
               {"changed_at", record.changed_at.value},
               {"under_notice", record.status == ModelStatus::listed && record.notice},
               {"manufacturer_name", model.manufacturer_name},
               {"ts", model.ts_name + " " + model.ts_version}};
  if (model.firmware_version_printed) {
    json["firmware_version_printed"] = *model.firmware_version_printed;
  }
  if (model.cpl_entry_id) json["cpl_entry_id"] = *model.cpl_entry_id;
  return json;
}

Result<Json> model_view(const LogView& log, const ModelRecord& record) {
  Json json = model_summary(record);
  json["model"] = to_json(record.model);
  json["added_at"] = record.added.value;
  json["notice"] = index_or_null(record.notice);
  json["log_size"] = log.size().value;
  json["listed_firmware"] = TRY(listed_firmware(log, record.model.id()));
  json["successors"] = TRY(successors_json(log, record.model.id()));
  json["cover_ends"] = cover_json(all_cover_ends(record));
  json["specification_ends"] = ends_json(TRY(specification_ends(log.list(), record.model)));
  json["in_dcc"] = in_dcc_json(TRY(loaded_with(log.list(), record.changed_at)));
  if (record.status == ModelStatus::removed) {
    json["removed_by"] = record.changed_at.value;
    json["dcc_status"] = record.status_word.value_or("");
  }
  if (!record.lapsed.empty()) json["lapsed"] = to_json(record.lapsed);
  if (record.decision) {
    const auto decision = TRY(log.list().decision(*record.decision));
    if (!decision) return corrupt("a model names a decision that is not there");
    json["authority"] = decision_view(*decision);
  }
  return json;
}

Result<Json> model_history_view(const LogView& log, const ModelId& id) {
  Json list = Json::array();
  for (const EntryIndex index : TRY(log.list().history(id, history_max))) {
    if (index.value >= log.size().value) continue;
    Json entry = TRY(entry_view(log, index));
    entry.erase("statement");
    entry.erase("content");
    list.push_back(std::move(entry));
  }
  return list;
}

Json decision_view(const DecisionRecord& record) {
  Json json = to_json(StatementBody(record.decision));
  json["entry"] = record.entry.value;
  json["standing"] = to_string(record.standing);
  json["final_minutes"] = index_or_null(record.final_minutes);
  put_disclosed(json, record.decision.text);
  return json;
}

Json meeting_view(const MeetingRecord& record) {
  Json minuted = Json::array();
  for (const MinutesDecision& decision : record.minuted) {
    Json item = {{"item", decision.place.item},
                 {"ordinal", decision.place.ordinal},
                 {"verb", decision.verb},
                 {"text", to_json(decision.text)}};
    put_disclosed(item, decision.text);
    minuted.push_back(std::move(item));
  }
  return {{"body", record.meeting.body},
          {"meeting", record.meeting.meeting},
          {"status", record.final_minutes ? "final" : "draft"},
          {"final_minutes", index_or_null(record.final_minutes)},
          {"drafts", indices(record.drafts)},
          {"decisions", indices(record.decisions)},
          {"papers", indices(record.papers)},
          {"minuted", minuted}};
}

Result<Json> notice_view(const LogView& log, const NoticeRecord& record) {
  Json json = to_json(StatementBody(record.notice));
  json["entry"] = record.entry.value;
  json["effective_from"] = format_time(record.effective_from());
  json["issued"] = format_time_millis(record.issued);
  json["state"] = to_string(record.state);
  json["receipts"] = indices(record.receipts);
  json["removals"] = Json::object();
  for (const auto& [id, entry] : record.removals) json["removals"][id.text()] = entry.value;
  json["withdrawn_by"] = index_or_null(record.withdrawn_by);
  const auto decision = TRY(log.list().decision(record.notice.decision));
  if (!decision) return corrupt("a notice names a decision that is not there");
  json["authority"] = decision_view(*decision);
  return json;
}

}  // namespace cpl
