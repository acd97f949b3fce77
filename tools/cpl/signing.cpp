#include "tools/cpl/signing.hpp"

#include <unistd.h>

#include <iostream>

#include "crypto/encoding.hpp"
#include "tools/cpl/impact.hpp"

namespace cpl {
namespace {

constexpr std::size_t shown_max = 50;

Result<std::string> shown(const std::vector<StatementReview>& reviews) {
  if (reviews.size() == 1) return review_text(reviews.front());
  std::string text;
  for (std::size_t i = 0; i < std::min(shown_max, reviews.size()); ++i) {
    text += review_line(reviews[i]) + "\n";
  }
  if (reviews.size() <= shown_max) return text;
  return text + "and " + std::to_string(reviews.size() - shown_max) +
         " more; cpl show lists all of a folder\n";
}

// Programs are not asked; a person is, unless --yes answered.
Result<void> ask(const Cli& cli, std::size_t count, const std::string& name) {
  if (cli.yes || ::isatty(STDIN_FILENO) != 1) return {};
  std::cerr << "sign " << counted(count, "statement") << " as " << printable(name)
            << "? A signature cannot be taken back. [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  return refuse("not-signed", "nothing was signed");
}

// Each is read once: whoever has a pass phrase or a PIN types it once.
Result<std::vector<PersonSigner>> read_keys(const Cli& cli, const SigningWish& wish,
                                            const std::vector<StatementReview>& reviews,
                                            const CharterInForce& charter) {
  std::vector<PersonSigner> keys;
  for (const std::string& key : wish.keys) {
    keys.push_back(TRY(read_person_key(key)));
    for (const StatementReview& review : reviews) {
      if (!cli.force) TRY_VOID(check_role(review, keys.back().verifier(), charter));
    }
  }
  return keys;
}

// Of all statements together, as they will be acted on.
Result<void> check_impact(const Cli& cli, const SigningWish& wish,
                          const std::vector<StatementReview>& reviews) {
  std::set<ModelId> removed;
  for (const StatementReview& review : reviews) {
    removed.merge(models_removed_by(review.statement.body));
  }
  const auto impact = ask_told_impact(cli, removed);
  if (!impact) return {};
  if (!cli.json) std::cerr << impact_text(*impact) << "\n";
  return confirm_without_successor(*impact, wish.without_successor);
}

}  // namespace

void add_signing_options(CLI::App& command, SigningWish& wish) {
  command.add_option("-k,--key", wish.keys, "The key file; several sign in turn")
      ->allow_extra_args(false)
      ->required();
  command.add_option("--without-successor", wish.without_successor,
                     "Of a removal: models that have no listed successor, which you know");
}

std::string joined_names(const std::vector<PersonSigner>& keys) {
  std::string names;
  for (const PersonSigner& one : keys) {
    names += (names.empty() ? "" : ", ") + one.verifier().name();
  }
  return names;
}

Result<std::vector<PersonSigner>> agree_to_sign(const Cli& cli, const SigningWish& wish,
                                                const std::vector<StatementReview>& reviews,
                                                const CharterInForce& charter) {
  std::vector<PersonSigner> keys = TRY(read_keys(cli, wish, reviews, charter));
  if (!cli.json) std::cerr << TRY(shown(reviews)) << "\n";
  for (const PersonSigner& key : keys) {
    if (cli.json || reviews.size() != 1) break;
    std::cerr << signer_text(reviews.front(), key.verifier(), charter) << "\n";
  }
  TRY_VOID(check_impact(cli, wish, reviews));
  TRY_VOID(ask(cli, reviews.size(), joined_names(keys)));
  return keys;
}

}  // namespace cpl
