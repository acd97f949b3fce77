#include "registry/shelf/extract_shelf.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/query/extract_builder.hpp"
#include "registry/shelf/extract_files.hpp"

namespace cpl {
namespace {

using Signatures = std::array<ExtractSignature, 3>;

constexpr std::size_t publication_values_max = 100;

PublishedFile describe_file(BytesView content) { return {sha256(content), content.size()}; }

bool is_repeat(const PublishedExtract& published, const ExtractPublication& publication) {
  if (published.header.version != publication.version) return false;
  for (const ExtractForm form : extract_forms) {
    const std::size_t at = place_of(form);
    if (sha256(publication.signatures[at]) != published.signatures[at].sha256) return false;
  }
  return true;
}

// Of the same files, signed anew.
bool is_signed_again(const PublishedExtract& published, const Signatures& opened) {
  for (const ExtractForm form : extract_forms) {
    if (opened[place_of(form)].digest != published.forms[place_of(form)].sha256) return false;
  }
  return true;
}

// Signatures that are published can be sent by anybody: the list is not written for those.
bool is_of_earlier(const PublishedExtracts& published, ExtractForm form, const Hash& digest) {
  return std::any_of(published.begin(), published.end(), [&](const auto& before) {
    return before && before->forms[place_of(form)].sha256 == digest;
  });
}

// None may be of a file of `earlier`: that is said of the first before another is looked at.
Result<Signatures> open_signatures(const ExtractPublication& publication, const Charter& charter,
                                   const PublishedExtracts& earlier, UnixMillis as_of,
                                   UnixMillis now) {
  Signatures opened;
  for (const ExtractForm form : extract_forms) {
    auto signature =
        open_extract_signature(publication.signatures[place_of(form)], charter, as_of, now);
    if (!signature) return within("the signature of the " + to_string(form), signature.error());
    if (is_of_earlier(earlier, form, signature->digest)) {
      return refuse("extract-mismatch",
                    "the signature is of a file of an earlier version: anybody can send that");
    }
    opened[place_of(form)] = *std::move(signature);
  }
  return opened;
}

Result<Signatures> signatures_at(const LogView& log, const ExtractPublication& publication,
                                 const PublishedExtracts& earlier, TreeSize log_size,
                                 UnixMillis now) {
  // That in force is at hand; another one has to be read, with all its keys.
  auto charter = log.charter();
  if (charter == nullptr || charter->entry.value >= log_size.value) {
    charter = TRY(log.charter_before(EntryIndex{log_size.value}));
  }
  check(charter != nullptr);  // A log of size 1 has one.
  const Entry last = TRY(log.entry(EntryIndex{log_size.value - 1}));
  return open_signatures(publication, charter->charter, earlier, last.time, now);
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
  Json json = TRY(parse_small_json(text, publication_values_max));
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

ExtractShelf::ExtractShelf(std::filesystem::path folder)
    : folder_(std::move(folder)), published_(std::make_shared<const PublishedExtracts>()) {}

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
  PublishedExtracts published;
  const std::uint64_t newest = TRY(newest_extract_in(folder));
  for (std::uint64_t version = 1; version <= newest; ++version) {
    published.push_back(read_extract_record(shelf->folder_of(version)));
  }
  const Lock lock(shelf->mutex_);
  shelf->published_ = std::make_shared<const PublishedExtracts>(std::move(published));
  return shelf;
}

std::shared_ptr<const PublishedExtracts> ExtractShelf::published() const {
  const Lock lock(mutex_);
  return published_;
}

Result<std::shared_ptr<const Bytes>> ExtractShelf::file(const PublishedExtract& extract,
                                                        ExtractForm form, bool signature) const {
  const std::string name =
      std::to_string(extract.header.version) + "/" + extract_file_name(form, signature);
  {
    const Lock lock(mutex_);
    if (auto shared = in_use_[name].lock()) return shared;
  }
  const auto& expected = (signature ? extract.signatures : extract.forms)[place_of(form)];
  auto content = std::make_shared<const Bytes>(TRY(read_whole(folder_ / name, extract_size_max)));
  if (sha256(*content) != expected.sha256) return corrupt(name + " is not what was published");
  const Lock lock(mutex_);
  std::erase_if(in_use_, [](const auto& kept) { return kept.second.expired(); });
  in_use_[name] = content;
  return content;
}

// The cheap checks come first: only registrars' signatures make the service write the list.
Result<ExtractShelf::Examined> ExtractShelf::examine(const LogView& log,
                                                     const ExtractPublication& publication,
                                                     UnixMillis now) const {
  const auto published = this->published();
  for (const auto& before : *published) TRY_VOID(before);
  if (publication.version <= published->size()) {
    const PublishedExtract& before = *(*published)[publication.version - 1];
    if (is_repeat(before, publication)) return Examined{before, {}};
    const auto again = signatures_at(log, publication, {}, before.header.log_size, now);
    if (again && is_signed_again(before, *again)) return Examined{before, {}};
  }
  TRY_VOID(check_place(log, publication));
  const Signatures opened =
      TRY(signatures_at(log, publication, *published, publication.log_size, now));
  return Examined{{}, opened};
}

Result<ExtractShelf::Published> ExtractShelf::publish(const LogView& log,
                                                      const ExtractPublication& publication,
                                                      UnixMillis now) {
  const std::unique_lock lock(publishing_, std::try_to_lock);
  if (!lock.owns_lock()) {
    return Error{Errc::overloaded, "publication-under-way",
                 "another extract is being published: try again", 0};
  }
  const Examined examined = TRY(examine(log, publication, now));
  if (examined.before) return Published{*examined.before, true};
  return publish_next(log, publication, examined.signatures);
}

Result<void> ExtractShelf::check_place(const LogView& log,
                                       const ExtractPublication& publication) const {
  const auto published = this->published();
  if (publication.version != published->size() + 1) {
    return refuse("extract-version-mismatch", "version " + std::to_string(publication.version) +
                                                  " cannot be published: the next is version " +
                                                  std::to_string(published->size() + 1));
  }
  const auto previous =
      published->empty() ? std::nullopt : std::optional(published->back()->hash());
  if (publication.previous != previous) {
    return refuse("extract-previous-mismatch",
                  "it does not carry the hash of the version before it" +
                      (previous ? ", " + to_hex(*previous) : std::string()));
  }
  if (publication.log_size > log.size()) {
    return Error{Errc::not_found, "size-not-found",
                 "the log has not reached size " + std::to_string(publication.log_size.value), 0};
  }
  if (!published->empty() && publication.log_size < published->back()->header.log_size) {
    return refuse("extract-older", "it shows an older list than the version before it");
  }
  return {};
}

Result<ExtractShelf::Published> ExtractShelf::publish_next(const LogView& log,
                                                           const ExtractPublication& publication,
                                                           const Signatures& opened) {
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
    files.push_back({extract_file_name(form, false), contents[at]});
    files.push_back({extract_file_name(form, true), publication.signatures[at]});
  }
  const Bytes record = format_extract_record(published);
  files.push_back({std::string(extract_record_name), record});
  TRY_VOID(write_folder(folder_of(publication.version), files));
  auto all = *this->published();
  all.push_back(published);
  const Lock lock(mutex_);
  published_ = std::make_shared<const PublishedExtracts>(std::move(all));
  return Published{std::move(published), false};
}

}  // namespace cpl
