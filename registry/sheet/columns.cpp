#include "registry/sheet/columns.hpp"

#include "registry/base/letters_apart.hpp"

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"
#include "registry/sheet/damage.hpp"

namespace cpl::sheet {
namespace {

constexpr std::size_t header_size_max = 100;

constexpr std::array<ColumnSpec, column_count> specs = {{
    {"cpl_entry_id"},
    {"generation"},
    {"physical_device_type"},
    {"manufacturer_id"},
    {"manufacturer_name", CellKind::line},
    {"model_id"},
    {"hardware_version"},
    {"firmware_version"},
    {"firmware_version_printed", CellKind::lines, 40},
    {"firmware_encoding"},
    {"ts_name"},
    {"ts_version"},
    {"gbcs_version"},
    {"esme_variant"},
    {"han_variant"},
    {"image_hash"},
    {"image_creator", CellKind::lines},
    {"image_hash_signature", CellKind::code, 400},
    {"associating_party", CellKind::lines},
    {"cert_zigbee_number"},
    {"cert_zigbee_as_printed", CellKind::lines},
    {"cert_zigbee_issue_date"},
    {"cert_zigbee_match"},
    {"cert_zigbee_status"},
    {"cert_dlms_number"},
    {"cert_dlms_as_printed", CellKind::lines},
    {"cert_dlms_issue_date"},
    {"cert_dlms_match"},
    {"cert_dlms_status"},
    {"cert_cpa_number"},
    {"cert_cpa_as_printed", CellKind::lines},
    {"cert_cpa_sc_version"},
    {"cert_cpa_issue_date"},
    {"cert_cpa_kind"},
    {"cert_cpa_expiry_date"},
    {"cert_cpa_renewal_date"},
    {"cert_cpa_match"},
    {"cert_cpa_status"},
    {"evidence", CellKind::lines, csv_field_size_max},
    {"predecessors", CellKind::lines, csv_field_size_max},
    {"fir_contact", CellKind::lines},
    {"fir_release_date"},
    {"fir_notes", CellKind::lines, 2000},
    {"submitted_by", CellKind::line},
    {"received_at"},
    {"s1_combination_refs", CellKind::lines, csv_field_size_max},
    {"remarks", CellKind::lines, remarks_size_max},
    {"device_model"},
    {"ts"},
    {"status"},
}};

struct Alias {
  std::string_view normalized_name;
  Column column;
};

constexpr std::array<Alias, 47> aliases = {{
    {"entryid", Column::cpl_entry_id},
    {"cplid", Column::cpl_entry_id},
    {"devicetype", Column::physical_device_type},
    {"type", Column::physical_device_type},
    {"manufacturercode", Column::manufacturer_id},
    {"manufactureridentifier", Column::manufacturer_id},
    {"devicemanufacturer", Column::manufacturer_id},
    {"manufacturer", Column::manufacturer_name},
    {"model", Column::model_id},
    {"modelidentifier", Column::model_id},
    {"hardware", Column::hardware_version},
    {"hardwareversionandrevision", Column::hardware_version},
    {"devicemodelidentifier", Column::device_model},
    {"firmware", Column::firmware_version},
    {"devicefirmwareversion", Column::firmware_version},
    {"otafileversion", Column::firmware_version},
    {"printedfirmwareversion", Column::firmware_version_printed},
    {"firmwareversionasprinted", Column::firmware_version_printed},
    {"firmwareversionencoding", Column::firmware_encoding},
    {"smetschtsversion", Column::ts},
    {"technicalspecification", Column::ts},
    {"technicalspecificationversion", Column::ts},
    {"gbcs", Column::gbcs_version},
    {"devicegbcsversion", Column::gbcs_version},
    {"variant", Column::esme_variant},
    {"hash", Column::image_hash},
    {"firmwarehash", Column::image_hash},
    {"manufacturerimagehash", Column::image_hash},
    {"hashsignature", Column::image_hash_signature},
    {"evidencerefs", Column::evidence},
    {"predecessor", Column::predecessors},
    {"predecessorentryid", Column::predecessors},
    {"predecessorentryids", Column::predecessors},
    {"previousentryids", Column::predecessors},
    {"previouscplentryids", Column::predecessors},
    {"upgradablefrom", Column::predecessors},
    {"manufacturercontact", Column::fir_contact},
    {"releasedate", Column::fir_release_date},
    {"firmwarereleasedate", Column::fir_release_date},
    {"releasenotes", Column::fir_notes},
    {"submitter", Column::submitted_by},
    {"received", Column::received_at},
    {"s1combinations", Column::s1_combination_refs},
    {"smets1combinations", Column::s1_combination_refs},
    {"notes", Column::remarks},
    {"comments", Column::remarks},
    {"cplstatus", Column::status},
}};

// "CPA Certificate Expiry", "cert_cpa_expiry_date" and "CPA expiry date" are one column: the body,
// then what is said of its certificate.
std::string certificate_header(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> endings = {
      {{"", "number"},
       {"id", "number"},
       {"issued", "issuedate"},
       {"expiry", "expirydate"},
       {"renewal", "renewaldate"},
       {"type", "kind"},
       {"printedversion", "asprinted"},
       {"securitycharacteristicversion", "scversion"}}};
  if (name.starts_with("cert") && !name.starts_with("certificate")) name.remove_prefix(4);
  for (const std::string_view body : {"zigbee", "dlms", "cpa"}) {
    if (!name.starts_with(body)) continue;
    name.remove_prefix(body.size());
    if (name.starts_with("certificate")) name.remove_prefix(11);
    const auto found = std::find_if(endings.begin(), endings.end(),
                                    [&](const auto& ending) { return ending.first == name; });
    if (found != endings.end()) name = found->second;
    return "cert" + std::string(body) + std::string(name);
  }
  return {};
}

// A header that is wrapped in its cell has line ends where people read spaces. What copying left in
// it and nobody sees does not count.
std::string header_name(std::string_view field) {
  std::string name(trimmed(field));
  std::replace(name.begin(), name.end(), '\r', ' ');
  std::replace(name.begin(), name.end(), '\n', ' ');
  for (auto hidden = find_hidden(name); hidden; hidden = find_hidden(name)) {
    if (hidden->code < 0xA0) break;
    name.erase(hidden->at, hidden->size);
  }
  return name;
}

std::optional<Column> match(const std::string& header) {
  const std::string name = normalized(header);
  const std::string certificate = certificate_header(name);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const std::string known = normalized(specs[i].name);
    if (known == name || known == certificate) return static_cast<Column>(i);
  }
  for (const Alias& alias : aliases) {
    if (alias.normalized_name == name) return alias.column;
  }
  return std::nullopt;
}

// The column whose name, or one of its other names, is a slip of the keyboard away.
std::optional<Column> nearest_column(const std::string& header) {
  const std::string name = normalized(header);
  std::optional<Column> best;
  std::size_t best_apart = 0;
  const auto consider = [&](std::string_view known, Column column) {
    const std::size_t apart = letters_apart(name, std::string(known));
    if (apart > 2 || apart * 4 > name.size() || (best && apart >= best_apart)) return;
    best = column;
    best_apart = apart;
  };
  for (std::size_t i = 0; i < specs.size(); ++i) {
    consider(normalized(specs[i].name), static_cast<Column>(i));
  }
  if (best) return best;
  // "ZigBee Certificate Date" leaves out of which day it is.
  const std::string certificate = certificate_header(name);
  for (const std::string_view body : {"certzigbee", "certdlms", "certcpa"}) {
    if (!certificate.starts_with(body)) continue;
    const std::string_view rest = std::string_view(certificate).substr(body.size());
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const std::string known = normalized(specs[i].name);
      if (rest.size() >= 4 && known.starts_with(body) && known.ends_with(rest)) {
        return static_cast<Column>(i);
      }
    }
  }
  for (const Alias& alias : aliases) consider(alias.normalized_name, alias.column);
  return best;
}

}  // namespace

