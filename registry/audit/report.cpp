#include "registry/audit/report.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

Json index_json(const std::optional<EntryIndex>& index) {
  return index ? Json(index->value) : Json();
}

Json findings_json(const AuditReport& report) {
  Json findings = Json::array();
  for (const AuditFinding& finding : report.findings) {
    Json item = {
        {"entry", index_json(finding.entry)}, {"code", finding.code}, {"detail", finding.detail}};
    if (finding.rule > 0) item["rule"] = finding.rule;
    findings.push_back(std::move(item));
  }
  return findings;
}

Json removals_json(const AuditReport& report) {
  Json removals = Json::array();
  for (const AuditedRemoval& removal : report.removals) {
    removals.push_back({{"entry", removal.entry.value},
                        {"model", removal.model.text()},
                        {"maker", removal.maker},
                        {"effective_from", format_time(removal.effective_from)},
                        {"notice", index_json(removal.notice)},
                        {"decision", index_json(removal.decision)},
                        {"standing", to_string(removal.standing)}});
  }
  return removals;
}

Json notices_json(const AuditReport& report) {
  Json notices = Json::array();
  for (const AuditedNotice& notice : report.open_notices) {
    Json models = Json::array();
    for (const ModelId& model : notice.models) models.push_back(model.text());
    notices.push_back({{"entry", notice.entry.value},
                       {"state", to_string(notice.state)},
                       {"since", format_time_millis(notice.since)},
                       {"decision", notice.decision.value},
                       {"models", std::move(models)}});
  }
  return notices;
}

}  // namespace

AuditOutcome outcome_of(const AuditReport& report) {
  if (!report.findings.empty()) return AuditOutcome::unsound;
  return report.stale ? AuditOutcome::stale : AuditOutcome::sound;
}

std::string sentence_of(const AuditReport& report) {
  switch (outcome_of(report)) {
    case AuditOutcome::unsound:
      return "the log is NOT sound: " + report.findings.front().detail;
    case AuditOutcome::stale:
      return "stale: nothing is wrong, but the witnesses saw this log longer ago than allowed; "
             "newer entries may be withheld from you";
    case AuditOutcome::sound:
      break;
  }
  return "nothing is wrong";
}

std::vector<std::string> not_checked(const AuditReport& report) {
  std::vector<std::string> sentences;
  if (!report.findings.empty() && report.entries < report.size.value) {
    sentences.push_back("Entries from " + std::to_string(report.entries) +
                        " on: the replay ends at the first thing that is wrong.");
  }
  if (report.replayed_from.value > 0) {
    sentences.push_back("The first " + counted(report.replayed_from.value, "entry") +
                        " were replayed by the audit whose state this one went on from. This one "
                        "proved that the log still begins with them.");
  }
  if (!report.extracts_asked) {
    sentences.emplace_back("Published extracts: a copy of the log holds none; audit the service.");
  }
  if (!report.witnesses_needed) {
    sentences.emplace_back(
        "Whether others are shown the same log, and how fresh it is: the trust policy asks for no "
        "witness.");
  }
  sentences.emplace_back(
      "The documents behind the entries: the log holds their hashes and "
      "numbers, which this audit did not compare with the papers themselves.");
  sentences.emplace_back("Texts that are still sealed: only that nothing but them opens the seal.");
  return sentences;
}

Json to_json(const AuditReport& report, std::uint64_t duration_millis) {
  constexpr std::array<std::string_view, 3> words = {"sound", "stale", "unsound"};
  Json json = {{"outcome", words[static_cast<std::size_t>(outcome_of(report))]},
               {"sentence", sentence_of(report)},
               {"origin", report.origin},
               {"log_size", report.size.value},
               {"root", to_base64(report.root)},
               {"replayed_from", report.replayed_from.value},
               {"checkpoint", report.checkpoint_note},
               {"entries", report.entries},
               {"entries_by_type", report.entries_by_type},
               {"signatures", report.signatures},
               {"signatures_by_role", report.signatures_by_role},
               {"state_roots", report.state_roots},
               {"tiles", report.tiles},
               {"models", {{"listed", report.models_listed}, {"removed", report.models_removed}}},
               {"decisions",
                {{"confirmed", report.decisions_confirmed},
                 {"provisional", report.decisions_provisional},
                 {"contradicted", report.decisions_contradicted}}},
               {"removals", removals_json(report)},
               {"notices_open", report.notices_open},
               {"open_notices", notices_json(report)},
               {"cosignatures", report.cosignatures},
               {"stale", report.stale},
               {"extracts", report.extracts},
               {"findings", findings_json(report)},
               {"not_checked", not_checked(report)},
               {"duration_ms", duration_millis}};
  if (report.witness_time) json["witness_time"] = format_time(*report.witness_time);
  if (report.first_time) json["first_time"] = format_time_millis(*report.first_time);
  if (report.last_time) json["last_time"] = format_time_millis(*report.last_time);
  if (report.contradicted_note) json["contradicted_checkpoint"] = *report.contradicted_note;
  return json;
}

}  // namespace cpl
