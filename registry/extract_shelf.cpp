#include "registry/extract_shelf.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/extract_builder.hpp"
#include "registry/extract_files.hpp"

namespace cpl {
namespace {

constexpr std::string_view record_name = "published.json";
constexpr std::size_t record_size_max = std::size_t{64} << 10U;

using Signatures = std::array<ExtractSignature, 3>;

std::size_t place_of(ExtractForm form) { return static_cast<std::size_t>(form); }

std::string file_name(ExtractForm form, bool signature) {
  return "extract." + to_string(form) + (signature ? ".p7s" : "");
}

PublishedFile describe_file(BytesView content) { return {sha256(content), content.size()}; }

Json to_json(const PublishedFile& file) {
  return {{"sha256", to_hex(file.sha256)}, {"size", file.size}};
}

PublishedFile read_file_json(FieldReader& parent, const std::string& name, std::size_t size_max,
                             FieldErrors& errors) {
  FieldReader reader(parent.object(name), parent.pointer_to(name), errors);
  return {reader.hash("sha256"), reader.integer("size", 0, size_max)};
}

Result<PublishedExtract> read_record(BytesView text) {
  const Json json = TRY(parse_json(text));
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
  if (!errors.empty()) return corrupt("a published extract's record: " + describe(errors));
  return extract;
}

Result<Signatures> open_signatures(const ExtractPublication& publication, const Charter& charter,
                                   UnixMillis as_of, UnixMillis now) {
  Signatures opened;
  for (const ExtractForm form : extract_forms) {
    auto signature =
        open_extract_signature(publication.signatures[place_of(form)], charter, as_of, now);
    if (!signature) return within("the signature of the " + to_string(form), signature.error());
    opened[place_of(form)] = *std::move(signature);
  }
  return opened;
}

bool is_repeat(const PublishedExtract& published, const ExtractPublication& publication) {
  for (const ExtractForm form : extract_forms) {
    const auto opened = open_cms(publication.signatures[place_of(form)]);
    if (!opened || opened->digest != published.forms[place_of(form)].sha256) return false;
  }
  return published.header.version == publication.version;
}

}  // namespace

Bytes format_extract_publication(const ExtractPublication& publication) {
  Json json = {{"version", publication.version},
               {"previous", publication.previous ? Json(to_hex(*publication.previous)) : Json()},
               {"log_size", publication.log_size.value},
               {"signatures", Json::object()}};
  for (const ExtractForm form : extract_forms) {
    json["signatures"][to_string(form)] = to_base64(publication.signatures[place_of(form)]);
  }
  return canonical_json(json);
}

Result<ExtractPublication> parse_extract_publication(BytesView text) {
  Json json = TRY(parse_json(text));
  if (json.is_object() && json.contains("previous") && json["previous"].is_null()) {
    json.erase("previous");
  }
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  ExtractPublication publication;
  publication.version = reader.integer("version", 1, json_integer_max);
  if (reader.has("previous")) publication.previous = reader.hash("previous");
  publication.log_size = TreeSize{reader.integer("log_size", 1, json_integer_max)};
  FieldReader signatures(reader.object("signatures"), "#/signatures", errors);
  for (const ExtractForm form : extract_forms) {
    const std::string name = to_string(form);
    auto der = from_base64(signatures.text(name, 2 * cms_size_max));
    if (!der) signatures.fail(name, "must be base64");
    publication.signatures[place_of(form)] = std::move(der).value_or(Bytes());
  }
  signatures.done();
  reader.done();
  if (!errors.empty()) {
    return malformed("publication-malformed", "not a publication: " + describe(errors));
  }
  return publication;
}

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

ExtractShelf::ExtractShelf(std::filesystem::path folder)
    : folder_(std::move(folder)),
      published_(std::make_shared<const std::vector<PublishedExtract>>()) {}

std::filesystem::path ExtractShelf::folder_of(std::uint64_t version) const {
  return folder_ / std::to_string(version);
}

Result<std::unique_ptr<ExtractShelf>> ExtractShelf::open(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return Error{Errc::unavailable, "extracts-unavailable",
                 folder.string() + " cannot be made: " + failed.message(), 0};
  }
  std::unique_ptr<ExtractShelf> shelf(new ExtractShelf(folder));
  std::vector<PublishedExtract> published;
  while (std::filesystem::exists(shelf->folder_of(published.size() + 1))) {
    const auto file = shelf->folder_of(published.size() + 1) / record_name;
    auto record = read_record(TRY(read_whole(file, record_size_max)));
    if (!record) return within(file.string(), record.error());
    published.push_back(*std::move(record));
  }
  shelf->published_ = std::make_shared<const std::vector<PublishedExtract>>(std::move(published));
  return shelf;
}

std::shared_ptr<const std::vector<PublishedExtract>> ExtractShelf::published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

