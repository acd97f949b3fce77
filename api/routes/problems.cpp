#include "api/routes/problems.hpp"

#include <nlohmann/json.hpp>

namespace cpl {

void Problems::note(const Error& error) {
  if (is_fault(error)) faults_.meet(error, clock_.now());
}

HttpResponse Problems::response(const Error& error) {
  note(error);
  return problem_response(error, base_);
}

Json Problems::item(const Error& error) {
  note(error);
  return problem_json(error, base_);
}

}  // namespace cpl
