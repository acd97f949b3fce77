#include "tools/cpl/reader_option.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

// A Party's name is its own; the two others are words.
std::string reader_name(const std::string& typed) {
  for (const std::string_view word : {readers_service_desk, readers_all_parties}) {
    if (typed_word(typed) == typed_word(word)) return std::string(word);
  }
  return typed;
}

}  // namespace

Result<std::vector<OpeningReader>> parse_readers(const std::vector<std::string>& given) {
  std::vector<OpeningReader> readers;
  for (const std::string& one : given) {
    const auto at = one.find('@');
    OpeningReader reader{reader_name(one.substr(0, at)), UnixMillis{0}};
    if (at != one.npos) {
      const auto from = parse_time(one.substr(at + 1));
      if (!from) {
        return malformed("reader-malformed",
                         "--for " + one + ": after @ comes a time such as 2026-12-01T00:00:00Z");
      }
      reader.from = *from;
    }
    readers.push_back(std::move(reader));
  }
  return readers;
}

std::string describe(const std::vector<OpeningReader>& readers) {
  std::string text;
  for (const OpeningReader& reader : readers) {
    text += (text.empty() ? "" : ", ") + reader.who +
            (reader.from.value == 0 ? " at once" : " from " + uk_time(reader.from));
  }
  return text;
}

}  // namespace cpl
