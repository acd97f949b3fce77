// What the log says of the work around the list: which version of it the DCC has loaded, how many
// devices it counted, when the Panel meets, what it gave whom to do, and which specifications hold.
// One kind of record beside models, decisions, meetings and notices, kept by a key of its own.
#pragma once

#include <variant>

#include "registry/statement/statement.hpp"

namespace cpl {

// A version of the extract, as the Service Desk tells of it.
struct LoadingRecord {
  struct Step {
    EntryIndex entry;
    LoadingStatus status{};
    UnixMillis at;
  };

  std::uint64_t version = 0;
  Hash extract;
  TreeSize log_size;
  std::vector<Step> steps;  // The newest last; never empty.

  LoadingStatus status() const { return steps.back().status; }
  // When it last came into the status, if it did.
  std::optional<UnixMillis> time_of(LoadingStatus status) const;
};

// The newest version that the DCC loaded.
struct LoadedRecord {
  std::uint64_t version = 0;
  TreeSize log_size;
  EntryIndex entry;
};

// The newest count.
struct DeploymentRecord {
  EntryIndex entry;
  Deployment deployment;
};

struct CalendarRecord {
  EntryIndex entry;
  MeetingCalendar calendar;
};

struct SpecificationsRecord {
  EntryIndex entry;
  Specifications specifications;
};

struct ActionRecord {
  std::string body;
  std::string ref;
  ActionState state{};
  std::optional<Date> due;
  std::optional<std::string> owner;  // Not known of one that minutes only name as outstanding.
  // What said something of it, the minutes that raised it among them; the newest last.
  std::vector<EntryIndex> entries;
  std::optional<EntryIndex> closed_by;
};

using WorkRecord = std::variant<LoadingRecord, LoadedRecord, DeploymentRecord, CalendarRecord,
                                SpecificationsRecord, ActionRecord>;

// On disk: never change a letter.
enum class WorkKind : char {
  loading = 'v',
  loaded = 'l',
  deployment = 'd',
  calendar = 'c',
  specifications = 's',
  action = 'a',
};

struct WorkKey {
  WorkKind kind{};
  // What tells it from others of its kind: the version as 8 octets; the body; the body, 00 and the
  // reference; nothing where there is one of the kind.
  std::string name;
  auto operator<=>(const WorkKey&) const = default;
};

WorkKey loading_key(std::uint64_t version);
WorkKey loaded_key();
WorkKey deployment_key();
WorkKey calendar_key(const std::string& body);
WorkKey specifications_key();
WorkKey action_key(const std::string& body, const std::string& ref);
WorkKey key_of(const WorkRecord& record);

}  // namespace cpl
