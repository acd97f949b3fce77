#include "registry/rules/signers.hpp"

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

void add_keys_with_lines(const Note& note, const std::vector<NoteVerifier>& more,
                         std::vector<NoteVerifier>& keys) {
  for (const NoteVerifier& key : more) {
    const bool is_new = std::find(keys.begin(), keys.end(), key) == keys.end();
    if (is_new && line_of(note, key) != nullptr) keys.push_back(key);
  }
}

std::vector<NoteVerifier> keys_in_force(const Note& note, const CharterRecord& in_force) {
  std::vector<NoteVerifier> keys;
  for (const auto& [role, role_keys] : in_force.charter.roles) {
    add_keys_with_lines(note, role_keys.keys, keys);
  }
  return keys;
}

Result<std::vector<NoteVerifier>> verified_signers(const Note& note,
                                                   const std::vector<NoteVerifier>& keys) {
  std::vector<NoteVerifier> signers;
  for (const std::size_t position : TRY(verify_note(note, keys))) {
    signers.push_back(keys[position]);
  }
  return signers;
}

bool has_panel_threshold(const CharterRecord& in_force, const std::vector<NoteVerifier>& signers) {
  const RoleKeys& panel = in_force.charter.roles.at(Role::panel);
  const auto signed_it = [&](const NoteVerifier& key) {
    return std::find(signers.begin(), signers.end(), key) != signers.end();
  };
  return static_cast<std::uint64_t>(
             std::count_if(panel.keys.begin(), panel.keys.end(), signed_it)) >= panel.threshold;
}

// The panel that a charter names must sign it, too.
Result<void> add_new_panel(const Note& note, const Charter& charter,
                           std::vector<NoteVerifier>& signers) {
  std::vector<NoteVerifier> keys = signers;
  add_keys_with_lines(note, charter.roles.at(Role::panel).keys, keys);
  keys.erase(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(signers.size()));
  if (keys.empty() && !signers.empty()) return {};
  const auto more = TRY(verified_signers(note, keys));
  signers.insert(signers.end(), more.begin(), more.end());
  return {};
}

}  // namespace

bool is_opened_under(const SignedStatement& statement, const CharterRecord* in_force) {
  if (in_force == nullptr) return !statement.charter;
  return statement.charter == in_force->entry;
}

// There are many more keys than lines, and this is done for every entry.
std::vector<NoteVerifier> signing_keys(const Note& note, const Statement& statement,
                                       const std::shared_ptr<const CharterRecord>& in_force) {
  std::vector<NoteVerifier> keys;
  if (in_force != nullptr) keys = keys_in_force(note, *in_force);
  if (const auto* charter = std::get_if<Charter>(&statement.body)) {
    add_keys_with_lines(note, charter->roles.at(Role::panel).keys, keys);
  }
  return keys;
}

Result<UnopenedStatement> receive_statement(BytesView message) {
  if (message.size() > statement_size_max) {
    return Error{Errc::too_large, "statement-too-large",
                 "a statement has at most " + std::to_string(statement_size_max) + " octets", 0};
  }
  Note note = TRY(parse_note(message));
  const Hash id = statement_id(note.text);
  return UnopenedStatement{Bytes(message), std::move(note), id};
}

Result<SignedStatement> open_statement(UnopenedStatement received,
                                       const std::shared_ptr<const CharterRecord>& in_force) {
  const Note& note = received.parsed;
  std::vector<NoteVerifier> signers;
  if (in_force != nullptr) signers = TRY(verified_signers(note, keys_in_force(note, *in_force)));
  Statement statement = TRY(parse_statement(note.text));
  const auto* charter = std::get_if<Charter>(&statement.body);
  if (in_force == nullptr && charter == nullptr) {
    return refuse("charter-missing", "the first entry of a registry must be its charter", 2);
  }
  if (charter != nullptr && (in_force == nullptr || has_panel_threshold(*in_force, signers))) {
    TRY_VOID(add_new_panel(note, *charter, signers));
  }
  SignedStatement opened{std::move(received.note), received.id,          std::move(statement),
                         std::move(signers),       repeated_names(note), {}};
  if (in_force != nullptr) opened.charter = in_force->entry;
  return opened;
}

Result<SignedStatement> open_statement(BytesView message,
                                       const std::shared_ptr<const CharterRecord>& in_force) {
  return open_statement(TRY(receive_statement(message)), in_force);
}

}  // namespace cpl
