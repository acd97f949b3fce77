// cpl sign: several people sign one file in turn, on different machines, by passing it on. What is
// signed is shown first, and whoever sits at a terminal is asked.
#include <unistd.h>

#include <iostream>

#include "crypto/encoding.hpp"
#include "tools/cpl/impact.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/cpl/statement_review.hpp"

namespace cpl {
namespace {

struct SignOptions {
  std::vector<std::string> files;
  std::vector<std::string> keys;
  std::vector<std::string> without_successor;
  std::string out;
};

Result<std::vector<StatementReview>> review_all(const std::vector<std::filesystem::path>& files,
                                                const CharterInForce& charter) {
  std::vector<StatementReview> reviews;
  reviews.reserve(files.size());
  for (const auto& file : files) reviews.push_back(TRY(review_statement(file, charter)));
  return reviews;
}

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
Result<std::vector<PersonSigner>> read_keys(const Cli& cli, const SignOptions& options,
                                            const std::vector<StatementReview>& reviews,
                                            const CharterInForce& charter) {
  std::vector<PersonSigner> keys;
  for (const std::string& key : options.keys) {
    keys.push_back(TRY(read_person_key(key)));
    for (const StatementReview& review : reviews) {
      if (!cli.force) TRY_VOID(check_role(review, keys.back().verifier(), charter));
    }
  }
  return keys;
}

std::string joined_names(const std::vector<PersonSigner>& keys) {
  std::string names;
  for (const PersonSigner& one : keys) {
    names += (names.empty() ? "" : ", ") + one.verifier().name();
  }
  return names;
}

Result<void> put_signatures(const Cli& cli, StatementReview& review,
                            const std::vector<PersonSigner>& keys, const std::string& out) {
  for (const PersonSigner& key : keys) TRY_VOID(sign_note(review.note, key));
  const Bytes signed_note = format_note(review.note);
  const bool in_place = out.empty() && review.file != "-";
  if (in_place) return write_file(review.file, signed_note, Secrecy::open);
  return cli.save(out.empty() ? "-" : out, signed_note);
}

std::string next_step(const std::vector<StatementReview>& reviews) {
  std::uint64_t missing = 0;
  for (const StatementReview& review : reviews) {
    if (review.standing.empty()) return "";
    missing = std::max(missing, review.missing());
  }
  if (missing == 0) return "\nnothing is missing: cpl submit";
  return "\nsubmit when " + std::to_string(missing) + " more " + (missing == 1 ? "has" : "have") +
         " signed";
}

// Of all statements together, as they will be acted on.
Result<void> check_impact(const Cli& cli, const SignOptions& options,
                          const std::vector<StatementReview>& reviews) {
  std::set<ModelId> removed;
  for (const StatementReview& review : reviews) {
    removed.merge(models_removed_by(review.statement.body));
  }
  const auto impact = ask_told_impact(cli, removed);
  if (!impact) return {};
  if (!cli.json) std::cerr << impact_text(*impact) << "\n";
  return confirm_without_successor(*impact, options.without_successor);
}

Result<void> sign_files(const Cli& cli, const SignOptions& options) {
  const auto files = TRY(statement_files(options.files));
  if (!options.out.empty() && files.size() != 1) {
    return malformed("out-with-many", "--out goes with one file; many are signed in place");
  }
  const CharterInForce charter = guiding_charter(cli);
  auto reviews = TRY(review_all(files, charter));
  const std::vector<PersonSigner> keys = TRY(read_keys(cli, options, reviews, charter));
  if (!cli.json) std::cerr << TRY(shown(reviews)) << "\n";
  for (const PersonSigner& key : keys) {
    if (cli.json || reviews.size() != 1) break;
    std::cerr << signer_text(reviews.front(), key.verifier(), charter) << "\n";
  }
  TRY_VOID(check_impact(cli, options, reviews));
  const std::string names = joined_names(keys);
  TRY_VOID(ask(cli, reviews.size(), names));
  Progress progress("signing");
  for (std::size_t i = 0; i < reviews.size(); ++i) {
    TRY_VOID(put_signatures(cli, reviews[i], keys, options.out));
    recount(reviews[i], charter);
    progress.show(i + 1, reviews.size());
  }
  const std::string now = reviews.size() == 1 ? "\n" + signatures_text(reviews.front()) : "";
  cli.print({{"signed", files.size()}, {"by", names}}, counted(files.size(), "statement") +
                                                           " signed by " + printable(names) + now +
                                                           next_step(reviews));
  return {};
}

}  // namespace

void add_sign_command(Cli& cli) {
  auto options = std::make_shared<SignOptions>();
  CLI::App* sign = add_command(cli.app, "sign", "Show statements and sign them; needs no server",
                               "cpl sign decision.txt --key panel-2.key");
  sign->add_option("files", options->files, "Statements, or folders of them; - for standard input")
      ->required();
  sign->add_option("-k,--key", options->keys, "The key file; several sign in turn")
      ->allow_extra_args(false)
      ->required();
  sign->add_option("--without-successor", options->without_successor,
                   "Of a removal: models that have no listed successor, which you know");
  sign->add_option("-o,--out", options->out,
                   "Where the signed statement goes; in place if left out");
  sign->callback([&cli, options] { cli.run([&] { return sign_files(cli, *options); }); });
}

}  // namespace cpl
