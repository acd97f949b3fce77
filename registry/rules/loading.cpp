// Rule 12: what the Service Desk says of a version of the list; rule 13: what it counted.
#include "crypto/encoding.hpp"
#include "registry/rules/detail.hpp"

namespace cpl::rules {
namespace {

// Received, then verified, then loaded. What was rejected may come again.
bool may_follow(std::optional<LoadingStatus> last, LoadingStatus next) {
  switch (next) {
    case LoadingStatus::received:
      return !last || last == LoadingStatus::rejected;
    case LoadingStatus::verified:
      return last == LoadingStatus::received;
    case LoadingStatus::loaded:
      return last == LoadingStatus::verified;
    case LoadingStatus::rejected:
      return last == LoadingStatus::received || last == LoadingStatus::verified;
  }
  return false;
}

std::string version_name(std::uint64_t version) {
  return "version " + std::to_string(version) + " of the list";
}

Result<void> check_same_list(const Loading& loading, const std::optional<LoadingRecord>& record,
                             const EntryContext& context) {
  const bool fits =
      !record || (record->extract == loading.extract && record->log_size == loading.log_size);
  if (fits && loading.log_size.value <= context.index.value) return {};
  return refuse("loading-mismatch",
                fits ? version_name(loading.version) + " is said to be of " +
                           counted(loading.log_size.value, "entry") +
                           ", and the log has not come so far"
                     : version_name(loading.version) +
                           " was said to be another list before: its hash or its size differs",
                12);
}

// B16: no older version after a newer one.
Result<void> check_newer(const List& list, const Loading& loading) {
  const auto loaded = TRY(work_of<LoadedRecord>(list, loaded_key()));
  if (!loaded) return {};
  const bool newer = loading.version > loaded->version && loading.log_size >= loaded->log_size;
  if (newer) return {};
  return refuse("loading-older",
                version_name(loaded->version) + " is loaded already, so " +
                    version_name(loading.version) + " cannot be",
                12);
}

}  // namespace

Result<Change> apply_loading(const List& list, const Loading& loading,
                             const EntryContext& context) {
  auto record = TRY(work_of<LoadingRecord>(list, loading_key(loading.version)));
  TRY_VOID(check_same_list(loading, record, context));
  TRY_VOID(check_newer(list, loading));
  const auto last = record ? std::optional(record->status()) : std::nullopt;
  if (!may_follow(last, loading.status)) {
    return refuse("loading-out-of-order",
                  version_name(loading.version) + " is " +
                      (last ? to_string(*last) : std::string("not received yet")) +
                      ", so it cannot become " + to_string(loading.status) +
                      ": received comes first, then verified, then loaded",
                  12);
  }
  TRY_VOID(check_has_happened(loading.at, context.time, 12));
  if (record) {
    TRY_VOID(check_not_before(loading.at, record->steps.back().at,
                              version_name(loading.version) + " was " + to_string(*last), 12));
  } else {
    record = LoadingRecord{loading.version, loading.extract, loading.log_size, {}};
  }
  record->steps.push_back({context.index, loading.status, loading.at});
  Change change;
  if (loading.status == LoadingStatus::loaded) {
    change.work.emplace_back(LoadedRecord{loading.version, loading.log_size, context.index});
  }
  change.work.emplace_back(*std::move(record));
  return change;
}

Result<Change> apply_deployment(const List& list, const Deployment& deployment,
                                const EntryContext& context) {
  TRY_VOID(check_date_came("the count", deployment.day, context.time));
  const auto newest = TRY(work_of<DeploymentRecord>(list, deployment_key()));
  if (newest && deployment.day < newest->deployment.day) {
    return refuse("deployment-older",
                  "the devices were counted on " + newest->deployment.day.text() + " already, by " +
                      name_of(newest->entry),
                  13);
  }
  Change change;
  change.work.emplace_back(DeploymentRecord{context.index, deployment});
  return change;
}

Result<Change> apply_specifications(const List& list, const Specifications& specifications,
                                    const EntryContext& context) {
  const auto newest = TRY(work_of<SpecificationsRecord>(list, specifications_key()));
  const std::uint64_t next = newest ? newest->specifications.version + 1 : 1;
  if (specifications.version != next) {
    return refuse("specifications-version-mismatch",
                  "the next version of the table is " + std::to_string(next) + ", not " +
                      std::to_string(specifications.version),
                  15);
  }
  Change change;
  change.work.emplace_back(SpecificationsRecord{context.index, specifications});
  return change;
}

}  // namespace cpl::rules
