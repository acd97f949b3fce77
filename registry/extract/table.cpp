// An extract as a table: the columns, and a record to cells and back.
#include <nlohmann/json.hpp>
#include <sstream>

#include "crypto/encoding.hpp"
#include "registry/base/csv.hpp"
#include "registry/extract/rows.hpp"

namespace cpl {
namespace {

enum class Kind : std::uint8_t {
  text,
  number,    // Decimal.
  list,      // Texts, a line each.
  evidence,  // "PUBLIC:<SHA-256>" or "AUDIT_ONLY:<SHA-256>", a line each.
  lapsed,    // "<certificate> <event> <date> <entry>", a line each.
};

struct Column {
  std::string_view name;
  std::vector<std::string_view> path;  // In the row's JSON object.
  Kind kind = Kind::text;
};

void add_state_columns(std::vector<Column>& columns) {
  columns.push_back({"model", {"model"}});
  columns.push_back({"status", {"status"}});
  columns.push_back({"status_word", {"status_word"}});
  columns.push_back({"effective_from", {"effective_from"}});
  columns.push_back({"changed_at", {"changed_at"}, Kind::number});
  columns.push_back({"changed_before", {"changed_before"}, Kind::number});
  columns.push_back({"added", {"added"}, Kind::number});
  columns.push_back({"decision", {"decision"}, Kind::number});
  columns.push_back({"lapsed", {"lapsed"}, Kind::lapsed});
}

void add_fields(std::vector<Column>& columns, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) columns.push_back({name, {"record", name}});
}

void add_certificate_columns(std::vector<Column>& columns) {
  const auto add = [&](std::string_view column, std::string_view which, std::string_view field) {
    columns.push_back({column, {"record", "certificates", which, field}});
  };
  add("cert_zigbee_number", "zigbee", "number");
  add("cert_zigbee_as_printed", "zigbee", "as_printed");
  add("cert_zigbee_issue_date", "zigbee", "issue_date");
  add("cert_zigbee_match", "zigbee", "match");
  add("cert_dlms_number", "dlms", "number");
  add("cert_dlms_as_printed", "dlms", "as_printed");
  add("cert_dlms_issue_date", "dlms", "issue_date");
  add("cert_dlms_match", "dlms", "match");
  add("cert_cpa_number", "cpa", "number");
  add("cert_cpa_as_printed", "cpa", "as_printed");
  add("cert_cpa_sc_version", "cpa", "sc_version");
  add("cert_cpa_issue_date", "cpa", "issue_date");
  add("cert_cpa_kind", "cpa", "kind");
  add("cert_cpa_expiry_date", "cpa", "expiry_date");
  add("cert_cpa_renewal_date", "cpa", "renewal_date");
  add("cert_cpa_match", "cpa", "match");
}

// The device model's fields have the names of the clerks' spreadsheets (model_sheet.hpp).
const std::vector<Column>& columns() {
  static const std::vector<Column> all = [] {
    std::vector<Column> made;
    add_state_columns(made);
    add_fields(made, {"cpl_entry_id", "generation", "physical_device_type", "manufacturer_id",
                      "manufacturer_name", "model_id", "hardware_version", "firmware_version",
                      "firmware_version_printed", "firmware_encoding", "ts_name", "ts_version",
                      "gbcs_version", "esme_variant", "han_variant", "image_hash", "image_creator",
                      "image_hash_signature", "associating_party"});
    add_certificate_columns(made);
    made.push_back({"evidence", {"record", "evidence"}, Kind::evidence});
    made.push_back({"predecessors", {"record", "predecessors"}, Kind::list});
    add_fields(made,
               {"fir_contact", "fir_release_date", "fir_notes", "submitted_by", "received_at"});
    made.push_back({"s1_combination_refs", {"record", "s1_combination_refs"}, Kind::list});
    add_fields(made, {"remarks"});
    return made;
  }();
  return all;
}

constexpr std::array<std::string_view, 9> header_names = {"format",   "origin",   "version",
                                                          "previous", "log_size", "state_root",
                                                          "as_of",    "listed",   "removed"};

std::string number_text(const Json& value) {
  return value.is_number() ? std::to_string(value.get<std::uint64_t>()) : "";
}

// What is no number stays text, and the reader of the row refuses it.
Json number_json(const std::string& text) {
  const auto value = from_decimal(text);
  return value ? Json(*value) : Json(text);
}

std::string lapsed_text(const Json& lapsed) {
  std::string cell;
  for (const auto& [certificate, one] : lapsed.items()) {
    cell += (cell.empty() ? "" : "\n") + certificate + " " + one["event"].get<std::string>() + " " +
            one["date"].get<std::string>() + " " + number_text(one["entry"]);
  }
  return cell;
}

// What is no such list gives an object that the reader of the row refuses, or another spelling.
Json lapsed_json(const std::string& cell) {
  Json lapsed = Json::object();
  std::istringstream words(cell);
  std::string certificate;
  std::string event;
  std::string date;
  std::string entry;
  while (words >> certificate >> event >> date >> entry) {
    lapsed[certificate] = {{"event", event}, {"date", date}, {"entry", number_json(entry)}};
  }
  return lapsed;
}

std::string cell_of(const Json& row, const Column& column) {
  const Json* value = &row;
  for (const std::string_view name : column.path) {
    const auto member = value->find(std::string(name));
    if (member == value->end()) return "";
    value = &*member;
  }
  if (column.kind == Kind::number) return number_text(*value);
  if (column.kind == Kind::text) return value->get<std::string>();
  if (column.kind == Kind::lapsed) return lapsed_text(*value);
  std::string cell;
  for (const Json& item : *value) {
    if (!cell.empty()) cell += '\n';
    cell += column.kind == Kind::list
                ? item.get<std::string>()
                : item["class"].get<std::string>() + ":" + item["sha256"].get<std::string>();
  }
  return cell;
}

Json list_json(std::string_view cell, Kind kind) {
  Json list = Json::array();
  while (true) {
    const auto end = cell.find('\n');
    const std::string_view item = cell.substr(0, end);
    const auto colon = item.find(':');
    if (kind == Kind::list || colon == item.npos) {
      list.push_back(item);
    } else {
      list.push_back({{"class", item.substr(0, colon)}, {"sha256", item.substr(colon + 1)}});
    }
    if (end == cell.npos) return list;
    cell.remove_prefix(end + 1);
  }
}

void put_cell(Json& row, const Column& column, const std::string& cell) {
  Json* place = &row;
  for (const std::string_view name : column.path) place = &(*place)[std::string(name)];
  if (column.kind == Kind::text) *place = cell;
  if (column.kind == Kind::number) *place = number_json(cell);
  if (column.kind == Kind::lapsed) *place = lapsed_json(cell);
  if (column.kind == Kind::list || column.kind == Kind::evidence) {
    *place = list_json(cell, column.kind);
  }
}

Result<ModelRecord> record_of(const ExtractCells& cells) {
  Json row = {{"decision", nullptr},
              {"record", {{"certificates", Json::object()}, {"predecessors", Json::array()}}}};
  for (std::size_t i = 0; i < columns().size(); ++i) {
    if (!cells[i].empty()) put_cell(row, columns()[i], cells[i]);
  }
  return read_extract_row(std::move(row));
}

// The rows of the header as its JSON object.
Json header_json(const std::vector<ExtractCells>& head) {
  Json json = Json::object();
  for (std::size_t i = 0; i < header_names.size(); ++i) {
    const std::string name(header_names[i]);
    const bool number =
        name == "version" || name == "log_size" || name == "listed" || name == "removed";
    json[name] = number ? number_json(head[i][1]) : Json(head[i][1]);
  }
  if (json["previous"] == "") json["previous"] = nullptr;
  return json;
}

}  // namespace

