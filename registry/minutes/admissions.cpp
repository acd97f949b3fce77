#include "registry/minutes/admissions.hpp"

#include "registry/minutes/words.hpp"

namespace cpl {
namespace {

constexpr std::size_t name_size_max = 200;

bool announces(const MinutesBlock& block) {
  if (block.kind != MinutesBlock::Kind::text) return false;
  const std::string text = block.text();
  const bool admits = text.find("admitted as Parties") != text.npos ||
                      text.find("admitted as a Party") != text.npos;
  return admits && trim(text).ends_with(':');
}

// "Octopus Energy Ltd (Small Supplier); and"
std::optional<OutlineAdmission> admission_of(std::string_view entry) {
  const auto close = entry.rfind(')');
  const auto open = entry.rfind('(', close);
  if (close == entry.npos || open == entry.npos) return std::nullopt;
  const std::string_view behind = trim(entry.substr(close + 1));
  const bool is_whole = behind.empty() || behind == ";" || behind == "." || behind == "," ||
                        behind == "; and" || behind == ", and" || behind == "and";
  OutlineAdmission admission{squeeze_spaces(trim(entry.substr(0, open))),
                             squeeze_spaces(trim(entry.substr(open + 1, close - open - 1)))};
  const bool has_both = !admission.legal_name.empty() && !admission.category.empty() &&
                        admission.legal_name.size() <= name_size_max;
  if (!is_whole || !has_both) return std::nullopt;
  return admission;
}

}  // namespace

std::vector<OutlineAdmission> read_admissions(const std::vector<MinutesBlock>& blocks,
                                              std::vector<OutlineUnplaced>& unplaced) {
  std::vector<OutlineAdmission> admissions;
  bool in_list = false;
  for (const MinutesBlock& block : blocks) {
    if (block.kind != MinutesBlock::Kind::bullet) {
      in_list = announces(block);
      continue;
    }
    if (!in_list) continue;
    const std::string text = block.text();
    if (auto admission = admission_of(text)) {
      admissions.push_back(*std::move(admission));
    } else {
      unplaced.push_back({block.line(), "this may be a Party that is admitted", text});
    }
  }
  return admissions;
}

}  // namespace cpl
