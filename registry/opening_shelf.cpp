#include "registry/opening_shelf.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/durable_file.hpp"
#include "registry/statement.hpp"

namespace cpl {
namespace {

constexpr std::size_t openings_max = 10'000;
constexpr std::size_t file_size_max = 128 * 1024;
constexpr std::size_t text_max = 8000;

Bytes encode(const KeptOpening& kept) {
  Json json = {{"entry", kept.entry.value},
               {"field", kept.opening.field},
               {"salt", to_base64(kept.opening.salt)},
               {"value", kept.opening.words},
               {"classification", kept.classification},
               {"readers", Json::array()}};
  for (const OpeningReader& reader : kept.readers) {
    json["readers"].push_back({{"who", reader.who}, {"from", reader.from.value}});
  }
  return canonical_json(json);
}

// A file from before openings were classified counts as the strictest class: whoever kept it may
// say otherwise by keeping it again.
std::string read_classification(FieldReader& reader) {
  if (!reader.has("classification")) return std::string(classification_words.back());
  return std::string(classification_words[reader.word("classification", classification_words)]);
}

Result<KeptOpening> decode(BytesView text) {
  const Json json = TRY(parse_json(text));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  KeptOpening kept;
  kept.entry = EntryIndex{reader.integer("entry", 0, json_integer_max)};
  kept.opening = {reader.text("field", 100), from_base64(reader.text("salt", 64)).value_or(Bytes()),
                  reader.text("value", text_max, "\n")};
  kept.classification = read_classification(reader);
  for (const Json& item : reader.array("readers", 0, opening_readers_max)) {
    FieldReader one(item, "#/readers", errors);
    std::string who = one.text("who", 64);
    kept.readers.push_back({std::move(who), UnixMillis{one.integer("from", 0, json_integer_max)}});
    one.done();
  }
  reader.done();
  if (!errors.empty()) return corrupt("a kept opening is wrong: " + describe(errors));
  return kept;
}

Error no_opening(EntryIndex entry, const std::string& field) {
  return Error{
      Errc::not_found, "opening-not-found",
      "no opening of \"" + field + "\" of entry " + std::to_string(entry.value) + " is kept here"};
}

Result<void> check_fits(const LogView& log, const KeptOpening& kept) {
  const std::string& field = kept.opening.field;
  if (kept.readers.size() > opening_readers_max) {
    return malformed("opening-readers", "an opening is kept for at most " +
                                            std::to_string(opening_readers_max) + " readers");
  }
  const auto of_entry = TRY(log.list().seals(kept.entry));
  if (!of_entry || !of_entry->seals.contains(field)) {
    return Error{Errc::not_found, "seal-not-found",
                 "entry " + std::to_string(kept.entry.value) + " has no seal at \"" + field + "\""};
  }
  if (equal_in_constant_time(kept.opening.seal().view(), of_entry->seals.at(field).seal.view())) {
    return {};
  }
  return refuse("opening-does-not-fit", "this salt and text do not open the seal at \"" + field +
                                            "\" of entry " + std::to_string(kept.entry.value));
}

Result<void> destroy_file(const std::filesystem::path& file) {
  TRY_VOID(overwrite_durably(file));
  std::error_code failed;
  std::filesystem::remove(file, failed);
  if (!failed) return {};
  return Error{Errc::unavailable, "file-error",
               file.string() + " cannot be removed: " + failed.message()};
}

}  // namespace

std::optional<UnixMillis> KeptOpening::readable_since(const std::vector<std::string>& names,
                                                      UnixMillis now) const {
  std::optional<UnixMillis> since;
  for (const OpeningReader& reader : readers) {
    const bool fits = std::find(names.begin(), names.end(), reader.who) != names.end();
    if (fits && reader.from <= now && (!since || reader.from < *since)) since = reader.from;
  }
  return since;
}

Result<std::unique_ptr<OpeningShelf>> OpeningShelf::open(const std::filesystem::path& folder) {
  TRY_VOID(make_folder_durably(folder));
  std::error_code failed;
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  std::unique_ptr<OpeningShelf> shelf(new OpeningShelf(folder));
  if (failed) {
    return Error{Errc::unavailable, "file-error",
                 folder.string() + " cannot be closed to others: " + failed.message()};
  }
  TRY_VOID(shelf->read_back());
  return shelf;
}

// What a process that ended in the middle of its work left: a write that was not finished, which
// may hold an opening, and one that was written over and not removed yet.
Result<void> OpeningShelf::read_back() {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(folder_, failed), end; !failed && at != end;
       at.increment(failed)) {
    files.push_back(at->path());
  }
  if (failed) {
    return Error{Errc::unavailable, "file-error",
                 folder_.string() + " cannot be read: " + failed.message()};
  }
  for (const auto& file : files) {
    const bool unfinished = file.extension() == ".new";
    if (!unfinished && file.extension() != ".json") continue;
    const auto text = TRY(read_if_there(file, file_size_max));
    if (!text) continue;
    if (unfinished || text->find_first_not_of('\0') == Bytes::npos) {
      TRY_VOID(destroy_file(file));
      continue;
    }
    auto kept = decode(*text);
    if (!kept) return within(file.string(), kept.error());
    const Place place(kept->entry, kept->opening.field);
    openings_.insert_or_assign(place, *std::move(kept));
  }
  return {};
}

// The field is a JSON pointer; its hash is a file's name anywhere.
std::filesystem::path OpeningShelf::file_of(const Place& place) const {
  return folder_ / (std::to_string(place.first.value) + "-" +
                    to_hex(sha256(place.second).view().substr(0, 16)) + ".json");
}

Result<void> OpeningShelf::keep(const LogView& log, std::vector<KeptOpening> openings) {
  for (const KeptOpening& kept : openings) TRY_VOID(check_fits(log, kept));
  for (KeptOpening& kept : openings) TRY_VOID(keep_one(std::move(kept)));
  return {};
}

Result<void> OpeningShelf::keep_one(KeptOpening kept) {
  const Place place(kept.entry, kept.opening.field);
  const std::lock_guard lock(mutex_);
  if (openings_.size() >= openings_max && !openings_.contains(place)) {
    return refuse("openings-full", "there is no room for another opening: destroy one");
  }
  ++revision_;
  TRY_VOID(replace_durably(file_of(place), encode(kept), FileAccess::owner_only));
  openings_.insert_or_assign(place, std::move(kept));
  return {};
}

std::vector<KeptOpening> OpeningShelf::of_entry(EntryIndex entry) const {
  const std::lock_guard lock(mutex_);
  std::vector<KeptOpening> found;
  for (auto at = openings_.lower_bound({entry, ""}); at != openings_.end(); ++at) {
    if (at->first.first != entry) break;
    found.push_back(at->second);
  }
  return found;
}

std::vector<KeptOpening> OpeningShelf::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<KeptOpening> all;
  for (const auto& [place, kept] : openings_) {
    all.push_back({kept.entry, {kept.opening.field, {}, {}}, kept.classification, kept.readers});
  }
  return all;
}

std::uint64_t OpeningShelf::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

Result<void> OpeningShelf::destroy(EntryIndex entry, const std::string& field) {
  const Place place(entry, field);
  const std::lock_guard lock(mutex_);
  const auto found = openings_.find(place);
  if (found == openings_.end()) return no_opening(entry, field);
  TRY_VOID(destroy_file(file_of(place)));
  openings_.erase(found);
  ++revision_;
  return sync_folder(folder_);
}

}  // namespace cpl
