#include "tools/cpl/statement_review.hpp"

#include <iostream>

#include "api/routes/views.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/entry_text.hpp"
#include "tools/cpl/impact.hpp"
#include "tools/cpl/sealer.hpp"

namespace cpl {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text;
}

std::string role_text(Role role) {
  switch (role) {
    case Role::panel:
      return "Panel";
    case Role::registrar:
      return "registrar";
    case Role::service_desk:
      return "Service Desk";
  }
  return "";
}

bool holds(const RoleKeys& role, const NoteVerifier& key) {
  return std::find(role.keys.begin(), role.keys.end(), key) != role.keys.end();
}

std::string role_of(const NoteVerifier& key, const CharterInForce& charter) {
  if (!charter) return "no key of a charter";
  for (const auto& [role, keys] : charter->charter.roles) {
    if (holds(keys, key)) return "a " + role_text(role) + " key";
  }
  return "no key of the charter";
}

// All keys that may stand under the statement: those in force, and the Panel that a charter names.
std::vector<NoteVerifier> known_keys(const Statement& statement, const CharterInForce& charter) {
  std::vector<NoteVerifier> keys;
  if (charter) {
    for (const auto& [role, role_keys] : charter->charter.roles) {
      keys.insert(keys.end(), role_keys.keys.begin(), role_keys.keys.end());
    }
  }
  if (const auto* named = std::get_if<Charter>(&statement.body)) {
    for (const NoteVerifier& key : named->roles.at(Role::panel).keys) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

struct NeededKeys {
  std::string whose;
  std::uint64_t count;
  const RoleKeys& keys;
};

// Rules 1 and 2. Nothing where no charter is known.
std::vector<NeededKeys> needed_keys(const Statement& statement, const CharterInForce& charter) {
  std::vector<NeededKeys> needed;
  if (charter) {
    const auto [role, count] = signers_needed(statement.body, charter->charter);
    needed.push_back({role_text(role), count, charter->charter.roles.at(role)});
  }
  if (const auto* named = std::get_if<Charter>(&statement.body)) {
    const RoleKeys& panel = named->roles.at(Role::panel);
    needed.push_back({charter ? "new Panel" : "Panel", panel.threshold, panel});
  }
  return needed;
}

bool is_verified(const std::vector<NoteVerifier>& keys, const NoteSignature& line) {
  return std::any_of(keys.begin(), keys.end(), [&](const NoteVerifier& key) {
    return key.name() == line.name && key.key_id() == line.key_id;
  });
}

Result<std::string> sealed_texts(const StatementReview& review) {
  std::string text;
  for (const SealedWords& sealed : TRY(sealed_words(review))) {
    text += "\nunder seal, " + printable(sealed.place) + ": " +
            (sealed.fits ? printable(sealed.words) : red("the file of seals does not fit"));
  }
  return text;
}

Result<CharterInForce> fetch_charter(const Cli& cli) {
  auto answer = cli.client().get("/v1/charter");
  if (!answer && answer.error().code == "charter-missing") return CharterInForce();
  const Json entry = TRY(parse_json(TRY(std::move(answer)).body));
  const auto note = entry.find("statement");
  const auto index = entry.find("index");
  if (note == entry.end() || !note->is_string() || index == entry.end() ||
      !index->is_number_unsigned()) {
    return malformed("answer-malformed", "the registry's answer holds no charter");
  }
  Statement statement = TRY(read_signed(note->get<std::string>()));
  auto* charter = std::get_if<Charter>(&statement.body);
  if (charter == nullptr) {
    return malformed("answer-malformed", "what the registry shows as its charter is not a charter");
  }
  return std::make_shared<const CharterRecord>(
      CharterRecord{std::move(*charter), EntryIndex{index->get<std::uint64_t>()}});
}

}  // namespace

CharterInForce guiding_charter(const Cli& cli) {
  if (!cli.server_is_named()) return nullptr;
  auto charter = fetch_charter(cli);
  if (charter) return *std::move(charter);
  std::cerr << "cpl: no signature and no role is checked, since the registry's charter cannot be "
               "read: "
            << printable(charter.error().detail) << "\n";
  return nullptr;
}

std::uint64_t StatementReview::missing() const {
  std::uint64_t most = 0;
  for (const SignaturesOf& one : standing) most = std::max(most, one.missing());
  return most;
}

void recount(StatementReview& review, const CharterInForce& charter) {
  const std::vector<NoteVerifier> keys = known_keys(review.statement, charter);
  review.verified.clear();
  review.unchecked.clear();
  for (const NoteSignature& line : review.note.signatures) {
    (is_verified(keys, line) ? review.verified : review.unchecked).push_back(line.name);
  }
  review.standing.clear();
  for (const NeededKeys& needed : needed_keys(review.statement, charter)) {
    SignaturesOf one{needed.whose, needed.count, 0};
    for (const NoteVerifier& key : needed.keys.keys) {
      if (line_of(review.note, key) != nullptr) ++one.given;
    }
    review.standing.push_back(std::move(one));
  }
}

Result<StatementReview> review_statement(const std::filesystem::path& file,
                                         const CharterInForce& charter) {
  return review_note(file, TRY(read_statement_file(file)), charter);
}

Result<StatementReview> review_note(const std::filesystem::path& file, Note note,
                                    const CharterInForce& charter) {
  auto statement = parse_statement(note.text);
  if (!statement) return within(file.string(), statement.error());
  StatementReview review{file, std::move(note), *std::move(statement)};
  recount(review, charter);
  if (review.verified.empty()) return review;
  const auto verified = verify_note(review.note, known_keys(review.statement, charter));
  if (!verified) return within(file.string(), verified.error());
  return review;
}

Result<std::vector<SealedWords>> sealed_words(const StatementReview& review) {
  std::vector<SealedWords> sealed;
  const std::string file = seals_file_of(review.file.string());
  if (!std::filesystem::exists(file)) return sealed;
  for (Opening& opening :
       TRY(parse_openings(TRY(read_exact_file(file, openings_size_max, LineEnds::any))))) {
    const auto seal = review.statement.seals.find(opening.field);
    const bool fits = seal != review.statement.seals.end() && seal->second.seal == opening.seal();
    sealed.push_back({place_in_words(opening.field), std::move(opening.words), fits});
  }
  return sealed;
}

bool may_sign(const StatementReview& review, const NoteVerifier& key,
              const CharterInForce& charter) {
  const auto needed = needed_keys(review.statement, charter);
  return needed.empty() || std::any_of(needed.begin(), needed.end(),
                                       [&](const NeededKeys& one) { return holds(one.keys, key); });
}

std::string signer_text(const StatementReview& review, const NoteVerifier& key,
                        const CharterInForce& charter) {
  std::string text = "you: " + printable(key.name());
  if (charter) text += ", " + role_of(key, charter);
  if (line_of(review.note, key) != nullptr) return text + "; you have signed";
  return text + (check_role(review, key, charter) ? "; you have not signed"
                                                  : "; this is not yours to sign");
}

Result<void> check_role(const StatementReview& review, const NoteVerifier& key,
                        const CharterInForce& charter) {
  if (may_sign(review, key, charter)) return {};
  return refuse("wrong-role", review.file.string() + ": " + key.name() + " is " +
                                  role_of(key, charter) + "; this " +
                                  std::string(review.statement.type()) + " is signed by the " +
                                  needed_keys(review.statement, charter).front().whose +
                                  ". Nothing was signed; --force signs all the same");
}

std::string signatures_text(const StatementReview& review) {
  if (review.standing.empty()) {
    const std::string names = joined(review.unchecked);
    return "signature lines (not verified; name a registry with --server): " +
           (names.empty() ? "none" : names);
  }
  std::string text;
  for (const SignaturesOf& one : review.standing) {
    text += (text.empty() ? "" : ", ") + std::to_string(one.given) + " of " +
            counted(one.needed, one.whose + " signature");
  }
  if (!review.verified.empty()) text += ", verified: " + joined(review.verified);
  if (!review.unchecked.empty()) {
    text += "; of no key of the charter: " + red(joined(review.unchecked));
  }
  return text;
}

std::string review_line(const StatementReview& review) {
  return printable(review.file.filename().string()) + "  " +
         printable(in_uk_time(summary_of(review.statement))) + "; " + signatures_text(review);
}

// What a decision, notice or removal does, as people say it.
std::string effect_text(const Statement& statement) {
  std::string text;
  const auto models_line = [&](const std::string& what, const std::vector<ModelId>& models) {
    text += bold(what) + " " + counted(models.size(), "model") + ":\n";
    for (const ModelId& model : models) text += "  " + model.text() + "\n";
  };
  if (const auto* decision = std::get_if<Decision>(&statement.body)) {
    for (const Authorisation& one : decision->authorises) {
      models_line(one.act == Act::remove ? "REMOVES" : "REINSTATES", one.models);
    }
    if (decision->authorises.empty()) text += "changes nothing on the list\n";
  }
  if (const auto* notice = std::get_if<Notice>(&statement.body)) {
    models_line("NOTICE TO REMOVE", notice->models);
  }
  return text;
}

Result<std::string> review_text(const StatementReview& review) {
  return bold(std::string(review.statement.type())) + " for " + printable(review.statement.origin) +
         ", issued " + uk_time(review.statement.issued_at) + "\n" +
         printable(in_uk_time(summary_of(review.statement))) + "\n" +
         effect_text(review.statement) + signatures_text(review) + "\nid " +
         to_hex(statement_id(review.note.text)) + "\n" +
         content_text(to_json(review.statement.body)) + TRY(sealed_texts(review));
}

Json to_json(const StatementReview& review) {
  Json json = {{"file", review.file.string()},
               {"type", review.statement.type()},
               {"origin", review.statement.origin},
               {"issued_at", format_time(review.statement.issued_at)},
               {"id", to_hex(statement_id(review.note.text))},
               {"summary", summary_of(review.statement)},
               {"verified", review.verified},
               {"unchecked", review.unchecked},
               {"content", to_json(review.statement.body)}};
  for (const SignaturesOf& one : review.standing) {
    json["needs"].push_back(
        {{"whose", one.whose}, {"signatures", one.needed}, {"missing", one.missing()}});
  }
  return json;
}

Result<void> show_statements(const Cli& cli, const std::string& what,
                             const std::optional<NoteVerifier>& you) {
  const CharterInForce charter = guiding_charter(cli);
  const auto files = TRY(statement_files({what}));
  Json json = Json::array();
  std::string text;
  std::map<std::uint64_t, std::size_t> missing;
  for (const auto& file : files) {
    const StatementReview review = TRY(review_statement(file, charter));
    json.push_back(to_json(review));
    text += files.size() == 1 ? TRY(review_text(review)) : review_line(review);
    const auto impact = files.size() == 1
                            ? ask_told_impact(cli, models_removed_by(review.statement.body))
                            : std::nullopt;
    if (impact) {
      text += "\n" + impact_text(*impact);
      json.back()["impact"] = impact->answer;
    }
    if (you) text += (files.size() == 1 ? "\n" : "; ") + signer_text(review, *you, charter);
    if (files.size() > 1) text += "\n";
    if (!review.standing.empty()) ++missing[review.missing()];
  }
  if (files.size() > 1) text += counted(files.size(), "statement");
  for (const auto& [count, statements] : missing) {
    if (files.size() == 1) break;
    text += count == 0 ? "; " + std::to_string(statements) + " with all signatures"
                       : "; " + std::to_string(statements) + " with " +
                             counted(count, "signature") + " missing";
  }
  cli.print(files.size() == 1 ? json[0] : json, text);
  return {};
}

}  // namespace cpl
