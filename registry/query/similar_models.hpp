// Models that one may be mistaken for, or that were entered twice.
#pragma once

#include "registry/base/words.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

enum class Likeness : std::uint8_t { one_digit, digits_swapped, same_certificate, same_image };
inline constexpr std::array<std::string_view, 4> likeness_words = {
    "one-digit", "digits-swapped", "same-certificate", "same-image"};
template <>
struct Words<Likeness> {
  static constexpr const auto& list = likeness_words;
};

struct SimilarModel {
  ModelRecord record;
  std::vector<Likeness> why;
};

// Of an id that need not be on the list: ids of which one digit differs, or two that stand side by
// side are swapped; and of a model's record, those that share a certificate's number or the image.
Result<std::vector<SimilarModel>> similar_models(const StoredList& list, const ModelId& id,
                                                 std::size_t count_max);

}  // namespace cpl
