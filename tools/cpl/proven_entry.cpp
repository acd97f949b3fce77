#include "tools/cpl/proven_entry.hpp"

#include <nlohmann/json.hpp>

#include "api/routes/views.hpp"
#include "crypto/encoding.hpp"
#include "registry/tlog/inclusion.hpp"

namespace cpl {
namespace {

constexpr std::string_view no_policy =
    "no trust policy says whom to believe (--policy or CPL_POLICY)";

Result<void> prove(const HttpClient& client, const std::string& path, const TrustPolicy& policy,
                   ProvenRead& read) {
  const auto text = client.get(path + "/proof", note_answer_max);
  if (!text && text.error().code == "not-published-yet") {
    read.why_not = "the registry has published no checkpoint with it yet";
    return {};
  }
  if (!text) return text.error();
  const TlogProof proof = TRY(parse_tlog_proof(text->body));
  if (proof.index != read.entry.index) {
    return evidence_mismatch("the registry's proof is of entry " +
                             std::to_string(proof.index.value) + ", and entry " +
                             std::to_string(read.entry.index.value) + " was asked for");
  }
  const Inclusion found = TRY(check_inclusion(proof, read.leaf, policy));
  if (found.trusted.checkpoint.origin != read.statement.origin) {
    return evidence_mismatch("entry " + std::to_string(read.entry.index.value) +
                             " is of another log than its statement is for");
  }
  read.proven = found.trusted.checkpoint.size;
  return {};
}

}  // namespace

Result<ProvenRead> read_entry(const HttpClient& client, EntryIndex index,
                              const std::optional<TrustPolicy>& policy) {
  const std::string path = "/v1/entries/" + std::to_string(index.value);
  ProvenRead read;
  read.leaf = TRY(client.get(path + "/leaf", entry_size_max)).body;
  read.entry = TRY(parse_entry(read.leaf));
  if (read.entry.index != index) {
    return evidence_mismatch("the registry shows entry " + std::to_string(read.entry.index.value) +
                             ", and entry " + std::to_string(index.value) + " was asked for");
  }
  read.statement = TRY(read_signed(read.entry.statement));
  if (policy) {
    TRY_VOID(prove(client, path, *policy, read));
  } else {
    read.why_not = no_policy;
  }
  return read;
}

std::string proven_text(const ProvenRead& read) {
  if (read.proven) return "proven: in the log at size " + std::to_string(read.proven->value);
  return "not proven: " + read.why_not;
}

Result<void> check_entry_told(const Json& told, const ProvenRead& read) {
  const Note note = TRY(parse_note(read.entry.statement));
  const Json own = {{"index", read.entry.index.value},
                    {"time", format_time_millis(read.entry.time)},
                    {"state_root", to_base64(read.entry.state_root)},
                    {"type", read.statement.type()},
                    {"id", to_hex(statement_id(note.text))},
                    {"issued_at", format_time(read.statement.issued_at)},
                    {"summary", summary_of(read.statement)},
                    {"content", to_json(read.statement.body)},
                    {"statement", read.entry.statement}};
  for (const auto& [member, value] : own.items()) {
    const auto said = told.find(member);
    if (said != told.end() && *said == value) continue;
    return evidence_mismatch("what the registry tells as the " + member + " of entry " +
                             std::to_string(read.entry.index.value) +
                             " is not what the entry itself holds");
  }
  return {};
}

}  // namespace cpl
