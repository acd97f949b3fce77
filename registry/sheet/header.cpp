#include "registry/sheet/header.hpp"

namespace cpl::sheet {
namespace {

constexpr std::size_t rows_tried = 30;
constexpr std::size_t known_min = 3;  // Fewer may be words of a title.

}  // namespace

std::optional<HeaderPlace> find_header(const CsvReader& unread) {
  std::optional<HeaderPlace> found;
  std::size_t known_most = known_min - 1;
  const auto look_through = [&](const CsvReader& divided) {
    CsvReader reader = divided;
    for (std::size_t rows = 0; rows < rows_tried; ++rows) {
      const auto row = reader.next();
      if (!row || !*row) return;
      const std::size_t known = known_columns(**row);
      if (known > known_most) {
        known_most = known;
        found = HeaderPlace{divided, rows};
      }
      if (known >= needed_columns.size()) return;
      reader.begin_anew();
    }
  };
  look_through(unread);
  if (unread.separator_is_said()) return found;
  for (const char separator : csv_separators) {
    if (known_most >= needed_columns.size()) break;
    if (separator != unread.separator()) look_through(unread.divided_by(separator));
  }
  return found;
}

}  // namespace cpl::sheet
