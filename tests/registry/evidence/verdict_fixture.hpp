// A removal as evidence, the witness that saw it, and what the judge says.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/evidence/verdict.hpp"
#include "tests/registry/audit/published_log.hpp"

namespace cpl {

inline const ModelId predecessor = make_model().id();
inline const ModelId display = make_display().id();

inline DeviceModel make_successor() {
  DeviceModel model = make_model("38040405");
  model.predecessors = {predecessor};
  return model;
}
inline const ModelId meter = make_successor().id();

// Up to the removal of a meter, whose notice names a display, too, and whose predecessor stays.
struct RemovalStory : LogStory {
  RemovalStory() {
    founds();
    adds();
    adds(make_successor());
    adds(make_display());
    decision = decides({meter, display});
    notice = notifies_and_validates({meter, display}, decision);
    removal = removes(meter, notice);
  }
  Evidence evidence() const {
    const auto built = build_removal_evidence(*view(), meter);
    INFO((built ? "" : built.error().detail));
    REQUIRE(built.has_value());
    return *built;
  }
  EntryIndex decision;
  EntryIndex notice;
  EntryIndex removal;
};

inline const std::uint64_t witnessed = at("2026-07-09T13:00:00Z").value / 1000;

inline std::string witness_policy_text() {
  return "log " + log_key().verifier().to_string() + "\nwitness w " +
         witness_signer("w.example.org").verifier().to_string() + "\nquorum w\n";
}

inline TrustPolicy witness_policy() {
  const auto policy = TrustPolicy::parse(witness_policy_text());
  REQUIRE(policy.has_value());
  return *policy;
}

// The same evidence with the witness's line under the checkpoint of every proof.
inline Evidence cosigned(Evidence evidence, std::uint64_t time = witnessed) {
  const auto cosign = [time](ProvenEntry& entry) {
    auto proof = parse_tlog_proof(entry.proof);
    REQUIRE(proof.has_value());
    auto note = parse_note(proof->checkpoint_note);
    REQUIRE(note.has_value());
    cosign_note(*note, witness_signer("w.example.org"), time);
    proof->checkpoint_note = format_note(*note);
    entry.proof = format_tlog_proof(*proof);
  };
  for (ProvenEntry& entry : evidence.entries) cosign(entry);
  cosign(evidence.last);
  return evidence;
}

inline JudgeOptions at_time(std::uint64_t unix_seconds) {
  return {UnixMillis{unix_seconds * 1000}, 86'400};
}

// With CPL_KEEP_JUDGED=FOLDER what is judged is kept there, too, with the policies: so that another
// judge can be compared with this one (tests/interop/verifier_compare.mjs).
inline void keep_judged(const Bytes& file) {
  const char* const folder = std::getenv("CPL_KEEP_JUDGED");
  if (folder == nullptr) return;
  const auto keep = [&](const std::string& name, const std::string& text) {
    std::ofstream(std::filesystem::path(folder) / name, std::ios::binary) << text;
  };
  keep("log.policy", "log " + log_key().verifier().to_string() + "\nquorum none\n");
  keep("witness.policy", witness_policy_text());
  keep(to_hex(sha256(file)).substr(0, 16) + ".json", file);
}

// Through the file and back, as it travels.
inline Verdict verdict_on(const Evidence& evidence, const TrustPolicy& policy = log_policy(),
                          std::uint64_t now = witnessed) {
  const Bytes file = format_evidence(evidence);
  keep_judged(file);
  return judge_file(file, policy, at_time(now));
}

// "VALID", or "INVALID: <code>".
inline std::string told(const Verdict& verdict) {
  CHECK(verdict.code.empty() == (verdict.outcome != Outcome::invalid));
  CHECK_FALSE(verdict.sentence.empty());
  CHECK_FALSE(verdict.checks.empty());
  CHECK(verdict.checks.back().passed == (verdict.outcome != Outcome::invalid));
  return to_string(verdict.outcome) + (verdict.code.empty() ? "" : ": " + verdict.code);
}
inline std::string verdict_told(const Evidence& evidence) { return told(verdict_on(evidence)); }

}  // namespace cpl
