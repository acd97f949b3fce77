// Why a model leaves the list.
#pragma once

#include "registry/base/words.hpp"

namespace cpl {

enum class RemovalBasis : std::uint8_t {
  cert_withdrawn,
  cert_cancelled,
  cpa_expired,
  panel_decision,
  superseded_ts,
  entry_error
};
inline constexpr std::array<std::string_view, 6> removal_basis_words = {
    "CERT_WITHDRAWN", "CERT_CANCELLED", "CPA_EXPIRED",
    "PANEL_DECISION", "SUPERSEDED_TS",  "ENTRY_ERROR"};
template <>
struct Words<RemovalBasis> {
  static constexpr const auto& list = removal_basis_words;
};
std::string to_string(RemovalBasis basis);

}  // namespace cpl
