#include "tools/cpl/sealer.hpp"

#include "crypto/hash.hpp"

namespace cpl {

std::string seals_file_of(const std::string& statement_file) { return statement_file + ".seals"; }

Result<Sealer> Sealer::create(const std::string& earlier) {
  Sealer sealer;
  if (!earlier.empty()) {
    sealer.earlier_ =
        TRY(parse_openings(TRY(read_exact_file(earlier, openings_size_max, LineEnds::any))));
  }
  return sealer;
}

Text Sealer::seal(const std::string& field, const std::string& words) {
  const auto same = std::find_if(earlier_.begin(), earlier_.end(),
                                 [&](const Opening& opening) { return opening.words == words; });
  openings_.push_back(
      {field, same == earlier_.end() ? random_bytes(salt_size) : same->salt, words});
  return Text(openings_.back().seal());
}

Result<void> Sealer::check_plain() const {
  for (const Opening& opening : openings_) {
    const auto hidden = find_hidden(opening.words, "\n");
    if (!hidden) continue;
    return malformed("statement-invalid", "the text to seal (" + place_in_words(opening.field) +
                                              ") holds " + describe(*hidden));
  }
  return {};
}

std::string Sealer::said(const std::string& seals_file) {
  if (seals_file.empty()) return "";
  return "\nwhat opens its seals is in " + seals_file + " (keep it from the public)";
}

Result<std::string> Sealer::write_beside(const std::string& statement_file) const {
  if (!used()) return std::string();
  if (statement_file == "-") {
    return malformed("out-needs-file",
                     "sealed texts need a file for what opens them: give --out a name, not -");
  }
  const std::string file = seals_file_of(statement_file);
  TRY_VOID(write_file(file, format_openings(openings_), Secrecy::secret));
  return file;
}

}  // namespace cpl
