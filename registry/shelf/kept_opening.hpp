// An opening of a sealed text as the service keeps it: in a file of its own, with who may read it.
#pragma once

#include <filesystem>

#include "registry/list/list.hpp"
#include "registry/statement/handling.hpp"
#include "registry/statement/openings.hpp"

namespace cpl {

struct KeptOpening {
  EntryIndex entry;
  Opening opening;
  std::string classification;  // One of classification_words.
  // Nobody may read it where there are none: a decision's handling, which rules over the others.
  std::vector<OpeningReader> readers;

  // Since when a reader may read it, who goes by any of these names; nothing while it may not.
  std::optional<UnixMillis> readable_since(const std::vector<std::string>& names,
                                           UnixMillis now) const;
};

inline constexpr std::string_view opening_file_ending = ".json";
inline constexpr std::size_t opening_file_size_max = 128 * 1024;
Bytes format_opening_file(const KeptOpening& kept);
Result<KeptOpening> parse_opening_file(BytesView text);
// Nothing where it holds zeros alone: it is being destroyed. Errors are `corrupt`, and name the
// file, not what is in it.
Result<std::optional<KeptOpening>> read_opening_file(const std::filesystem::path& file);
// The field is a JSON pointer; its hash is a file's name anywhere.
std::string opening_file_name(EntryIndex entry, const std::string& field);

// Whether it opens the seal that its entry has there: `seal-not-found`, `opening-does-not-fit`.
Result<void> check_opening_fits(const List& list, const KeptOpening& kept);

}  // namespace cpl
