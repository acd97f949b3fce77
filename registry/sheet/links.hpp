// What the rows of a model sheet say about each other: doubles, predecessors, circles, and rows
// that look like one another by mistake. Part of model_sheet.
#pragma once

#include <unordered_map>

#include "registry/sheet/row.hpp"

namespace cpl::sheet {

// The rows of a sheet that are sound by themselves. Borrowed names point into `reading.models`,
// which must not grow any more.
class Links {
 public:
  // `predecessors[i]` is what the row of reading.models[i] names. `faulty_entry_ids` are those of
  // rows that are out already: to name one is no further mistake.
  Links(const Header& header, SheetReading& reading,
        std::vector<std::vector<std::string>> predecessors,
        std::vector<std::string> faulty_entry_ids);

  void check();

 private:
  void find_doubles();
  void resolve_predecessors();
  void resolve(std::size_t index, const std::string& name);
  void find_circles();
  void find_transposed_digits();
  void compare_transposed(std::size_t index, std::size_t at, const std::vector<std::size_t>& chain);
  void note(std::size_t index, SheetProblem::Severity severity, std::string column,
            std::string detail);

  const Header& header_;
  SheetReading& reading_;
  std::vector<std::vector<std::string>> predecessors_;
  std::vector<std::string> faulty_entry_ids_;  // Sorted.
  std::vector<ModelId> ids_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
  std::unordered_map<std::string_view, std::size_t> by_entry_id_;
};

}  // namespace cpl::sheet
