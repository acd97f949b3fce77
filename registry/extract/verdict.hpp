// Judges an extract with no network: a file in any form, its detached signature, its proof, and a
// trust policy.
#pragma once

#include "registry/evidence/verdict.hpp"
#include "registry/extract/proof.hpp"
#include "registry/extract/signature.hpp"

namespace cpl {

struct ExtractFiles {
  Bytes content;
  std::optional<Bytes> signature;  // Absent: nobody has signed it yet, which never is valid.
  Bytes proof;
};

// The newest version that its holder has seen: an older one is not accepted after it.
struct HeldExtract {
  std::string origin;
  std::uint64_t version = 0;
  Hash hash;  // extract_hash
  TreeSize log_size;
  bool operator==(const HeldExtract&) const = default;
};
Bytes format_held_extract(const HeldExtract& held);
Result<HeldExtract> parse_held_extract(BytesView text);

struct ExtractVerdict {
  std::optional<ExtractForm> form;
  std::optional<ExtractHeader> header;
  Outcome outcome = Outcome::invalid;
  std::string sentence;
  std::string code;  // The failed check's code; empty unless invalid.
  std::vector<Check> checks;
  std::optional<UnixMillis> as_of;  // Newest witness time, else the last entry's.
  std::optional<HeldExtract> held;  // What to hold from now on; only where it is valid.
};

ExtractVerdict judge_extract(const ExtractFiles& files, const TrustPolicy& policy,
                             const JudgeOptions& options,
                             const std::optional<HeldExtract>& held = {});

Json to_json(const ExtractVerdict& verdict);

}  // namespace cpl