const ColumnSpec& spec_of(Column column) { return specs[index_of(column)]; }

std::optional<Column> column_named(std::string_view name) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].name == name) return static_cast<Column>(i);
  }
  return std::nullopt;
}

std::string normalized(std::string_view text) {
  std::string out;
  for (const char c : ascii_lower(with_plain_spaces(text))) {
    const bool other = static_cast<std::uint8_t>(c) >= 0x80;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || other) out += c;
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view no_break_space = "\xC2\xA0";
  constexpr std::string_view spaces = " \t\r\n";
  while (true) {
    const std::size_t size = text.size();
    text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
    text = text.substr(0, text.find_last_not_of(spaces) + 1);
    if (text.starts_with(no_break_space)) text.remove_prefix(no_break_space.size());
    if (text.ends_with(no_break_space)) text.remove_suffix(no_break_space.size());
    if (text.size() == size) return text;
  }
}

std::size_t known_columns(const CsvRow& row) {
  return static_cast<std::size_t>(
      std::count_if(row.fields.begin(), row.fields.end(), [](const std::string& field) {
        return !field.empty() && field.size() <= header_size_max && match(header_name(field));
      }));
}

Header::Header(const CsvRow& row, const std::vector<std::string>& kept, SheetReading& reading) {
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    std::string name = header_name(row.fields[i]);
    place(i, name, row.number, reading);
    names_.push_back(std::move(name));
  }
  for (const Extra& extra : extras_) {
    if (!extra.name.empty()) note_stranger(extra.name, row.number, kept, reading);
  }
  require_columns(row.number, reading);
}

