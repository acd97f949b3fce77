// A registry where nobody signs alone: two of three Panel keys, two registrar keys.
#pragma once

#include "tests/support/log_fixture.hpp"

namespace cpl::testing {

inline Charter shared_charter() {
  Charter charter = small_charter();
  charter.roles[Role::panel] = {
      2, {signer_of("p1").verifier(), signer_of("p2").verifier(), signer_of("p3").verifier()}};
  charter.roles[Role::registrar] = {2, {signer_of("r1").verifier(), signer_of("r2").verifier()}};
  return charter;
}

inline Bytes signed_by(const StatementBody& body, const std::vector<std::string>& names,
                       UnixMillis issued_at = start_time) {
  Note note{format_statement({log_origin, issued_at, body}), {}};
  for (const std::string& name : names) sign_note(note, signer_of(name));
  return format_note(note);
}
inline Bytes shared_charter_note() { return signed_by(shared_charter(), {"p1", "p2"}); }

// Of a number, signed by these.
inline Bytes half_signed(std::uint64_t number, const std::vector<std::string>& names) {
  return signed_by(Addition{small_model(number), start_time}, names);
}

}  // namespace cpl::testing
