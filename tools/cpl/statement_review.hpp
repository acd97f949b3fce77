// What a statement file says, who has signed it and who is still missing: what a person must know
// before putting a signature that stands in the log for ever.
#pragma once

#include "registry/rules/rules.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {

using CharterInForce = std::shared_ptr<const CharterRecord>;

// The charter in force, as the registry shows it that --server or CPL_SERVER names; null where none
// is named, it has no charter yet, or it cannot be asked, which standard error says. Guidance for
// signers: nothing is believed on its account.
CharterInForce guiding_charter(const Cli& cli);

// Of one group of keys: how many must sign, and how many have.
struct SignaturesOf {
  std::string whose;  // "Panel", "registrar", "Service Desk".
  std::uint64_t needed = 0;
  std::uint64_t given = 0;

  std::uint64_t missing() const { return needed - std::min(needed, given); }
};

struct StatementReview {
  std::filesystem::path file;
  Note note;
  Statement statement;
  std::vector<std::string> verified{};   // Keys of the charter whose lines verify.
  std::vector<std::string> unchecked{};  // Names on other lines: of no key that is known here.
  std::vector<SignaturesOf> standing{};  // Two for a new charter. None where no charter is known.

  std::uint64_t missing() const;
};

// Errors: the file is no statement; `signature-invalid` for a line of a known key that does not
// verify.
Result<StatementReview> review_statement(const std::filesystem::path& file,
                                         const CharterInForce& charter);
// Of one that came from elsewhere; `file` is where it would lie, with its seals beside it.
Result<StatementReview> review_note(const std::filesystem::path& file, Note note,
                                    const CharterInForce& charter);
// Again, after a line was put under the note.
void recount(StatementReview& review, const CharterInForce& charter);

// Error `wrong-role`: the charter knows the key in another role than the statement needs, or not
// at all.
Result<void> check_role(const StatementReview& review, const NoteVerifier& key,
                        const CharterInForce& charter);

// A text under seal, where the file that opens it is beside the statement.
struct SealedWords {
  std::string place;  // "reason"
  std::string words;
  bool fits = false;  // The seal is of these words.
};
Result<std::vector<SealedWords>> sealed_words(const StatementReview& review);

// Whether the key may sign it, by the charter; yes where none is known.
bool may_sign(const StatementReview& review, const NoteVerifier& key,
              const CharterInForce& charter);

// "2 of 3 Panel signatures, verified: panel-1, panel-2".
std::string signatures_text(const StatementReview& review);
// One line, for a list of many.
std::string review_line(const StatementReview& review);
// All of it, and the sealed texts where the file that opens them is beside it.
Result<std::string> review_text(const StatementReview& review);
Json to_json(const StatementReview& review);

// "you: panel-2, a Panel key; you have not signed".
std::string signer_text(const StatementReview& review, const NoteVerifier& key,
                        const CharterInForce& charter);

// cpl show of a file, of "-" for standard input, or of a folder, which has a line for each. With
// what it says to whoever holds that key.
Result<void> show_statements(const Cli& cli, const std::string& what,
                             const std::optional<NoteVerifier>& you);

}  // namespace cpl
