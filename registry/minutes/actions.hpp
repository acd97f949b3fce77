// The actions of minutes: those placed at the meeting, and the updates on those of earlier ones.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "registry/minutes/items.hpp"
#include "registry/minutes/minutes.hpp"

namespace cpl {

// Across all items, so that a reference given twice is noticed.
class ActionReader {
 public:
  ActionReader(const OutlineMeeting& meeting, std::vector<OutlineUnplaced>& unplaced);

  // Takes the block of an action.
  void read(const MinutesBlock& block, std::vector<OutlineAction>& actions);

  // The table of updates, if the item has one: its title speaks of actions.
  void read_outstanding(const std::string& title, const std::vector<MinutesBlock>& blocks,
                        std::vector<OutlineOutstandingAction>& outstanding);

 private:
  bool is_of_meeting(const std::string& ref) const;
  void report(const MinutesBlock& block, std::string reason, std::string text);

  std::string own_prefix_;  // "SECP30/"
  std::vector<OutlineUnplaced>& unplaced_;
  std::set<std::string> seen_;
  std::set<std::string> seen_outstanding_;
};

}  // namespace cpl
