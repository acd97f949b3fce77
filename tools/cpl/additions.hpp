// A list of models as statements of their additions, one for each.
#pragma once

#include "registry/sheet/model_sheet.hpp"
#include "registry/statement/statement.hpp"
#include "tools/cpl/rehearsal.hpp"

namespace cpl {

struct PreparedAddition {
  std::size_t position = 0;  // Of its model in the sheet's reading.
  std::string file;          // By name they sort so that predecessors come first.
  Bytes text;
};

// In the order in which they may be submitted.
Result<std::vector<PreparedAddition>> prepare_additions(const std::string& origin,
                                                        const std::vector<DeviceModel>& models,
                                                        UnixMillis now,
                                                        const StatedTime& effective_from);

// What the registry or a charter would refuse becomes a problem of the sheet's row.
void note_refusals(const Judgements& judgements, const std::vector<PreparedAddition>& prepared,
                   SheetReading& reading);

}  // namespace cpl
