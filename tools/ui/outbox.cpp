#include "tools/ui/outbox.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/statement/statement.hpp"
#include "tools/shared/files.hpp"
#include "tools/ui/kept_checkpoint.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t names_max = 1000;
constexpr std::size_t id_digits_in_name = 8;
constexpr std::string_view sent_folder = "sent";
constexpr std::string_view seals_suffix = ".seals";

Error outbox_error(const fs::path& path, const std::error_code& failed) {
  return Error{Errc::unavailable, "outbox-unusable", path.string() + ": " + failed.message()};
}

// Of a file that may be shown and named in an address: it cannot lead elsewhere.
bool is_plain_name(std::string_view name) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  return !name.empty() && name.size() <= 200 && name.front() != '.' &&
         name.find_first_not_of(allowed) == name.npos;
}

bool is_statement_name(std::string_view name) {
  return is_plain_name(name) && name != sent_folder && !name.ends_with(seals_suffix) &&
         !name.starts_with(kept_checkpoint_prefix);
}

// "decision-3fa91c02.stmt"
std::string name_for(const Statement& statement, BytesView text) {
  return std::string(statement.type()) + "-" +
         to_hex(statement_id(text)).substr(0, id_digits_in_name) + ".stmt";
}

bool has_line(const Note& note, const NoteSignature& line) {
  return std::any_of(note.signatures.begin(), note.signatures.end(), [&](const auto& known) {
    return known.name == line.name && known.key_id == line.key_id;
  });
}

Result<void> make_private_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return outbox_error(folder, failed);
  fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed) return outbox_error(folder, failed);
  return {};
}

}  // namespace

fs::path default_outbox() {
  const auto value = [](const char* name) {
    const char* const set = std::getenv(name);
    return std::string(set == nullptr ? "" : set);
  };
  const std::string state = value("XDG_STATE_HOME");
  return (state.empty() ? fs::path(value("HOME")) / ".local/state" : fs::path(state)) / "cpl" /
         "outbox";
}

Result<Outbox> Outbox::open(const fs::path& folder) {
  TRY_VOID(make_private_folder(folder));
  return Outbox(folder);
}

Result<std::vector<std::string>> Outbox::names() const {
  std::error_code failed;
  std::vector<std::string> names;
  for (fs::directory_iterator at(folder_, failed), end; !failed && at != end;
       at.increment(failed)) {
    std::string name = at->path().filename().string();
    if (is_statement_name(name) && names.size() < names_max) names.push_back(std::move(name));
  }
  if (failed) return outbox_error(folder_, failed);
  std::sort(names.begin(), names.end());
  return names;
}

Result<fs::path> Outbox::find(const std::string& name) const {
  std::error_code ignored;
  if (is_statement_name(name) && fs::exists(folder_ / name, ignored)) return folder_ / name;
  return Error{Errc::not_found, "statement-not-here",
               "This statement is not on this computer: it was sent, or taken away."};
}

Result<std::optional<std::string>> Outbox::find_statement(BytesView text) const {
  for (const std::string& name : TRY(names())) {
    std::error_code ignored;
    if (fs::is_directory(folder_ / name, ignored)) continue;
    const auto note = read_statement_file(folder_ / name);
    if (note && note->text == text) return std::optional(name);
  }
  return std::optional<std::string>();
}

Result<std::string> Outbox::take(const Note& note) const {
  const Statement statement = TRY(parse_statement(note.text));
  const auto known = TRY(find_statement(note.text));
  const std::string name = known ? *known : name_for(statement, note.text);
  Note merged = known ? TRY(read_statement_file(folder_ / name)) : Note{note.text, {}};
  for (const NoteSignature& line : note.signatures) {
    if (!has_line(merged, line)) merged.signatures.push_back(line);
  }
  if (merged.signatures.size() > note_signatures_max) {
    return malformed("note-malformed", "with these lines it would have too many signatures");
  }
  TRY_VOID(write_file(folder_ / name, merged.signatures.empty() ? merged.text : format_note(merged),
                      Secrecy::open));
  return name;
}

Result<std::string> Outbox::keep(BytesView text, const Sealer& sealer) const {
  const Statement statement = TRY(parse_statement(text));
  const std::string name = name_for(statement, text);
  TRY_VOID(sealer.check_plain());
  TRY(sealer.write_beside((folder_ / name).string()));
  TRY_VOID(write_file(folder_ / name, text, Secrecy::open));
  return name;
}

Result<std::string> Outbox::keep_many(
    const std::string& kind, const std::vector<std::pair<std::string, Bytes>>& texts) const {
  Bytes all;
  for (const auto& [name, text] : texts) all += text;
  const std::string name = kind + "-" + to_hex(sha256(all)).substr(0, id_digits_in_name);
  if (find(name)) return name;
  // Under its name once it is whole: nobody signs a part of it, whatever ends this before.
  const fs::path begun = folder_ / ("." + name);
  std::error_code failed;
  fs::remove_all(begun, failed);
  TRY_VOID(make_private_folder(begun));
  for (const auto& [file, text] : texts) {
    check(is_plain_name(file));
    TRY_VOID(write_file(begun / file, text, Secrecy::open));
  }
  fs::rename(begun, folder_ / name, failed);
  if (failed) return outbox_error(folder_ / name, failed);
  return name;
}

Result<void> Outbox::put_away(const std::string& name) const {
  const fs::path from = TRY(find(name));
  TRY_VOID(make_private_folder(folder_ / sent_folder));
  std::error_code failed;
  for (const std::string& suffix : {std::string(), std::string(seals_suffix)}) {
    if (!fs::exists(from.string() + suffix, failed)) continue;
    fs::rename(from.string() + suffix, folder_ / sent_folder / (name + suffix), failed);
    if (failed) return outbox_error(from, failed);
  }
  return {};
}

Result<void> Outbox::discard(const std::string& name) const {
  const fs::path path = TRY(find(name));
  std::error_code failed;
  fs::remove_all(path, failed);
  if (failed) return outbox_error(path, failed);
  fs::remove(seals_file_of(path.string()), failed);
  if (failed) return outbox_error(path, failed);
  return {};
}

}  // namespace cpl