Result<std::shared_ptr<const Bytes>> ExtractShelf::file(const PublishedExtract& extract,
                                                        ExtractForm form, bool signature) const {
  const std::string name =
      std::to_string(extract.header.version) + "/" + file_name(form, signature);
  {
    const std::lock_guard lock(mutex_);
    if (auto shared = in_use_[name].lock()) return shared;
  }
  const auto& expected = (signature ? extract.signatures : extract.forms)[place_of(form)];
  auto content = std::make_shared<const Bytes>(TRY(read_whole(folder_ / name, extract_size_max)));
  if (sha256(*content) != expected.sha256) return corrupt(name + " is not what was published");
  const std::lock_guard lock(mutex_);
  std::erase_if(in_use_, [](const auto& kept) { return kept.second.expired(); });
  in_use_[name] = content;
  return content;
}

Result<ExtractShelf::Published> ExtractShelf::publish(const LogView& log,
                                                      const ExtractPublication& publication,
                                                      UnixMillis now) {
  const std::unique_lock lock(publishing_, std::try_to_lock);
  if (!lock.owns_lock()) {
    return Error{Errc::overloaded, "publication-under-way",
                 "another extract is being published: try again", 0};
  }
  const auto published = this->published();
  if (publication.version <= published->size()) {
    const PublishedExtract& before = (*published)[publication.version - 1];
    if (is_repeat(before, publication)) return Published{before, true};
  }
  TRY_VOID(check_place(log, publication));
  return publish_next(log, publication, now);
}

Result<void> ExtractShelf::check_place(const LogView& log,
                                       const ExtractPublication& publication) const {
  const auto published = this->published();
  if (publication.version != published->size() + 1) {
    return refuse("extract-version-mismatch", "version " + std::to_string(publication.version) +
                                                  " cannot be published: the next is version " +
                                                  std::to_string(published->size() + 1));
  }
  const auto previous = published->empty() ? std::nullopt : std::optional(published->back().hash());
  if (publication.previous != previous) {
    return refuse("extract-previous-mismatch",
                  "it does not carry the hash of the version before it" +
                      (previous ? ", " + to_hex(*previous) : std::string()));
  }
  if (publication.log_size > log.size()) {
    return Error{Errc::not_found, "size-not-found",
                 "the log has not reached size " + std::to_string(publication.log_size.value), 0};
  }
  if (!published->empty() && publication.log_size < published->back().header.log_size) {
    return refuse("extract-older", "it shows an older list than the version before it");
  }
  return {};
}

// The cheap checks come first: only a registrar's signature makes the service write the list.
Result<ExtractShelf::Published> ExtractShelf::publish_next(const LogView& log,
                                                           const ExtractPublication& publication,
                                                           UnixMillis now) {
  const auto charter = TRY(log.charter_before(EntryIndex{publication.log_size.value}));
  check(charter != nullptr);  // A log of size 1 has one.
  const Entry last = TRY(log.entry(EntryIndex{publication.log_size.value - 1}));
  const Signatures opened = TRY(open_signatures(publication, charter->charter, last.time, now));
  const Extract extract =
      TRY(build_extract(log, publication.log_size, publication.version, publication.previous));
  PublishedExtract published;
  published.header = extract.header;
  for (const ModelRecord& record : extract.models) {
    ++(record.status == ModelStatus::listed ? published.listed : published.removed);
  }
  published.signed_at = opened[0].signed_at;
  published.signer = opened[0].signer;
  published.certificate = opened[0].certificate;
  std::array<Bytes, 3> contents;
  std::vector<NamedFile> files;
  for (const ExtractForm form : extract_forms) {
    const std::size_t at = place_of(form);
    contents[at] = TRY(format_extract(extract, form));
    published.forms[at] = describe_file(contents[at]);
    published.signatures[at] = describe_file(publication.signatures[at]);
    if (opened[at].digest != published.forms[at].sha256) {
      return Error{Errc::unauthorized, "extract-mismatch",
                   "the signature is of another " + to_string(form) +
                       " file than the log gives at size " +
                       std::to_string(publication.log_size.value) +
                       ": a row is missing, added or changed, or it is not spelt as here",
                   0};
    }
    files.push_back({file_name(form, false), contents[at]});
    files.push_back({file_name(form, true), publication.signatures[at]});
  }
  const Bytes record = canonical_json(to_json(published)) + "\n";
  files.push_back({std::string(record_name), record});
  TRY_VOID(write_folder(folder_of(publication.version), files));
  auto all = *this->published();
  all.push_back(published);
  const std::lock_guard lock(mutex_);
  published_ = std::make_shared<const std::vector<PublishedExtract>>(std::move(all));
  return Published{std::move(published), false};
}

}  // namespace cpl