bool Header::is_repeated_in(const CsvRow& row) const {
  return std::equal(
      names_.begin(), names_.end(), row.fields.begin(), row.fields.end(),
      [](const std::string& name, const std::string& field) { return name == header_name(field); });
}

void Header::place(std::size_t position, const std::string& name, std::size_t row,
                   SheetReading& reading) {
  using enum SheetProblem::Severity;
  const auto column = match(name);
  if (column) {
    auto& place = places_[index_of(*column)];
    if (place) {
      reading.note({row, name, error,
                    "the columns " + std::to_string(*place + 1) + " and " +
                        std::to_string(position + 1) + " of the sheet both mean " +
                        std::string(spec_of(*column).name) + ": keep one of them"});
    }
    place = position;
    return;
  }
  if (!is_printable_utf8(name) || name.size() > header_size_max) {
    reading.note({row, "", error,
                  "the header of column " + std::to_string(position + 1) +
                      " is longer than 100 octets or holds a control character"});
    return;
  }
  const auto same = [&](const Extra& extra) {
    return !name.empty() && normalized(extra.name) == normalized(name);
  };
  if (std::any_of(extras_.begin(), extras_.end(), same)) {
    reading.note({row, name, error, "this column is in the sheet twice: keep one of them"});
    return;
  }
  extras_.push_back({position, name});
}

void Header::note_stranger(const std::string& name, std::size_t row,
                           const std::vector<std::string>& kept, SheetReading& reading) const {
  using enum SheetProblem::Severity;
  const auto near = nearest_column(name);
  const bool is_kept = std::any_of(kept.begin(), kept.end(), [&](const std::string& one) {
    return normalized(one) == normalized(name);
  });
  const auto disguise = find_look_alike(name);
  const std::string begin = disguise ? "holds " + *disguise + ", so it " : std::string();
  if (near && !is_kept && !position(*near)) {
    reading.note({row, name, error,
                  begin + "is not a column of the products list; did you mean " +
                      std::string(spec_of(*near).name) +
                      "? If not, keep it as a remark: --keep-column"});
    return;
  }
  reading.note({row, name, warning,
                begin + "is not a column of the products list: its values are kept as remarks"});
}

void Header::require_columns(std::size_t row, SheetReading& reading) const {
  using enum SheetProblem::Severity;
  const auto require = [&](Column column, std::optional<Column> joined) {
    if (position(column) || (joined && position(*joined))) return;
    std::string detail = "this column is missing, and every row needs it";
    if (joined) detail += " (or without " + std::string(spec_of(*joined).name) + ")";
    reading.note({row, std::string(spec_of(column).name), error, std::move(detail)});
  };
  for (const Column column : needed_columns) {
    const bool is_half_of_model = column == Column::model_id || column == Column::hardware_version;
    const bool is_half_of_ts = column == Column::ts_name || column == Column::ts_version;
    std::optional<Column> joined;
    if (is_half_of_model) joined = Column::device_model;
    if (is_half_of_ts) joined = Column::ts;
    require(column, joined);
  }
}

std::string Header::name(Column column) const {
  if (const auto own = position(column)) return names_[*own];
  std::optional<std::size_t> joined;
  if (column == Column::model_id || column == Column::hardware_version) {
    joined = position(Column::device_model);
  }
  if (column == Column::ts_name || column == Column::ts_version) joined = position(Column::ts);
  return joined ? names_[*joined] : std::string(spec_of(column).name);
}

}  // namespace cpl::sheet
