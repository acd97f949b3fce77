// What a registry's tray holds, as far as it can be seen here: the note is read and counted by this
// program, and an answer to anything but what was asked is refused.
#pragma once

#include "tools/cpl/statement_review.hpp"

namespace cpl {

// "tray_" and hexadecimal digits: fit for an address. Error `tray-id-malformed`.
Result<void> check_tray_id(const std::string& id);

// A statement of the tray, read from the note alone; `told` is the registry's word about it.
struct TrayAnswer {
  Json told;
  StatementReview review;
};

// All rows, as the registry tells them.
Result<std::vector<Json>> tray_rows(const HttpClient& client);
// Errors: `evidence-mismatch` where the note is not the statement that the registry says it is.
// `copy` is where a copy of it lies, whose seals are read; empty: nowhere.
Result<TrayAnswer> tray_statement(const HttpClient& client, const std::string& id,
                                  const std::filesystem::path& copy, const CharterInForce& charter);

// Puts it there; where the text is there already, its signatures are added. The answer must hold
// this text, each line that counts, and this wish.
Result<TrayAnswer> put_into_tray(const HttpClient& client, const StatementReview& review,
                                 bool submits, const CharterInForce& charter);
// The lines of these keys go under the statement of that id, and must be in the answer.
Result<TrayAnswer> sign_in_tray(const HttpClient& client, const std::string& id,
                                const StatementReview& review,
                                const std::vector<NoteVerifier>& keys,
                                const CharterInForce& charter);
Result<void> withdraw_from_tray(const HttpClient& client, const std::string& id);

}  // namespace cpl
