#include "registry/list/work_record.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

struct KeyOf {
  WorkKey operator()(const LoadingRecord& record) const { return loading_key(record.version); }
  WorkKey operator()(const LoadedRecord&) const { return loaded_key(); }
  WorkKey operator()(const DeploymentRecord&) const { return deployment_key(); }
  WorkKey operator()(const CalendarRecord& record) const {
    return calendar_key(record.calendar.body);
  }
  WorkKey operator()(const SpecificationsRecord&) const { return specifications_key(); }
  WorkKey operator()(const ActionRecord& record) const {
    return action_key(record.body, record.ref);
  }
};

}  // namespace

std::optional<UnixMillis> LoadingRecord::time_of(LoadingStatus status) const {
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (step->status == status) return step->at;
  }
  return std::nullopt;
}

WorkKey loading_key(std::uint64_t version) {
  WorkKey key{WorkKind::loading, {}};
  append_u64(key.name, version);
  return key;
}
WorkKey loaded_key() { return {WorkKind::loaded, {}}; }
WorkKey deployment_key() { return {WorkKind::deployment, {}}; }
WorkKey calendar_key(const std::string& body) { return {WorkKind::calendar, body}; }
WorkKey specifications_key() { return {WorkKind::specifications, {}}; }
WorkKey action_key(const std::string& body, const std::string& ref) {
  return {WorkKind::action, body + '\0' + ref};
}

WorkKey key_of(const WorkRecord& record) { return std::visit(KeyOf(), record); }

}  // namespace cpl
