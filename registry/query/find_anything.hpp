// One text looked up everywhere: what somebody types who holds a number, a name or a hash and does
// not know of what it is.
#pragma once

#include "registry/base/words.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

enum class FoundKind : std::uint8_t {
  model,
  manufacturer,
  entry,
  decision,
  notice,
  meeting,
  certificate,
  image,
};
inline constexpr std::array<std::string_view, 8> found_kind_words = {
    "model", "manufacturer", "entry", "decision", "notice", "meeting", "certificate", "image"};
template <>
struct Words<FoundKind> {
  static constexpr const auto& list = found_kind_words;
};

struct Found {
  FoundKind kind{};
  std::string id;  // Of its kind: a model's id, an entry's number, a manufacturer's four digits…
  std::string name;                                 // Of a manufacturer; of a meeting its body.
  std::optional<EntryIndex> entry = std::nullopt;   // Of an entry, a decision or a notice.
  std::optional<ModelRecord> model = std::nullopt;  // Of a model, or that bears what was found.
};

// The first `count_max`, what is found whole before what begins or holds the text: the number of an
// entry, a statement's id, an image's hash, a meeting, a certificate's number, a CPL entry id; then
// the beginning of a model's id, and what stands in a manufacturer's name.
Result<std::vector<Found>> find_anything(const LogView& log, std::string_view text,
                                         std::size_t count_max);

}  // namespace cpl