std::size_t extract_column_count() { return columns().size(); }

std::vector<ExtractCells> extract_table_head(const Extract& extract) {
  const Json json = extract_header_json(extract);
  std::vector<ExtractCells> head;
  for (const std::string_view name : header_names) {
    const Json& value = json[std::string(name)];
    ExtractCells row(columns().size());
    row[0] = name;
    row[1] = value.is_string() ? value.get<std::string>() : number_text(value);
    head.push_back(std::move(row));
  }
  ExtractCells names;
  for (const Column& column : columns()) names.emplace_back(column.name);
  head.push_back(std::move(names));
  return head;
}

ExtractCells extract_cells(const ModelRecord& record) {
  const Json row = extract_row_json(record);
  ExtractCells cells;
  for (const Column& column : columns()) cells.push_back(cell_of(row, column));
  return cells;
}

Result<void> ExtractTableReader::take(ExtractCells cells) {
  ++row_;
  if (cells.size() > columns().size()) {
    return extract_error("row " + std::to_string(row_) + " has too many cells");
  }
  cells.resize(columns().size());
  if (head_.size() <= header_names.size()) {
    head_.push_back(std::move(cells));
    if (head_.size() > header_names.size()) return take_head();
    return {};
  }
  const std::string place = "row " + std::to_string(row_);
  auto record = record_of(cells);
  if (!record) return within(place, record.error());
  if (extract_cells(*record) != cells) {
    return within(place, extract_error("a cell is not written as extracts write it"));
  }
  return add_extract_row(extract_, *std::move(record));
}

Result<void> ExtractTableReader::take_head() {
  extract_.header = TRY(read_extract_header(header_json(head_)));
  return {};
}

Result<Extract> ExtractTableReader::finish() && {
  if (head_.size() <= header_names.size()) return extract_error("it ends within its head");
  if (extract_table_head(extract_) != head_) {
    return extract_error("the rows above the models are not those of an extract");
  }
  return std::move(extract_);
}

// Texts are guarded: no cell can be taken for a formula.
Bytes format_extract_csv(const Extract& extract) {
  Bytes out;
  const auto append = [&out](ExtractCells cells) {
    for (std::string& cell : cells) cell = text_for_spreadsheet(cell);
    append_csv_row(out, cells);
  };
  for (ExtractCells& row : extract_table_head(extract)) append(std::move(row));
  for (const ModelRecord& record : extract.models) append(extract_cells(record));
  return out;
}

Result<Extract> parse_extract_csv(BytesView content) {
  CsvReader reader = TRY(CsvReader::open(content, extract_size_max));
  ExtractTableReader table;
  while (auto row = TRY(reader.next())) {
    for (std::string& cell : row->fields) cell = std::string(text_from_spreadsheet(cell));
    TRY_VOID(table.take(std::move(row->fields)));
  }
  return std::move(table).finish();
}

}  // namespace cpl
