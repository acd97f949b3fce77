#include "registry/shelf/deployed_shelf.hpp"

#include "registry/base/durable_file.hpp"
#include "registry/query/entry_signers.hpp"

namespace cpl {
namespace {

constexpr std::size_t file_size_max = std::size_t{16} << 20U;

Error no_deployment(EntryIndex entry) {
  return Error{Errc::not_found, "deployment-not-found",
               "entry " + std::to_string(entry.value) + " is no count of devices", 0};
}

Result<Deployment> deployment_at(const LogView& log, EntryIndex index) {
  if (index.value >= log.size().value) return no_deployment(index);
  const ReadEntry read = TRY(read_entry(log, index));
  const auto* deployment = std::get_if<Deployment>(&read.statement.body);
  if (deployment == nullptr) return no_deployment(index);
  return *deployment;
}

}  // namespace

Result<std::unique_ptr<DeployedShelf>> DeployedShelf::open(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return Error{Errc::unavailable, "counts-unavailable",
                 folder.string() + " cannot be made: " + failed.message(), 0};
  }
  return std::unique_ptr<DeployedShelf>(new DeployedShelf(folder));
}

std::filesystem::path DeployedShelf::file_of(EntryIndex entry) const {
  return folder_ / (std::to_string(entry.value) + ".csv");
}

Result<void> DeployedShelf::put(const LogView& log, EntryIndex entry, BytesView csv) {
  const Deployment deployment = TRY(deployment_at(log, entry));
  std::error_code failed;
  if (std::filesystem::exists(file_of(entry), failed)) return {};
  const DeployedCounts counts = TRY(DeployedCounts::parse(csv));
  if (!commits_to(deployment, counts)) {
    return refuse("counts-mismatch", "entry " + std::to_string(entry.value) +
                                         " commits to other counts: this is not its file");
  }
  return replace_durably(file_of(entry), counts.format());
}

Result<std::shared_ptr<const DeployedShelf::Kept>> DeployedShelf::newest(const LogView& log) const {
  const auto record = TRY(work_of<DeploymentRecord>(log.list(), deployment_key()));
  if (!record) return std::shared_ptr<const Kept>();
  const Lock lock(mutex_);
  if (newest_ != nullptr && newest_->entry == record->entry) return newest_;
  const auto content = TRY(read_if_there(file_of(record->entry), file_size_max));
  if (!content) return std::shared_ptr<const Kept>();
  DeployedCounts counts = TRY(DeployedCounts::parse(*content));
  if (!commits_to(record->deployment, counts)) {
    return corrupt(file_of(record->entry).string() + " holds other counts than the log commits to");
  }
  newest_ =
      std::make_shared<const Kept>(Kept{record->entry, record->deployment.day, std::move(counts)});
  return newest_;
}

Result<Bytes> DeployedShelf::file(const LogView& log, EntryIndex entry) const {
  TRY(deployment_at(log, entry));
  auto content = TRY(read_if_there(file_of(entry), file_size_max));
  if (content) return *std::move(content);
  return Error{Errc::not_found, "counts-not-found",
               "the counts of entry " + std::to_string(entry.value) + " were not brought here", 0};
}

}  // namespace cpl
