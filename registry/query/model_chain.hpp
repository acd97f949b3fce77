// The chain of authority behind a model's state: each entry that it rests on, in the order of the
// log, with who signed it.
#pragma once

#include "registry/base/words.hpp"
#include "registry/query/entry_signers.hpp"

namespace cpl {

enum class ChainStep : std::uint8_t {
  charter,
  addition,
  decision,
  minutes,
  notice,
  receipt,
  removal,
  reinstatement,
  withdrawal,
};
inline constexpr std::array<std::string_view, 9> chain_step_words = {
    "charter", "addition", "decision",      "minutes",   "notice",
    "receipt", "removal",  "reinstatement", "withdrawal"};
template <>
struct Words<ChainStep> {
  static constexpr const auto& list = chain_step_words;
};

struct ChainLink {
  ChainStep step{};
  EntryIndex index;
  ReadEntry read;
  EntrySigners signers;
  std::optional<DecisionStanding> standing = std::nullopt;  // Of a decision.
};

// Of a listed model, as much as there is: its addition, and decisions that name it for nothing yet
// are not among it. The first `links_max` of them.
Result<std::vector<ChainLink>> model_chain(const LogView& log, const ModelId& model,
                                           std::size_t links_max);

}  // namespace cpl
