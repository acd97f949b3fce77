// The log as a service keeps it, in a folder: the database `store/` and the record `signed-size`.
#pragma once

#include <filesystem>

#include "registry/log/log.hpp"
#include "registry/store/rocks_store.hpp"

namespace cpl {

// What comes first outlives what comes after it.
struct LogData {
  std::unique_ptr<SignedSizeRecord> signed_size;
  std::unique_ptr<Store> store;
  std::unique_ptr<Log> log;
  // Nothing is wrong with it, but it cannot be written to at present: to be opened again when it
  // can.
  bool awaits_writing = false;
};

// A folder without a log is mostly one whose volume is not mounted, so a log begins only when told.
enum class Begin : std::uint8_t {
  log_that_is_there,  // `log-missing` where there is none; then nothing is made in the folder.
  new_log,            // `log-exists` where there is one, whatever is left of it.
};

// Damage and a rollback are found before anything is written: the log is then opened for reading
// only, and its files stay as they were found; so it is where a full disk, or whatever else is
// short, does not let it be written to. An error is that nothing of it can be read.
Result<LogData> open_log_data(const std::filesystem::path& folder, Begin begin, const Clock& clock,
                              const NoteSigner& log_key, const std::string& origin,
                              const NoteSigner* old_log_key = nullptr);

// That as much as a batch can be written there, and made durable; else why not.
Result<void> try_to_write(const std::filesystem::path& folder);

// The faults as a sentence, with what to do about them.
std::string damage_of(const std::filesystem::path& folder, const std::vector<StoreFault>& faults);

}  // namespace cpl
