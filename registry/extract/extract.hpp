// The extract: the complete list at one size of the log, removed models too, as a file for those
// who load it (the DCC, Parties). Three forms hold the same rows in the same order: JSON, CSV and
// XLSX. Each version carries the hash of the one before. The rows suffice to compute the state root
// of the log's last entry again, so that none can be missing, added or changed in its state.
// registry/FORMAT.md gives every octet.
#pragma once

#include "registry/base/words.hpp"
#include "registry/list/list.hpp"

namespace cpl {

enum class ExtractForm : std::uint8_t { json, csv, xlsx };
inline constexpr std::array<ExtractForm, 3> extract_forms = {ExtractForm::json, ExtractForm::csv,
                                                             ExtractForm::xlsx};
inline constexpr std::array<std::string_view, 3> extract_form_words = {"json", "csv", "xlsx"};
template <>
struct Words<ExtractForm> {
  static constexpr const auto& list = extract_form_words;
};
std::string to_string(ExtractForm form);
// Where a form stands in an array of one thing for each.
constexpr std::size_t place_of(ExtractForm form) { return static_cast<std::size_t>(form); }

inline constexpr std::size_t extract_size_max = std::size_t{256} << 20U;  // Of any form,
inline constexpr std::size_t xlsx_size_max = std::size_t{64} << 20U;      // and of this one.
inline constexpr std::size_t extract_models_max = 150'000;

struct ExtractHeader {
  std::string origin;
  std::uint64_t version = 1;     // 1, 2, 3, … without a gap.
  std::optional<Hash> previous;  // Of the version before; absent in version 1.
  TreeSize log_size;             // From 1.
  Hash state_root;               // That entry log_size - 1 carries.
  UnixMillis as_of;              // That entry's time.

  bool operator==(const ExtractHeader&) const = default;
};

struct Extract {
  ExtractHeader header;
  // By rising id. `notice` is not part of an extract.
  std::vector<ModelRecord> models;
};

// The same extract gives the same octets: of JSON and CSV for ever, of XLSX with one version of the
// library that writes it. Errors: too large; XLSX needs a temporary file, which may fail.
Result<Bytes> format_extract(const Extract& extract, ExtractForm form);

// By how the content begins; nothing where it is no extract.
std::optional<ExtractForm> extract_form_of(BytesView content);

// Reads any of the forms. JSON and CSV must be spelt exactly as `format_extract` does, XLSX must
// hold exactly its cells and nothing beside them.
Result<Extract> parse_extract(BytesView content);

// What the next version calls this one: SHA-256 of its JSON form.
Hash extract_hash(const Extract& extract);

// The root of the state tree that these rows give.
Hash state_root_of(const std::vector<ModelRecord>& models);

}  // namespace cpl
