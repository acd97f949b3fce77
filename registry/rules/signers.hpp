// Who signed a statement, as far as the charter in force knows them. Checking signatures is the
// slow part and needs no order, so it happens on any thread, before the rules are asked.
#pragma once

#include "registry/list/list.hpp"

namespace cpl {

struct SignedStatement {
  Bytes note;  // Verbatim.
  Hash id;
  Statement statement;
  std::vector<NoteVerifier> signers;  // Distinct keys whose signatures verified.
  std::vector<std::string> repeated;  // Names that stand under it more than once.
  std::optional<EntryIndex> charter;  // Against which the signatures were checked.
};

// Whether the signatures were checked against this charter, null before entry 0: if another came
// into force since, the statement is to be opened again.
bool is_opened_under(const SignedStatement& statement, const CharterRecord* in_force);

// Of the keys that the charter in force knows, and a charter's own panel, those that a line of the
// note is of. Of an entry's statement they are its signers: each was verified before it was taken.
std::vector<NoteVerifier> signing_keys(const Note& note, const Statement& statement,
                                       const std::shared_ptr<const CharterRecord>& in_force);

// A signed note whose lines can be read, and whose text nobody has looked at yet.
struct UnopenedStatement {
  Bytes note;  // Verbatim.
  Note parsed;
  Hash id;
};
Result<UnopenedStatement> receive_statement(BytesView note);

// Checks the signatures of keys in force (`in_force` is null before entry 0), of which there must
// be one; then reads the text. Of a charter it checks those of its own panel too, once the panel in
// force has signed by its threshold. So a stranger has one signature checked, and no text read.
Result<SignedStatement> open_statement(UnopenedStatement received,
                                       const std::shared_ptr<const CharterRecord>& in_force);
// Both in one.
Result<SignedStatement> open_statement(BytesView note,
                                       const std::shared_ptr<const CharterRecord>& in_force);

}  // namespace cpl
