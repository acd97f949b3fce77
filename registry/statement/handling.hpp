// How the sealed texts of a decision, and of what is done on it, are to be handled: their class,
// and who may read them from when, "DCC first, then the Parties concerned, then all". It is a text
// of the decision, which the Panel signs, and may itself be sealed, so that the public entry tells
// no class.
//
//   <class>                      WHITE, GREEN, AMBER or RED
//   <reader>[ <time>]            a line for each: service_desk, all_parties or a Party's name;
//                                without a time at once
#pragma once

#include <span>

#include "registry/statement/statement.hpp"

namespace cpl {

// Whom a text is for besides a single Party's name. No Party can have these names.
inline constexpr std::string_view readers_service_desk = "service_desk";
inline constexpr std::string_view readers_all_parties = "all_parties";
inline constexpr std::size_t opening_readers_max = 100;

struct OpeningReader {
  std::string who;
  UnixMillis from;  // 0: at once.
};

struct Handling {
  std::string classification;  // One of classification_words.
  std::vector<OpeningReader> readers;

  static Result<Handling> parse(std::string_view words);
  std::string to_words() const;

  // Refuses another class, and a reader whom it does not name or who would read before the time.
  Result<void> check_allows(const std::string& of_class,
                            std::span<const OpeningReader> wanted) const;
};

}  // namespace cpl
