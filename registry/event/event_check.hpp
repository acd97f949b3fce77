// What makes an event of the registry believable, on whichever channel it came: its entry is in the
// log that the policy trusts, nothing before it was missed, and the log never shrinks.
#pragma once

#include <set>

#include "registry/base/json.hpp"
#include "registry/tlog/trust_policy.hpp"

namespace cpl {

struct Told {
  // None: a checkpoint event, or a certificate's end, which are about no entry.
  std::optional<EntryIndex> sequence;
  EntryIndex cursor;                 // What to remember: everything up to there was told.
  std::optional<EntryIndex> before;  // The cursor before it; none where it is the first.
  // The registry itself says that an event which the filter wants was not told before this one.
  // Where it says that there is none, the entries between show whether that is so (between.hpp).
  bool gap = false;
  bool repeated = false;
  std::string summary;  // Made here, from the entry itself: the event's own may say anything.
  std::string line;     // For people.
};

class EventChecker {
 public:
  explicit EventChecker(TrustPolicy policy) : policy_(std::move(policy)) {}

  // Where an earlier run ended.
  void resume_from(EntryIndex cursor) { cursor_ = cursor; }
  const std::optional<EntryIndex>& cursor() const { return cursor_; }

  Result<Told> check(const Json& event);

 private:
  struct ProvenLeaf {
    EntryIndex index;
    Bytes leaf;
  };

  Result<ProvenLeaf> proven_leaf(const Json& data);
  Result<Told> check_entry(const Json& event, const Json& data);
  Result<Told> check_ending(const Json& event, const Json& data);
  Result<Told> check_checkpoint(const Json& data);
  Result<void> trust(BytesView note, Checkpoint& checkpoint);
  bool skipped_something(const Json& event) const;

  const TrustPolicy policy_;
  std::set<EntryIndex> seen_;  // Of this run; the oldest are forgotten.
  std::optional<EntryIndex> cursor_;
  std::optional<Checkpoint> newest_;
};

}  // namespace cpl
