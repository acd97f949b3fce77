#include "registry/shelf/opening_shelf.hpp"

#include "registry/base/durable_file.hpp"

namespace cpl {
namespace {

constexpr std::size_t openings_max = 10'000;

Error no_opening(EntryIndex entry, const std::string& field) {
  return Error{
      Errc::not_found, "opening-not-found",
      "no opening of \"" + field + "\" of entry " + std::to_string(entry.value) + " is kept here"};
}

Result<void> destroy_file(const std::filesystem::path& file) {
  TRY_VOID(overwrite_durably(file));
  std::error_code failed;
  std::filesystem::remove(file, failed);
  if (!failed) return {};
  return Error{Errc::unavailable, "file-error",
               file.string() + " cannot be removed: " + failed.message()};
}

std::filesystem::path aside(std::filesystem::path file) { return file += ".old"; }

// While it is the file itself under another name, only the name goes.
Result<void> drop_aside(const std::filesystem::path& file) {
  std::error_code failed;
  const std::filesystem::path old = aside(file);
  if (!std::filesystem::exists(old, failed)) return {};
  if (!std::filesystem::equivalent(old, file, failed)) return destroy_file(old);
  std::filesystem::remove(old, failed);
  if (!failed) return {};
  return Error{Errc::unavailable, "file-error",
               old.string() + " cannot be removed: " + failed.message()};
}

// Under a second name, so that its octets can be written over when another takes its place.
Result<void> put_aside(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  TRY_VOID(drop_aside(file));
  std::error_code failed;
  std::filesystem::create_hard_link(file, aside(file), failed);
  if (!failed) return {};
  return Error{Errc::unavailable, "file-error",
               aside(file).string() + " cannot be made: " + failed.message()};
}

}  // namespace

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
// may hold an opening, one that another was to take the place of, and one that was written over and
// not removed yet.
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
    if (file.extension() == ".old") {
      TRY_VOID(drop_aside(std::filesystem::path(file).replace_extension()));
      continue;
    }
    const bool unfinished = file.extension() == ".new";
    if (!unfinished && file.extension() != opening_file_ending) continue;
    Result<std::optional<KeptOpening>> kept = std::optional<KeptOpening>();
    if (!unfinished) kept = read_opening_file(file);
    if (!kept) {
      faults_.push_back(kept.error().detail);
    } else if (!*kept) {
      TRY_VOID(destroy_file(file));
    } else {
      const Place place((*kept)->entry, (*kept)->opening.field);
      const Lock lock(mutex_);
      openings_.insert_or_assign(place, **std::move(kept));
    }
  }
  return {};
}

std::filesystem::path OpeningShelf::file_of(const Place& place) const {
  return folder_ / opening_file_name(place.first, place.second);
}

Result<void> OpeningShelf::keep(const LogView& log, std::vector<KeptOpening> openings) {
  for (const KeptOpening& kept : openings) TRY_VOID(check_opening_fits(log.list(), kept));
  for (KeptOpening& kept : openings) TRY_VOID(keep_one(std::move(kept)));
  return {};
}

Result<void> OpeningShelf::keep_one(KeptOpening kept) {
  const Place place(kept.entry, kept.opening.field);
  const Lock lock(mutex_);
  if (openings_.size() >= openings_max && !openings_.contains(place)) {
    return refuse("openings-full", "there is no room for another opening: destroy one");
  }
  ++revision_;
  const auto file = file_of(place);
  TRY_VOID(put_aside(file));
  const auto replaced = replace_durably(file, format_opening_file(kept), FileAccess::owner_only);
  TRY_VOID(drop_aside(file));
  TRY_VOID(replaced);
  openings_.insert_or_assign(place, std::move(kept));
  return {};
}

std::vector<KeptOpening> OpeningShelf::of_entry(EntryIndex entry) const {
  const Lock lock(mutex_);
  std::vector<KeptOpening> found;
  for (auto at = openings_.lower_bound({entry, ""}); at != openings_.end(); ++at) {
    if (at->first.first != entry) break;
    found.push_back(at->second);
  }
  return found;
}

std::vector<KeptOpening> OpeningShelf::list() const {
  const Lock lock(mutex_);
  std::vector<KeptOpening> all;
  for (const auto& [place, kept] : openings_) {
    all.push_back({kept.entry, {kept.opening.field, {}, {}}, kept.classification, kept.readers});
  }
  return all;
}

std::uint64_t OpeningShelf::revision() const {
  const Lock lock(mutex_);
  return revision_;
}

Result<void> OpeningShelf::destroy(EntryIndex entry, const std::string& field) {
  const Place place(entry, field);
  const Lock lock(mutex_);
  const auto file = file_of(place);
  // One that is damaged is there all the same, and has to go.
  if (!std::filesystem::exists(file)) return no_opening(entry, field);
  TRY_VOID(destroy_file(file));
  openings_.erase(place);
  ++revision_;
  return sync_folder(folder_);
}

}  // namespace cpl
