// What removing models leaves their devices with: whether there is firmware on the list that they
// may be upgraded to (domain rule B22: shown before anybody signs).
#pragma once

#include "registry/log/log_view.hpp"

namespace cpl {

// Of one model, were all of those asked about off the list. All ids are of listed models.
struct RemovalImpact {
  ModelId id;
  std::optional<ModelRecord> record;    // Absent: it was never listed.
  std::vector<ModelId> successors;      // They name it as predecessor, and stay.
  std::vector<ModelId> same_hardware;   // Other firmware that stays.
  std::vector<ModelId> without_way_up;  // They stay, and every listed successor of theirs goes.

  bool has_successor() const { return !successors.empty(); }
};

// In the order asked for. Errors: `impact-too-large` where more records would have to be read than
// one question may cost.
Result<std::vector<RemovalImpact>> removal_impact(const StoredList& list,
                                                  const std::vector<ModelId>& removed);

}  // namespace cpl
