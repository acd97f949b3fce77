// A bug ends the judge: the page sees that it stopped, and says that there is no verdict. There are
// no exceptions here, so what would throw one ends it, too.
#include <boost/throw_exception.hpp>
#include <exception>

#include "crypto/result.hpp"

namespace cpl {

void throw_exception_from_error(const Error&, const boost::source_location&) { __builtin_trap(); }

void check(bool holds, boost::source_location) {
  if (!holds) __builtin_trap();
}

}  // namespace cpl

namespace boost {

void throw_exception(const std::exception&) { __builtin_trap(); }
void throw_exception(const std::exception&, const boost::source_location&) { __builtin_trap(); }

}  // namespace boost
