#include "registry/shelf/extract_record.hpp"

#include <nlohmann/json.hpp>

#include "crypto/cms.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/checked_json.hpp"
#include "registry/base/durable_file.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t extract_versions_max = 100'000;

Json to_json(const PublishedFile& file) {
  return {{"sha256", to_hex(file.sha256)}, {"size", file.size}};
}

PublishedFile read_file_json(FieldReader& parent, const std::string& name, std::size_t size_max,
                             FieldErrors& errors) {
  FieldReader reader(parent.object(name), parent.pointer_to(name), errors);
  return {reader.hash("sha256"), reader.integer("size", 0, size_max)};
}

}  // namespace

Json to_json(const PublishedExtract& extract) {
  const ExtractHeader& header = extract.header;
  Json files = Json::object();
  for (const ExtractForm form : extract_forms) {
    files[to_string(form)] = to_json(extract.forms[place_of(form)]);
    files[to_string(form) + ".p7s"] = to_json(extract.signatures[place_of(form)]);
  }
  return {{"origin", header.origin},
          {"version", header.version},
          {"sha256", to_hex(extract.hash())},
          {"previous", header.previous ? Json(to_hex(*header.previous)) : Json()},
          {"log_size", header.log_size.value},
          {"state_root", to_base64(header.state_root)},
          {"as_of", format_time_millis(header.as_of)},
          {"listed", extract.listed},
          {"removed", extract.removed},
          {"signed_at", format_time(extract.signed_at)},
          {"signer", extract.signer},
          {"certificate", extract.certificate},
          {"files", files}};
}

Bytes format_extract_record(const PublishedExtract& extract) {
  return format_checked_json(to_json(extract)) + "\n";
}

Result<PublishedExtract> parse_extract_record(BytesView text) {
  const Json json = TRY(parse_checked_json(text));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  PublishedExtract extract;
  ExtractHeader& header = extract.header;
  header.origin = reader.text("origin", 255);
  header.version = reader.integer("version", 1, json_integer_max);
  if (json.contains("previous") && json["previous"].is_string()) {
    header.previous = reader.hash("previous");
  }
  header.log_size = TreeSize{reader.integer("log_size", 1, json_integer_max)};
  header.state_root = hash_from_base64(reader.text("state_root", 64)).value_or(Hash{});
  header.as_of = parse_time_millis(reader.text("as_of", 32)).value_or(UnixMillis{});
  extract.listed = reader.integer("listed", 0, extract_models_max);
  extract.removed = reader.integer("removed", 0, extract_models_max);
  extract.signed_at = reader.time("signed_at");
  extract.signer = reader.text("signer", 255);
  extract.certificate = reader.text("certificate", 4096);
  FieldReader files(reader.object("files"), "#/files", errors);
  for (const ExtractForm form : extract_forms) {
    const std::string name = to_string(form);
    extract.forms[place_of(form)] = read_file_json(files, name, extract_size_max, errors);
    extract.signatures[place_of(form)] = read_file_json(files, name + ".p7s", cms_size_max, errors);
  }
  if (!errors.empty()) return corrupt(describe(errors));
  return extract;
}

Result<PublishedExtract> read_extract_record(const std::filesystem::path& folder) {
  const auto file = folder / extract_record_name;
  const auto wrong = [&](const std::string& what) { return corrupt(file.string() + ": " + what); };
  const auto text = read_if_there(file, extract_record_size_max);
  if (!text) return wrong(text.error().detail);
  if (!*text) return wrong("it is missing");
  auto record = parse_extract_record(**text);
  if (!record) return wrong(record.error().detail);
  if (record->header.version != from_decimal(folder.filename().string())) {
    return wrong("it is of another version");
  }
  return record;
}

Result<std::uint64_t> newest_extract_in(const std::filesystem::path& folder) {
  std::uint64_t newest = 0;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    const auto version = from_decimal(at->path().filename().string()).value_or(0);
    if (version <= extract_versions_max) newest = std::max(newest, version);
  }
  if (!failed) return newest;
  return Error{Errc::unavailable, "extracts-unavailable",
               folder.string() + " cannot be read: " + failed.message(), 0};
}

std::string extract_file_name(ExtractForm form, bool signature) {
  return "extract." + to_string(form) + (signature ? ".p7s" : "");
}

}  // namespace cpl
