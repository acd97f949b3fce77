// Errors as answers; the operator is told of what is a fault here. Any thread.
#pragma once

#include "api/http/problem.hpp"
#include "registry/base/clock.hpp"
#include "registry/base/fault_teller.hpp"

namespace cpl {

class Problems {
 public:
  Problems(FaultTeller::Tell tell, const Clock& clock, std::string base)
      : faults_(std::move(tell)), clock_(clock), base_(std::move(base)) {}

  HttpResponse response(const Error& error);
  Json item(const Error& error);  // One among other answers.
  std::uint64_t faults() const { return faults_.count(); }

 private:
  void note(const Error& error);

  FaultTeller faults_;
  const Clock& clock_;
  const std::string base_;
};

}  // namespace cpl
