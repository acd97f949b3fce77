// Before anybody signs: what is signed is shown, whether the keys are of the role that signs it is
// looked at, and whoever sits at a terminal is asked. The same wherever the statement came from.
#pragma once

#include "tools/cpl/person_key.hpp"
#include "tools/cpl/statement_review.hpp"

namespace cpl {

struct SigningWish {
  std::vector<std::string> keys;               // Key files.
  std::vector<std::string> without_successor;  // Models that the signer knows to have none.
};

// --key and --without-successor.
void add_signing_options(CLI::App& command, SigningWish& wish);

// The keys, once all of them may sign and the person has agreed. Errors: `wrong-role`,
// `not-signed`, `no-listed-successor`.
Result<std::vector<PersonSigner>> agree_to_sign(const Cli& cli, const SigningWish& wish,
                                                const std::vector<StatementReview>& reviews,
                                                const CharterInForce& charter);
std::string joined_names(const std::vector<PersonSigner>& keys);

}  // namespace cpl
