#include "crypto/note_key.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

CPL_FUZZ_TARGET(note_key) {
  const auto key = NoteVerifier::parse(input);
  if (!key) return;
  check(key->to_string() == input);
}

}  // namespace cpl::fuzz
