// Who has signed a statement that waits for more signatures, and who still can, by the charter in
// force. Only good signatures of keys that count for it are ever kept: a line of any other key, and
// a second one of the same, is left out.
#pragma once

#include "registry/rules/rules.hpp"

namespace cpl {

// Of one group of keys: "panel", or "new_panel" of a charter, which names its own.
struct TraySigners {
  std::string whose;
  std::uint64_t needed = 0;
  std::vector<std::string> signed_by;
  std::vector<std::string> can_sign;

  bool is_enough() const { return signed_by.size() >= needed; }
};

// A statement with good signatures of keys that count for it, and no other line.
struct TrayNote {
  Note note;
  Hash id;  // The statement's.
  Statement statement;
  Role role{};                       // Whose keys it needs, of the charter in force.
  std::vector<TraySigners> signers;  // Two groups for a new charter.

  bool is_complete() const;
};

// Of what somebody sends. A stranger has one signature checked, and no text read. Errors: those of
// `open_statement`; `tray-signer-missing` where nobody of the role has signed it.
Result<TrayNote> receive_tray_note(BytesView note, const CharterRecord& in_force);

// Of what was kept: a charter may have come into force since, and lines of keys that it does not
// know count no more. Errors are of stored data.
Result<TrayNote> recount_tray_note(BytesView note, const CharterRecord& in_force);

// The lines of `more` that `kept` has not. `signature-known` where there is none. Both are of one
// text.
Result<Note> merged_note(const Note& kept, const Note& more);

}  // namespace cpl
