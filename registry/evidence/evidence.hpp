// Evidence: one self-contained file that answers one question with no network. It holds the entries
// that matter, verbatim, each with an unmodified tlog-proof, and the state of the models under the
// last entry. registry/FORMAT.md gives its members.
#pragma once

#include "crypto/prefix_tree.hpp"
#include "registry/list/list.hpp"

namespace cpl {

inline constexpr std::size_t evidence_size_max = 16U << 20U;

enum class Question : std::uint8_t {
  removal,   // Is the removal of this model genuine?
  notice,    // Is this notice to the Service Desk genuine?
  model,     // Was this model on the list when the log had a given size?
  decision,  // Is this decision of the Panel on record, and do final minutes confirm it?
};
inline constexpr std::array<std::string_view, 4> question_words = {"removal", "notice", "model",
                                                                   "decision"};
template <>
struct Words<Question> {
  static constexpr const auto& list = question_words;
};

struct ProvenEntry {
  Bytes leaf;
  Bytes proof;  // A tlog-proof.
};

struct ProvenState {
  ModelId model;
  std::optional<Bytes> record;  // Verbatim; absent where the model was never listed.
  PrefixProof proof;
};

struct Evidence {
  Question question{};
  std::string subject;               // The model id, or the notice's or decision's entry index.
  std::vector<ProvenEntry> entries;  // By rising index; none is later than `last`.
  // The last entry of the log as it was at the size in question; it carries the state.
  ProvenEntry last;
  std::vector<ProvenState> states;
  // The entry after `last`, which shows until when that state held; absent where `last` is the last
  // of the checkpoint's tree, as it is for every question but `model`.
  std::optional<ProvenEntry> next{};
};

Bytes format_evidence(const Evidence& evidence);
Result<Evidence> parse_evidence(BytesView text);

Json to_json(const ProvenEntry& entry);
ProvenEntry read_proven_entry(const Json& value, const std::string& pointer, FieldErrors& errors);
Json to_json(const PrefixProof& proof);
PrefixProof read_prefix_proof(const Json& value, const std::string& pointer, FieldErrors& errors);

}  // namespace cpl
