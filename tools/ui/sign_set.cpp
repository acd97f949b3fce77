#include "tools/ui/sign_set.hpp"

#include "api/pages/impact.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "tools/cpl/impact.hpp"

namespace cpl {

bool SignSet::is_complete() const {
  return std::all_of(reviews.begin(), reviews.end(), [](const StatementReview& review) {
    return !review.standing.empty() && review.missing() == 0;
  });
}

bool SignSet::is_signed_by(const NoteVerifier& key) const {
  return std::all_of(reviews.begin(), reviews.end(), [&](const StatementReview& review) {
    return line_of(review.note, key) != nullptr;
  });
}

std::string SignSet::id() const {
  Bytes ids;
  for (const StatementReview& review : reviews) ids += statement_id(review.note.text).view();
  return to_hex(sha256(ids));
}

Result<SignSet> read_sign_set(const Outbox& outbox, const std::string& name,
                              const CharterInForce& charter) {
  const auto path = TRY(outbox.find(name));
  std::error_code ignored;
  SignSet set{name, std::filesystem::is_directory(path, ignored), {}};
  for (const auto& file : TRY(statement_files({path.string()}))) {
    set.reviews.push_back(TRY(review_statement(file, charter)));
  }
  if (!set.reviews.empty()) return set;
  return malformed("folder-empty", "There is no statement in the folder " + name + ".");
}

Result<void> check_is_for(const SignSet& set, const std::string& origin) {
  for (const StatementReview& review : set.reviews) {
    if (review.statement.origin == origin) continue;
    return refuse("origin-mismatch", review.file.filename().string() + " is for the registry " +
                                         review.statement.origin + ", and these pages are for " +
                                         origin + ". It cannot be signed here.");
  }
  return {};
}

Href place_of(const SignSet& set) { return Href("/sign").segment(set.name); }

std::vector<const PersonSigner*> who_may_sign(const SignSet& set, const HeldKeys& keys,
                                              const CharterInForce& charter) {
  std::vector<const PersonSigner*> found;
  for (const PersonSigner& key : keys.all()) {
    const bool may = std::all_of(
        set.reviews.begin(), set.reviews.end(),
        [&](const StatementReview& review) { return may_sign(review, key.verifier(), charter); });
    if (may) found.push_back(&key);
  }
  return found;
}

std::vector<std::string> removed_ids(const SignSet& set) {
  std::set<ModelId> removed;
  for (const StatementReview& review : set.reviews) {
    removed.merge(models_removed_by(review.statement.body));
  }
  std::vector<std::string> ids;
  ids.reserve(removed.size());
  for (const ModelId& id : removed) ids.push_back(id.text());
  return ids;
}

std::vector<std::string> stranded_ids(const SignSet& set, const PageSource& source) {
  const auto removed = removed_ids(set);
  if (removed.empty()) return {};
  const auto impact = ask_impact(source, removed);
  return impact ? without_successor(*impact) : std::vector<std::string>();
}

}  // namespace cpl
