#include "crypto/result.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace cpl {

void throw_exception_from_error(const Error& error, const boost::source_location& at) {
  throw std::logic_error("value of a failed result taken at " + at.to_string() + ": " +
                         error.detail);
}

void check(bool holds, boost::source_location at) {
  if (holds) return;
  std::fprintf(stderr, "broken invariant at %s\n", at.to_string().c_str());
  std::abort();
}

}  // namespace cpl
