// A file that somebody was given, of whichever kind it is, and what a judge with no network makes
// of it. `cpl verify` and the verifier in a browser are this one function: they differ in where the
// octets come from and in how the opinion looks.
#pragma once

#include "registry/base/json.hpp"
#include "registry/extract/verdict.hpp"

namespace cpl {

// The policy by which it is judged, from a file of that name.
Result<TrustPolicy> policy_given(const std::string& name, BytesView text);

enum class GivenKind : std::uint8_t { evidence, extract, event, tlog_proof };

// By how it begins. Errors: damaged on its way; a statement, which proves nothing by itself.
Result<GivenKind> kind_of_given(const std::string& name, BytesView content);

struct Given {
  std::string name;  // As messages call it.
  Bytes content;
  std::string expect;               // What was asked, as parse_asked reads it; may be empty.
  std::optional<Bytes> entry;       // What a tlog-proof is about, where it does not hold it.
  std::optional<Bytes> signature;   // Beside an extract,
  Bytes extract_proof;              // both of them.
  std::optional<HeldExtract> held;  // The newest version of the extract that was seen.
};

// On what has no list of checks: an event, a tlog-proof, or what cannot be read as one.
struct PlainOpinion {
  Outcome outcome = Outcome::invalid;
  std::string sentence;
  std::string code;                  // Empty unless invalid.
  std::optional<EntryIndex> cursor;  // Of an event.
  std::optional<EntryIndex> entry;   // Of a tlog-proof,
  TreeSize size;                     // and the size of the tree that it is in.
};

using Opinion = std::variant<PlainOpinion, Verdict, ExtractVerdict>;

// Errors where it cannot be judged at all, such as a proof whose entry is missing.
Result<Opinion> judge_given(GivenKind kind, Given given, const TrustPolicy& policy,
                            const JudgeOptions& options);

Json to_json(const PlainOpinion& opinion);
Json to_json(const Opinion& opinion);

}  // namespace cpl
