#include "registry/extract/extract.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/extract/rows.hpp"
#include "registry/list/memory_state_tree.hpp"
#include "registry/list/state_record.hpp"

namespace cpl {
namespace {

constexpr std::string_view json_start = "{\"extract\":";
constexpr std::string_view json_middle = ",\"models\":[";
constexpr std::string_view json_end = "]}\n";

std::size_t listed_in(const Extract& extract) {
  return static_cast<std::size_t>(
      std::count_if(extract.models.begin(), extract.models.end(),
                    [](const ModelRecord& m) { return m.status == ModelStatus::listed; }));
}

// Written for readers who want each member there; read as one that is absent.
void drop_null(Json& object, const char* name) {
  if (object.is_object() && object.contains(name) && object[name].is_null()) object.erase(name);
}

std::size_t size_max_of(ExtractForm form) {
  return form == ExtractForm::xlsx ? xlsx_size_max : extract_size_max;
}

Error too_large() {
  return Error{Errc::too_large, "extract-too-large",
               "an extract has at most " + std::to_string(extract_models_max) +
                   " models, 256 MiB as JSON or CSV and 64 MiB as XLSX"};
}

Result<Extract> parse_form(BytesView content, ExtractForm form) {
  switch (form) {
    case ExtractForm::json:
      return parse_extract_json(content);
    case ExtractForm::csv:
      return parse_extract_csv(content);
    case ExtractForm::xlsx:
      return parse_extract_xlsx(content);
  }
  return extract_error("no such form");
}

}  // namespace

std::string to_string(ExtractForm form) { return std::string(word_of(form)); }

Error extract_error(std::string detail) {
  return malformed("extract-malformed", "not an extract: " + std::move(detail));
}

Result<Bytes> format_extract(const Extract& extract, ExtractForm form) {
  if (extract.models.size() > extract_models_max) return too_large();
  Bytes content = form == ExtractForm::json  ? format_extract_json(extract)
                  : form == ExtractForm::csv ? format_extract_csv(extract)
                                             : TRY(format_extract_xlsx(extract));
  if (content.size() > size_max_of(form)) return too_large();
  return content;
}

std::optional<ExtractForm> extract_form_of(BytesView content) {
  if (content.starts_with(json_start)) return ExtractForm::json;
  if (content.starts_with("format," + std::string(extract_format_name))) return ExtractForm::csv;
  if (content.starts_with("PK\x03\x04")) return ExtractForm::xlsx;
  return std::nullopt;
}

Result<Extract> parse_extract(BytesView content) {
  const auto form = extract_form_of(content);
  if (!form) return extract_error("it begins like none of the three forms");
  if (content.size() > size_max_of(*form)) return too_large();
  Extract extract = TRY(parse_form(content, *form));
  // One spelling each: what a reader would overlook cannot hide in it.
  if (*form != ExtractForm::xlsx && TRY(format_extract(extract, *form)) != content) {
    return extract_error("it is not spelt exactly as extracts are");
  }
  return extract;
}

Hash extract_hash(const Extract& extract) { return sha256(format_extract_json(extract)); }

Hash state_root_of(const std::vector<ModelRecord>& models) {
  MemoryStateTree tree;
  for (const ModelRecord& record : models) {
    tree.set(state_key(record.model.id()), state_value(state_record(record)));
  }
  return tree.root();
}

Json extract_header_json(const Extract& extract) {
  const ExtractHeader& header = extract.header;
  const std::size_t listed = listed_in(extract);
  return {{"format", extract_format_name},
          {"origin", header.origin},
          {"version", header.version},
          {"previous", header.previous ? Json(to_hex(*header.previous)) : Json()},
          {"log_size", header.log_size.value},
          {"state_root", to_base64(header.state_root)},
          {"as_of", format_time_millis(header.as_of)},
          {"listed", listed},
          {"removed", extract.models.size() - listed}};
}

Result<ExtractHeader> read_extract_header(Json value) {
  drop_null(value, "previous");
  FieldErrors errors;
  FieldReader reader(value, "#/extract", errors);
  ExtractHeader header;
  if (reader.text("format", 64) != extract_format_name) {
    reader.fail("format", "must be \"cpl/extract/v1\"");
  }
  header.origin = reader.text("origin", 255);
  header.version = reader.integer("version", 1, json_integer_max);
  const bool first = header.version == 1;
  const bool named = reader.has("previous");
  if (first == named) reader.fail("previous", "must be the hash of the version before, if any");
  if (named) header.previous = reader.hash("previous");
  header.log_size = TreeSize{reader.integer("log_size", 1, json_integer_max)};
  const auto root = hash_from_base64(reader.text("state_root", 64));
  if (!root) reader.fail("state_root", "must be base64 of 32 octets");
  header.state_root = root.value_or(Hash{});
  const auto as_of = parse_time_millis(reader.text("as_of", 32));
  if (!as_of) reader.fail("as_of", "must be a time in UTC with milliseconds");
  header.as_of = as_of.value_or(UnixMillis{});
  reader.integer("listed", 0, extract_models_max);  // Counted again when it is spelt again.
  reader.integer("removed", 0, extract_models_max);
  reader.done();
  if (!errors.empty()) return extract_error(describe(errors));
  return header;
}

Json extract_row_json(const ModelRecord& record) {
  Json json = {{"model", record.model.id().text()},
               {"status", word_of(record.status)},
               {"added", record.added.value},
               {"changed_at", record.changed_at.value},
               {"effective_from", format_time(record.effective_from)},
               {"decision", record.decision ? Json(record.decision->value) : Json()},
               {"record", to_json(record.model)}};
  if (record.changed_before) json["changed_before"] = record.changed_before->value;
  if (record.status_word) json["status_word"] = *record.status_word;
  if (!record.lapsed.empty()) json["lapsed"] = to_json(record.lapsed);
  return json;
}

Result<ModelRecord> read_extract_row(Json value) {
  drop_null(value, "decision");
  FieldErrors errors;
  FieldReader reader(value, "#", errors);
  ModelRecord record;
  const std::string id = reader.text("model", 64);
  record.status = reader.word<ModelStatus>("status");
  record.added = EntryIndex{reader.integer("added", 0, json_integer_max)};
  record.changed_at = EntryIndex{reader.integer("changed_at", 0, json_integer_max)};
  if (const auto before = reader.optional_integer("changed_before", 0, json_integer_max)) {
    record.changed_before = EntryIndex{*before};
  }
  record.effective_from = reader.time("effective_from");
  if (reader.has("decision")) {
    record.decision = EntryIndex{reader.integer("decision", 0, json_integer_max)};
  }
  record.status_word = reader.optional_text("status_word", 32);
  if (reader.has("lapsed")) {
    record.lapsed = read_lapsed(reader.object("lapsed"), "#/lapsed", errors);
  }
  record.model = read_device_model(reader.object("record"), "#/record", errors);
  reader.done();
  if (errors.empty() && record.model.id().text() != id) {
    reader.fail("model", "is not the id that the fields of the record give");
  }
  if (!errors.empty()) return extract_error(describe(errors));
  return record;
}

Result<void> add_extract_row(Extract& extract, ModelRecord record) {
  if (extract.models.size() == extract_models_max) return too_large();
  if (!extract.models.empty() && !(extract.models.back().model.id() < record.model.id())) {
    return extract_error(record.model.id().text() + " is there twice, or out of order");
  }
  extract.models.push_back(std::move(record));
  return {};
}

// One model a line, so that neither writing nor reading needs the whole as one value.
Bytes format_extract_json(const Extract& extract) {
  Bytes out(json_start);
  out.append(canonical_json(extract_header_json(extract))).append(json_middle).append("\n");
  for (std::size_t i = 0; i < extract.models.size(); ++i) {
    out += canonical_json(extract_row_json(extract.models[i]));
    out += i + 1 < extract.models.size() ? ",\n" : "\n";
  }
  return out.append(json_end);
}

Result<Extract> parse_extract_json(BytesView content) {
  std::string_view rest = content;
  std::string_view first = take_line(rest).value_or("");
  if (!first.starts_with(json_start) || !first.ends_with(json_middle)) {
    return extract_error("its first line must be the header");
  }
  first.remove_prefix(json_start.size());
  first.remove_suffix(json_middle.size());
  Extract extract;
  extract.header = TRY(read_extract_header(TRY(parse_json(first))));
  while (rest != json_end) {
    auto line = take_line(rest);
    if (!line) return extract_error("it ends before its last line");
    if (line->ends_with(',')) line->remove_suffix(1);
    const std::string place = "line " + std::to_string(extract.models.size() + 2);
    auto json = parse_json(*line);
    if (!json) return within(place, extract_error(json.error().detail));
    auto record = read_extract_row(*std::move(json));
    if (!record) return within(place, record.error());
    TRY_VOID(add_extract_row(extract, *std::move(record)));
  }
  return extract;
}

}  // namespace cpl
