#include "registry/signers.hpp"

namespace cpl {
namespace {

std::vector<std::string> repeated_names(const Note& note) {
  std::vector<std::string> repeated;
  for (std::size_t i = 0; i < note.signatures.size(); ++i) {
    const std::string& name = note.signatures[i].name;
    const auto so_far = note.signatures.begin() + static_cast<std::ptrdiff_t>(i);
    const auto before = std::count_if(note.signatures.begin(), so_far,
                                      [&](const NoteSignature& line) { return line.name == name; });
    if (before == 1) repeated.push_back(name);
  }
  return repeated;
}

}  // namespace

// There are many more keys than lines, and this is done for every entry.
std::vector<NoteVerifier> signing_keys(const Note& note, const Statement& statement,
                                       const std::shared_ptr<const CharterRecord>& in_force) {
  std::vector<NoteVerifier> keys;
  const auto add = [&](const std::vector<NoteVerifier>& more) {
    for (const NoteVerifier& key : more) {
      const bool is_new = std::find(keys.begin(), keys.end(), key) == keys.end();
      if (is_new && line_of(note, key) != nullptr) keys.push_back(key);
    }
  };
  if (in_force != nullptr) {
    for (const auto& [role, role_keys] : in_force->charter.roles) add(role_keys.keys);
  }
  if (const auto* charter = std::get_if<Charter>(&statement.body)) {
    add(charter->roles.at(Role::panel).keys);
  }
  return keys;
}

Result<SignedStatement> open_statement(BytesView message,
                                       const std::shared_ptr<const CharterRecord>& in_force) {
  if (message.size() > statement_size_max) {
    return Error{Errc::too_large, "statement-too-large",
                 "a statement has at most " + std::to_string(statement_size_max) + " octets", 0};
  }
  const Note note = TRY(parse_note(message));
  Statement statement = TRY(parse_statement(note.text));
  SignedStatement opened{
      Bytes(message), statement_id(note.text), std::move(statement), {}, repeated_names(note), {}};
  if (in_force != nullptr) opened.charter = in_force->entry;
  if (in_force == nullptr && !std::holds_alternative<Charter>(opened.statement.body)) {
    return refuse("charter-missing", "the first entry of a registry must be its charter", 2);
  }
  const auto keys = signing_keys(note, opened.statement, in_force);
  for (const std::size_t position : TRY(verify_note(note, keys))) {
    opened.signers.push_back(keys[position]);
  }
  return opened;
}

}  // namespace cpl
