#include "crypto/note.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

CPL_FUZZ_TARGET(note) {
  const auto note = parse_note(input);
  if (!note) return;
  check(is_note_text(note->text));
  check(format_note(*note) == input);
  check(note->signatures.size() <= note_signatures_max);
}

}  // namespace cpl::fuzz
