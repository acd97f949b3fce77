#include "tools/cpl/preflight.hpp"

#include <iostream>

namespace cpl {
namespace {

void say(const std::string& sentence) { std::cerr << "cpl: " << printable(sentence) << "\n"; }

// What another statement, or time, still puts right.
bool may_come_right(const Error& error) {
  constexpr std::array<std::string_view, 4> codes = {"charter-missing", "predecessor-not-found",
                                                     "removal-not-validated", "not-yet-effective"};
  return std::find(codes.begin(), codes.end(), error.code) != codes.end();
}

bool is_answer(const Error& error) {
  return error.errc != Errc::unavailable && error.errc != Errc::overloaded;
}

}  // namespace

Result<void> check_before_signing(const Cli& cli, BytesView statement_text) {
  if (!cli.server_is_named()) return {};
  const auto checked = cli.client().post("/v1/statements/check", statement_text, "text/plain");
  if (checked) return {};
  const Error& error = checked.error();
  if (!is_answer(error)) {
    say("the registry could not be asked whether it would accept this: " + error.detail);
    return {};
  }
  if (may_come_right(error)) {
    say("the registry would not take it yet: " + error.detail);
    return {};
  }
  if (cli.force) {
    say("the registry would refuse this: " + error.detail);
    return {};
  }
  return within(
      "nothing was prepared, since the registry would refuse it (--force prepares it all "
      "the same)",
      error);
}

}  // namespace cpl
