#include "registry/statement/handling.hpp"

#include <algorithm>

namespace cpl {
namespace {

constexpr std::size_t name_size_max = 64;

Error no_handling(const std::string& what) {
  return malformed("handling-malformed",
                   "the handling of a decision is a class on the first line, and on each other a "
                   "reader, with a space and a time where not at once: " +
                       what);
}

Error exceeded(const std::string& what) {
  return refuse("handling-exceeded", "the decision does not let it be handled so: " + what);
}

// With or without an end: the last line has none.
std::string_view take(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return line;
}

Result<OpeningReader> parse_reader(std::string_view line) {
  const auto space = line.find(' ');
  OpeningReader reader{std::string(line.substr(0, space)), UnixMillis{0}};
  if (reader.who.empty() || reader.who.size() > name_size_max) {
    return no_handling("\"" + std::string(line) + "\" names no reader");
  }
  if (space == line.npos) return reader;
  const auto from = parse_time(line.substr(space + 1));
  if (!from) return no_handling("\"" + std::string(line) + "\" has no time after the reader");
  reader.from = *from;
  return reader;
}

// Everybody of whom it says so may read, and a Party also as one of all.
bool covers(const OpeningReader& named, const OpeningReader& wanted) {
  const bool is_party = wanted.who != readers_service_desk && wanted.who != readers_all_parties;
  return named.who == wanted.who || (is_party && named.who == readers_all_parties);
}

}  // namespace

Result<Handling> Handling::parse(std::string_view words) {
  Handling handling{std::string(take(words)), {}};
  const auto& known = classification_words;
  if (std::find(known.begin(), known.end(), handling.classification) == known.end()) {
    return no_handling("the class must be WHITE, GREEN, AMBER or RED");
  }
  while (!words.empty()) {
    handling.readers.push_back(TRY(parse_reader(take(words))));
  }
  if (handling.readers.empty() || handling.readers.size() > opening_readers_max) {
    return no_handling("there must be 1 to " + std::to_string(opening_readers_max) + " readers");
  }
  return handling;
}

std::string Handling::to_words() const {
  std::string words = classification;
  for (const OpeningReader& reader : readers) {
    words += "\n" + reader.who;
    if (reader.from.value != 0) words += " " + format_time(reader.from);
  }
  return words;
}

Result<void> Handling::check_allows(const std::string& of_class,
                                    std::span<const OpeningReader> wanted) const {
  if (of_class != classification)
    return exceeded("it says " + classification + ", not " + of_class);
  for (const OpeningReader& reader : wanted) {
    std::optional<UnixMillis> from;
    for (const OpeningReader& named : readers) {
      if (covers(named, reader) && (!from || named.from < *from)) from = named.from;
    }
    if (!from) return exceeded("it does not name " + reader.who);
    if (reader.from < *from) {
      return exceeded(reader.who + " may read from " + format_time(*from) + " on");
    }
  }
  return {};
}

}  // namespace cpl
