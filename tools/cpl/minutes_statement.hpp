// A statement of minutes, from the paper and from what a clerk says of it.
#pragma once

#include "registry/minutes/minutes.hpp"
#include "registry/statement/statement.hpp"
#include "tools/cpl/sealer.hpp"

namespace cpl {

struct MinutesOptions {
  std::string file;  // Its name, for messages.
  std::string origin;
  std::string status;
  std::string date;
  std::string classification = "WHITE";
  std::vector<std::uint64_t> sealed_items;
  std::vector<std::uint64_t> public_items;
  std::vector<std::string> closed_actions;  // Of those outstanding, what is done.
  bool accept_unplaced = false;
  bool accept_no_decisions = false;
  std::string out;
};

// Lines that the reader could not place: a person reads them before the minutes count.
std::vector<std::string> unplaced_lines(const MinutesOutline& outline,
                                        const MinutesOptions& options);

// `outline` is what was read in the document.
Result<Minutes> minutes_of(const MinutesOptions& options, BytesView document,
                           const MinutesOutline& outline, Sealer& sealer);

}  // namespace cpl
