#include "tools/cpld/keys.hpp"

#include <spdlog/spdlog.h>

#include "crypto/encoding.hpp"
#include "crypto/locked_memory.hpp"
#include "crypto/note.hpp"
#include "tools/shared/files.hpp"

namespace cpl {
namespace {

constexpr std::size_t key_file_size_max = 64U << 10U;

Result<NoteSigner> read_log_key(const std::filesystem::path& file, const Config& config) {
  Bytes text = TRY(read_exact_file(file, key_file_size_max));
  auto key = NoteSigner::parse(text);
  wipe(text);
  if (!key) return within(file.string(), key.error());
  if (key->verifier().type() != NoteKeyType::ed25519) {
    return malformed("key-malformed", file.string() + ": the log signs with an Ed25519 key");
  }
  if (key->verifier().name() != config.origin) {
    return malformed("key-malformed", file.string() + ": the log's key is named \"" +
                                          key->verifier().name() + "\", its origin is \"" +
                                          config.origin + "\"; they must be the same");
  }
  return key;
}

}  // namespace

Result<LogKeys> read_log_keys(const Config& config) {
  NoteSigner newest = TRY(read_log_key(config.log_key_file, config));
  LogKeys keys{std::move(newest), std::nullopt};
  if (config.old_log_key_file.empty()) return keys;
  keys.old = TRY(read_log_key(config.old_log_key_file, config));
  if (keys.old->verifier() == keys.newest.verifier()) {
    return malformed("key-malformed", config.old_log_key_file.string() + ": is the same key as " +
                                          config.log_key_file.string());
  }
  return keys;
}

Result<void> pin_charter(const Config& config, Log& log) {
  if (!config.charter) return {};
  log.pin_charter(*config.charter);
  if (log.view()->size().value == 0) return {};
  const auto first = log.view()->entry(EntryIndex{0});
  const auto note = first ? parse_note(first->statement) : Result<Note>(first.error());
  if (!note) {  // The rest can still be served.
    spdlog::error("the charter, entry 0, cannot be read: {}", note.error().detail);
    return {};
  }
  const Hash id = statement_id(note->text);
  if (id == *config.charter) return {};
  return refuse("charter-mismatch", "the log in " + config.data_dir.string() +
                                        " begins with the charter " + to_hex(id) +
                                        ", and the configuration names " + to_hex(*config.charter) +
                                        ": is it the right volume?");
}

void warn_of_log_key(const Log& log, const LogKeys& keys) {
  const auto charter = log.view()->charter();
  if (charter == nullptr || charter->charter.log_keys.empty()) return;
  const auto& named = charter->charter.log_keys;
  const auto is_named = [&](const NoteSigner& key) {
    return std::find(named.begin(), named.end(), key.verifier()) != named.end();
  };
  if (is_named(keys.newest) || (keys.old && is_named(*keys.old))) return;
  spdlog::warn(
      "the charter in force, entry {}, names other keys of the log than the one it signs with: "
      "audits will say so until a charter names {}",
      charter->entry.value, keys.newest.verifier().to_string());
}

}  // namespace cpl
