#include "registry/statement/statement.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// The members of a statement may stand in any order, so that it is read again and not compared.
CPL_FUZZ_TARGET(statement) {
  const auto statement = parse_statement(input);
  if (!statement) return;
  const Bytes written = format_statement(*statement);
  const auto again = parse_statement(written);
  check(again.has_value());
  check(format_statement(*again) == written);
}

}  // namespace cpl::fuzz
