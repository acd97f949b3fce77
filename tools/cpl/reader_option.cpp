#include "tools/cpl/reader_option.hpp"

namespace cpl {

Result<std::vector<OpeningReader>> parse_readers(const std::vector<std::string>& given) {
  std::vector<OpeningReader> readers;
  for (const std::string& one : given) {
    const auto at = one.find('@');
    OpeningReader reader{one.substr(0, at), UnixMillis{0}};
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
            (reader.from.value == 0 ? " at once" : " from " + format_time(reader.from));
  }
  return text;
}

}  // namespace cpl
