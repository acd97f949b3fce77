#include "tools/cpl/between.hpp"

#include "crypto/encoding.hpp"
#include "tools/cpl/asked_evidence.hpp"
#include "tools/cpl/proven_bundle.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t entries_max = 10'000;  // Some forty bundles.

}  // namespace

Result<Between> BetweenReader::read(EntryIndex first, EntryIndex next) const {
  Between between;
  if (next <= first) return between;
  const Checkpoint checkpoint = TRY(shown_checkpoint(client_, policy_));
  const std::uint64_t end =
      std::min({next.value, checkpoint.size.value, first.value + entries_max});
  ProvenBundles bundles(client_, checkpoint);
  for (std::uint64_t index = first.value; index < end; ++index) {
    const Bytes leaf = TRY(bundles.leaf(EntryIndex{index}));
    const auto event = TRY(event_of(leaf, audience_));
    ++between.read;
    if (!between.withheld && event && filter_.matches(*event)) between.withheld = EntryIndex{index};
  }
  between.not_read = next.value - first.value - between.read;
  return between;
}

std::string between_text(const Between& between) {
  std::string text;
  if (between.withheld) {
    text += ", WITHHELD: entry " + std::to_string(between.withheld->value) +
            " matches your filter, and was left out";
  } else if (between.read > 0) {
    text += ", nothing withheld in " + counted(between.read, "entry") + " before it";
  }
  if (between.not_read > 0) {
    text += ", " + counted(between.not_read, "entry") + " before it not read: cpl audit";
  }
  return text;
}

}  // namespace cpl
