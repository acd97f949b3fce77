// Which of a model's specifications have ended, or will, by the table in force (B25).
#pragma once

#include "registry/list/list.hpp"

namespace cpl {

enum class SpecificationEnd : std::uint8_t { installation, maintenance, applicability };
inline constexpr std::array<std::string_view, 3> specification_end_words = {
    "installation", "maintenance", "applicability"};
template <>
struct Words<SpecificationEnd> {
  static constexpr const auto& list = specification_end_words;
};

struct EndOfSpecification {
  SpecificationEnd what{};
  Date date;                  // The last day on which it still holds.
  std::string specification;  // "SMETS V4.2" or "SMETS V4.2 with GBCS 3.2".
};

// By rising date. Those of the row that names the model's GBCS version, else of the one for any.
Result<std::vector<EndOfSpecification>> specification_ends(const List& list,
                                                           const DeviceModel& model);

}  // namespace cpl
