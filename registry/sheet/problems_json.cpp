#include "registry/sheet/problems_json.hpp"

#include <nlohmann/json.hpp>

namespace cpl {

Json problems_json(const SheetReading& reading) {
  Json list = Json::array();
  for (const SheetProblem& problem : reading.problems) {
    list.push_back(
        {{"row", problem.row},
         {"column", problem.column},
         {"severity", problem.severity == SheetProblem::Severity::error ? "error" : "warning"},
         {"detail", problem.detail}});
  }
  return list;
}

}  // namespace cpl
