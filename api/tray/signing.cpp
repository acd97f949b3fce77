#include "api/tray/signing.hpp"

namespace cpl {
namespace {

struct Group {
  std::string whose;
  std::uint64_t needed;
  const std::vector<NoteVerifier>& keys;
};

// Rules 1 and 2: of a charter also the Panel that it names.
std::vector<Group> groups_of(const StatementBody& body, const Charter& in_force) {
  const auto [role, count] = signers_needed(body, in_force);
  std::vector<Group> groups{{to_string(role), count, in_force.roles.at(role).keys}};
  if (const auto* charter = std::get_if<Charter>(&body)) {
    const RoleKeys& panel = charter->roles.at(Role::panel);
    groups.push_back({"new_panel", panel.threshold, panel.keys});
  }
  return groups;
}

bool is_among(const std::vector<NoteVerifier>& keys, const NoteVerifier& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// All keys that count for it, each once.
std::vector<NoteVerifier> keys_of(const std::vector<Group>& groups) {
  std::vector<NoteVerifier> keys;
  for (const Group& group : groups) {
    for (const NoteVerifier& key : group.keys) {
      if (!is_among(keys, key)) keys.push_back(key);
    }
  }
  return keys;
}

TraySigners signers_of(const Group& group, const Note& note) {
  TraySigners signers{group.whose, group.needed, {}, {}};
  for (const NoteVerifier& key : group.keys) {
    (line_of(note, key) != nullptr ? signers.signed_by : signers.can_sign).push_back(key.name());
  }
  return signers;
}

// `lines` are all that the note may keep: those of these keys, which verified.
TrayNote tray_note(const Note& given, Statement statement, const Charter& in_force,
                   const std::vector<NoteVerifier>& verified) {
  Note note{given.text, {}};
  for (const NoteVerifier& key : verified) note.signatures.push_back(*line_of(given, key));
  const Role role = signers_needed(statement.body, in_force).role;
  std::vector<TraySigners> signers;
  for (const Group& group : groups_of(statement.body, in_force)) {
    signers.push_back(signers_of(group, note));
  }
  const Hash id = statement_id(note.text);
  return {std::move(note), id, std::move(statement), role, std::move(signers)};
}

Error signer_missing(const Statement& statement, Role role) {
  return Error{Errc::unauthorized, "tray-signer-missing",
               "no key of the " + to_string(role) + " in force has signed this " +
                   std::string(statement.type()) + ": sign it first with one of them"};
}

}  // namespace

bool TrayNote::is_complete() const {
  return std::all_of(signers.begin(), signers.end(),
                     [](const TraySigners& one) { return one.is_enough(); });
}

Result<TrayNote> receive_tray_note(BytesView given, const CharterRecord& in_force) {
  const auto charter = std::make_shared<const CharterRecord>(in_force);
  const SignedStatement opened = TRY(open_statement(given, charter));
  const Note note = TRY(parse_note(given));
  const auto groups = groups_of(opened.statement.body, in_force.charter);
  const std::vector<NoteVerifier> keys = keys_of(groups);
  const Role role = signers_needed(opened.statement.body, in_force.charter).role;
  const bool is_signed =
      std::any_of(groups.front().keys.begin(), groups.front().keys.end(),
                  [&](const auto& key) { return line_of(note, key) != nullptr; });
  if (!is_signed) return signer_missing(opened.statement, role);
  std::vector<NoteVerifier> verified;
  for (const std::size_t position : TRY(verify_note(note, keys))) {
    verified.push_back(keys[position]);
  }
  return tray_note(note, opened.statement, in_force.charter, verified);
}

Result<TrayNote> recount_tray_note(BytesView kept, const CharterRecord& in_force) {
  const auto note = parse_note(kept);
  if (!note) return corrupt("a statement in the tray is no note: " + note.error().detail);
  auto statement = parse_statement(note->text);
  if (!statement) return corrupt("a text in the tray is no statement: " + statement.error().detail);
  std::vector<NoteVerifier> with_line;
  for (const NoteVerifier& key : keys_of(groups_of(statement->body, in_force.charter))) {
    if (line_of(*note, key) != nullptr) with_line.push_back(key);
  }
  return tray_note(*note, *std::move(statement), in_force.charter, with_line);
}

Result<Note> merged_note(const Note& kept, const Note& more) {
  Note merged = kept;
  for (const NoteSignature& line : more.signatures) {
    const bool is_known =
        std::any_of(kept.signatures.begin(), kept.signatures.end(), [&](const NoteSignature& one) {
          return one.name == line.name && one.key_id == line.key_id;
        });
    if (!is_known) merged.signatures.push_back(line);
  }
  if (merged.signatures.size() > kept.signatures.size()) return merged;
  return Error{Errc::conflict, "signature-known",
               "the tray holds these signatures already: nothing was added"};
}

}  // namespace cpl
