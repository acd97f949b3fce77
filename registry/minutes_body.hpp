// Who decides: the names by which minutes speak of the body whose minutes they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/minutes_words.hpp"

namespace cpl {

class MinutesBody {
 public:
  // From the acronym in the meeting's reference ("SECP", "SSC", "SMKI_PMA") and the name that the
  // title gives it ("SEC Panel"), which may be empty.
  MinutesBody(std::string_view acronym, std::string_view title_name);

  // The count of words at words[at] that name the body, without "the"; 0 if none do.
  std::size_t match(const std::vector<MinutesWord>& words, std::size_t at) const;

  // "The Panel:" and nothing else: what the bullets below it decide, the body decides.
  bool is_lead(std::string_view line) const;

 private:
  void add(std::string_view name);

  std::vector<std::vector<std::string>> names_;  // Each a list of words, longest first.
};

}  // namespace cpl
