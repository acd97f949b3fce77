// Who decides: the names by which minutes speak of the body whose minutes they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/minutes/words.hpp"

namespace cpl {

class MinutesBody {
 public:
  // From the acronym in the meeting's reference ("SECP", "SSC", "SMKI_PMA") and the name that the
  // title gives it ("SEC Panel"), which may be empty.
  MinutesBody(std::string_view acronym, std::string_view title_name);

  // The count of words at words[at] that name the body, without "the"; 0 if none do.
  std::size_t match(const std::vector<MinutesWord>& words, std::size_t at) const;

  // "The Panel:", "Panel Members unanimously:" and nothing else: what the bullets below it decide,
  // the body decides.
  bool is_lead(std::string_view line) const;

  // Whether the words that end before words[end] name somebody who may decide for the body: its
  // names, "Members", "the meeting", "the Committee", "all" …
  bool names_decider_before(const std::vector<MinutesWord>& words, std::size_t end) const;
  // Whether they name one of those who are known not to be the body: SECAS, the DCC, a Party …
  bool names_other_before(const std::vector<MinutesWord>& words, std::size_t end) const;

 private:
  void add(std::string_view name);
  std::size_t match_before(const std::vector<MinutesWord>& words, std::size_t end) const;

  std::vector<std::vector<std::string>> names_;  // Each a list of words, longest first.
};

}  // namespace cpl
