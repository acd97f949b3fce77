#include "registry/extract/audit.hpp"

#include <nlohmann/json.hpp>

#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::size_t extracts_max = 100'000;
constexpr std::size_t page_size = 500;

std::string json_path(std::uint64_t version) {
  return "v1/extracts/" + std::to_string(version) + ".json";
}

}  // namespace

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
    const Json& extracts = reader.array("extracts", 0, page_size);
    const std::uint64_t newest = reader.integer("newest", 0, json_integer_max);
    for (const Json& item : extracts) {
      FieldReader listed(item, reader.pointer_to("extracts"), errors);
      waiting_.push_back({listed.integer("version", 1, json_integer_max),
                          TreeSize{listed.integer("log_size", 1, json_integer_max)}});
    }
    if (!errors.empty()) return malformed("extracts-malformed", describe(errors));
    if (extracts.size() == page_size) continue;  // Only the last page is not full.
    if (waiting_.size() == newest) return {};
    return malformed("extracts-malformed", "the newest extract is said to be version " +
                                               std::to_string(newest) + ", and " +
                                               std::to_string(waiting_.size()) + " are listed");
  }
  return {};
}

void ExtractAudit::on_entry(const Entry& entry, const Change& change) {
  if (!uncovered_since_) uncovered_since_ = entry.time;
  if (next_ == waiting_.size()) return;  // None is left: nothing needs to be kept.
  replay_.apply(entry, change);
  while (next_ < waiting_.size() && waiting_[next_].log_size <= replay_.size()) {
    const Listed listed = waiting_[next_];
    if (const auto checked = check(listed); !checked) found(listed, checked.error());
    uncovered_since_.reset();
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
  UnixMillis signed_at;
  for (const ExtractForm form : extract_forms) signed_at = TRY(check_form(expected, form));
  compared_.push_back({*previous_, signed_at});
  return {};
}

Result<UnixMillis> ExtractAudit::check_form(const Extract& expected, ExtractForm form) {
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
  return signature.signed_at;
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

Result<std::optional<AuditFinding>> ExtractAudit::compare_again(const ExtractChain& chain) const {
  const std::size_t versions = chain.compared.size();
  if (versions == 0) return std::optional<AuditFinding>();
  const std::string name = "extract " + std::to_string(versions);
  if (waiting_.size() < versions) {
    return std::optional(
        AuditFinding{{}, "extract-missing", name + ": it was published, and is no longer listed"});
  }
  const auto json = fetch_(json_path(versions));
  if (!json && json.error().errc != Errc::not_found) return json.error();
  if (json && sha256(*json) == chain.compared.back().sha256) return std::optional<AuditFinding>();
  return std::optional(AuditFinding{
      {}, "extract-rewritten", name + ": it is another file than the one compared before"});
}

namespace {

// What the Service Desk says of a version is of the one that was published.
void check_loadings(const AuditLedger& ledger, AuditReport& report) {
  if (!report.findings.empty()) return;  // Then not every version was compared.
  for (const auto& [key, record] : ledger.list.rest().work()) {
    const auto* loading = std::get_if<LoadingRecord>(&record);
    if (loading == nullptr || loading->version > ledger.extracts.compared.size()) continue;
    if (ledger.extracts.compared[loading->version - 1].sha256 == loading->extract) continue;
    report.findings.push_back(
        {loading->steps.front().entry, "loading-mismatch",
         "extract " + std::to_string(loading->version) +
             ": the Service Desk tells of another file than the one that is published"});
  }
}

}  // namespace

Result<AuditReport> audit_with_extracts(const FetchResource& fetch, const TrustPolicy& policy,
                                        const AuditOptions& options, AuditLedger& ledger) {
  ExtractAudit extracts = TRY(ExtractAudit::open(fetch, options.now));
  const auto changed = TRY(extracts.compare_again(ledger.extracts));
  const bool compares = extracts.published() > ledger.extracts.compared.size();
  if (compares) ledger = AuditLedger::from_start(std::move(ledger.checkpoint));
  AuditOptions watching = options;
  watching.on_entry = [&](const Entry& entry, const Change& change) {
    if (compares) extracts.on_entry(entry, change);
    if (options.on_entry) options.on_entry(entry, change);
  };
  AuditReport report = TRY(audit(fetch, policy, watching, ledger));
  if (changed) report.findings.push_back(*changed);
  if (compares && report.contradicted_note == std::nullopt) {
    for (AuditFinding& finding : extracts.take_findings(report.origin)) {
      report.findings.push_back(std::move(finding));
    }
    ledger.extracts = extracts.chain();
  }
  check_loadings(ledger, report);
  report.extracts = ledger.extracts.compared.size();
  report.extracts_asked = true;
  return report;
}

}  // namespace cpl
