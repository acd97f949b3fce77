#include "registry/extract_replay.hpp"

#include <nlohmann/json.hpp>

#include "crypto/hash.hpp"
#include "registry/entry.hpp"

namespace cpl {
namespace {

constexpr std::size_t extracts_max = 100'000;

}  // namespace

Result<void> check_extract_file(BytesView content, const Extract& expected, ExtractForm form) {
  const bool same = form == ExtractForm::xlsx
                        ? extract_hash(TRY(parse_extract(content))) == extract_hash(expected)
                        : content == TRY(format_extract(expected, form));
  if (same) return {};
  return Error{Errc::unauthorized, "extract-mismatch",
               "the " + to_string(form) +
                   " form is not what the log gives: a row is missing, added or changed, or its "
                   "head is"};
}

void ExtractReplay::apply(const Entry& entry, const Change& change) {
  header_.log_size = TreeSize{entry.index.value + 1};
  header_.state_root = entry.state_root;
  header_.as_of = entry.time;
  for (const ModelRecord& record : change.models) {
    const ModelId id = record.model.id();
    const auto [kept, is_new] = models_.try_emplace(id, record);
    if (is_new) continue;
    if (change.status_changed != id) {
      if (change.notices.empty()) change_record(entry, kept->second.model);
      continue;
    }
    kept->second.status = record.status;
    kept->second.changed_at = record.changed_at;
    kept->second.effective_from = record.effective_from;
    kept->second.decision = record.decision;
    kept->second.status_word = record.status_word;
  }
  last_leaf_ = format_entry(entry);
  if (change.charter == nullptr) return;
  charter_ = change.charter;
  charter_leaves_.emplace_back(entry.index, last_leaf_);
}

// What changes a record and neither its status nor a notice: a correction or a certificate. The
// replay's own list keeps too little of a record to tell it here.
void ExtractReplay::change_record(const Entry& entry, DeviceModel& model) {
  const auto note = parse_note(entry.statement);
  const auto statement = note ? parse_statement(note->text) : Result<Statement>(note.error());
  check(statement.has_value());  // It was judged before it came here.
  if (const auto* correction = std::get_if<Correction>(&statement->body)) model = correction->model;
  const auto* certificate = std::get_if<CertificateChange>(&statement->body);
  if (certificate != nullptr && certificate->event == CertificateEvent::renewed) {
    put_renewed(*certificate, model);
  }
}

Extract ExtractReplay::extract(const std::string& origin, std::uint64_t version,
                               std::optional<Hash> previous) const {
  Extract extract{header_, {}};
  extract.header.origin = origin;
  extract.header.version = version;
  extract.header.previous = previous;
  for (const auto& [id, record] : models_) extract.models.push_back(record);
  return extract;
}

Result<ExtractProof> ExtractReplay::prove(const FetchResource& fetch, const Checkpoint& checkpoint,
                                          const Bytes& checkpoint_note) const {
  const TileNodes nodes(checkpoint.size,
                        [&fetch](const TileId& id) { return fetch(tile_path(id)); });
  ExtractProof proof;
  for (const auto& [index, leaf] : charter_leaves_) {
    proof.charters.push_back(
        TRY(prove_entry(index, leaf, nodes, checkpoint.size, checkpoint_note)));
  }
  const EntryIndex last{size().value - 1};
  proof.last = TRY(prove_entry(last, last_leaf_, nodes, checkpoint.size, checkpoint_note));
  return proof;
}

Result<ReplayedExtract> replay_extract(const FetchResource& fetch, const TrustPolicy& policy,
                                       const AuditOptions& options, const ExtractWish& wish) {
  ExtractReplay replay;
  AuditOptions replaying = options;
  replaying.on_entry = [&](const Entry& entry, const Change& change) {
    if (!wish.size || entry.index.value < wish.size->value) replay.apply(entry, change);
  };
  const AuditReport report = TRY(audit(fetch, policy, replaying));
  if (!report.findings.empty()) {
    const AuditFinding& finding = report.findings.front();
    return within("the log is not sound",
                  Error{Errc::unauthorized, finding.code, finding.detail, 0});
  }
  if (replay.size().value == 0 || (wish.size && replay.size() != *wish.size)) {
    return Error{Errc::not_found, "size-not-found",
                 "the log has " + std::to_string(report.size.value) +
                     " entries: there is no list at the size that was asked for"};
  }
  Extract extract = replay.extract(report.origin, wish.version, wish.previous);
  if (extract.models.size() > extract_models_max) {
    return Error{Errc::too_large, "extract-too-large",
                 "an extract holds at most " + std::to_string(extract_models_max) + " models", 0};
  }
  const Checkpoint checkpoint{report.origin, report.size, report.root, {}};
  auto proof = TRY(replay.prove(fetch, checkpoint, report.checkpoint_note));
  return ReplayedExtract{std::move(extract), std::move(proof), replay.charter()};
}

Result<ExtractAudit> ExtractAudit::open(const FetchResource& fetch, UnixMillis now) {
  ExtractAudit audit(fetch, now);
  TRY_VOID(audit.list());
  return audit;
}

Result<void> ExtractAudit::list() {
  while (waiting_.size() < extracts_max) {
    auto page = fetch_("v1/extracts?limit=500&after=" + std::to_string(waiting_.size()));
    if (!page && page.error().errc == Errc::not_found && waiting_.empty()) return {};
    const Json json = TRY(parse_json(TRY(std::move(page))));
    FieldErrors errors;
    FieldReader reader(json, "#", errors);
    const Json& extracts = reader.array("extracts", 0, 500);
    for (const Json& item : extracts) {
      FieldReader listed(item, reader.pointer_to("extracts"), errors);
      waiting_.push_back({listed.integer("version", 1, json_integer_max),
                          TreeSize{listed.integer("log_size", 1, json_integer_max)}});
    }
    if (!errors.empty()) return malformed("extracts-malformed", describe(errors));
    if (extracts.empty()) return {};
  }
  return {};
}

void ExtractAudit::on_entry(const Entry& entry, const Change& change) {
  if (next_ == waiting_.size()) return;  // None is left: nothing needs to be kept.
  replay_.apply(entry, change);
  while (next_ < waiting_.size() && waiting_[next_].log_size <= replay_.size()) {
    const Listed listed = waiting_[next_];
    if (const auto checked = check(listed); !checked) found(listed, checked.error());
    ++next_;
  }
}

Result<void> ExtractAudit::check(const Listed& listed) {
  if (listed.version != next_ + 1) return refuse("extract-missing", "a version is left out");
  if (listed.log_size != replay_.size()) {
    return refuse("extract-older", "it shows an older list than the version before");
  }
  const std::string path = "v1/extracts/" + std::to_string(listed.version);
  const Bytes json = TRY(fetch_(path + ".json"));
  const std::optional<Hash> previous = std::exchange(previous_, sha256(json));
  const ExtractHeader header = TRY(parse_extract(json)).header;
  origin_ = header.origin;
  const Extract expected = replay_.extract(header.origin, listed.version, previous);
  for (const ExtractForm form : extract_forms) TRY_VOID(check_form(expected, form));
  ++checked_;
  return {};
}

Result<void> ExtractAudit::check_form(const Extract& expected, ExtractForm form) {
  const std::string path =
      "v1/extracts/" + std::to_string(expected.header.version) + "." + to_string(form);
  const Bytes content = TRY(fetch_(path));
  TRY_VOID(check_extract_file(content, expected, form));
  const ExtractSignature signature = TRY(open_extract_signature(
      TRY(fetch_(path + ".p7s")), replay_.charter()->charter, expected.header.as_of, now_));
  if (signature.digest != sha256(content)) {
    return Error{Errc::unauthorized, "signature-invalid",
                 "the signature is of another file than the " + to_string(form) + " form"};
  }
  return {};
}

void ExtractAudit::found(const Listed& listed, const Error& error) {
  findings_.push_back({EntryIndex{listed.log_size.value - 1}, error.code,
                       "extract " + std::to_string(listed.version) + ": " + error.detail});
}

std::vector<AuditFinding> ExtractAudit::take_findings(const std::string& origin) {
  for (; next_ < waiting_.size(); ++next_) {
    found(waiting_[next_], refuse("size-not-found", "the log has not reached its size"));
  }
  if (!origin_.empty() && origin_ != origin) {
    findings_.push_back({{}, "origin-mismatch", "the extracts are of \"" + origin_ + "\""});
  }
  return std::move(findings_);
}

}  // namespace cpl
