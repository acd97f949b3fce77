// Which of a listed model's certificates no longer hold, or end by some day: what the registrar and
// the Panel have to look at. Nothing of it removes a model by itself (rule 10).
#pragma once

#include "registry/base/words.hpp"
#include "registry/list/list.hpp"

namespace cpl {

enum class CoverEndKind : std::uint8_t {
  expires,      // The day on a dated certificate.
  renewal_due,  // The day on a lifetime one.
  expired,      // These three as a statement has recorded them.
  withdrawn,
  cancelled
};
inline constexpr std::array<std::string_view, 5> cover_end_words = {
    "expires", "renewal-due", "expired", "withdrawn", "cancelled"};
template <>
struct Words<CoverEndKind> {
  static constexpr const auto& list = cover_end_words;
};

struct CoverEnd {
  CertificateKind certificate{};
  CoverEndKind kind{};
  Date date;
};

// On that day or before, in the order of the certificates. What is recorded of one stands in place
// of the day on it.
std::vector<CoverEnd> cover_ends(const ModelRecord& record, const Date& by);

// Whenever that is; and the first of them, if there is any.
std::vector<CoverEnd> all_cover_ends(const ModelRecord& record);
std::optional<CoverEnd> first_cover_end(const ModelRecord& record);

}  // namespace cpl
