// cpl sign: several people sign one file in turn, on different machines, by passing it on. What is
// signed is shown first, and whoever sits at a terminal is asked.
#include "crypto/encoding.hpp"
#include "tools/cpl/signing.hpp"

namespace cpl {
namespace {

struct SignOptions {
  std::vector<std::string> files;
  SigningWish as;
  std::string out;
};

Result<std::vector<StatementReview>> review_all(const std::vector<std::filesystem::path>& files,
                                                const CharterInForce& charter) {
  std::vector<StatementReview> reviews;
  reviews.reserve(files.size());
  for (const auto& file : files) reviews.push_back(TRY(review_statement(file, charter)));
  return reviews;
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

Result<void> sign_files(const Cli& cli, const SignOptions& options) {
  const auto files = TRY(statement_files(options.files));
  if (!options.out.empty() && files.size() != 1) {
    return malformed("out-with-many", "--out goes with one file; many are signed in place");
  }
  const CharterInForce charter = guiding_charter(cli);
  auto reviews = TRY(review_all(files, charter));
  const std::vector<PersonSigner> keys = TRY(agree_to_sign(cli, options.as, reviews, charter));
  const std::string names = joined_names(keys);
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
  add_signing_options(*sign, options->as);
  sign->add_option("-o,--out", options->out,
                   "Where the signed statement goes; in place if left out");
  sign->callback([&cli, options] { cli.run([&] { return sign_files(cli, *options); }); });
}

}  // namespace cpl
