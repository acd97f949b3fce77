#include "registry/tlog/checkpoint.hpp"
#include "registry/witness/witness_protocol.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

CPL_FUZZ_TARGET(add_checkpoint) {
  const auto request = parse_add_checkpoint(input);
  if (!request) return;
  check(format_add_checkpoint(*request) == input);
  if (const auto note = parse_note(request->note)) {
    static_cast<void>(parse_checkpoint_lines(note->text));
  }
}

}  // namespace cpl::fuzz
