// What the operator did, and who read sealed texts: a line each, appended to a file that nothing
// here ever alters, and durable before anybody is answered. No secret is in it: what was done and
// with what outcome, never what was sent or shown.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"
#include "registry/base/durable_file.hpp"
#include "registry/base/json.hpp"

namespace cpl {

struct JournalLine {
  std::string who;   // "operator", "machine", or "party:" and a Party's name.
  std::string from;  // The address; empty for the machine's own.
  std::string what;  // "POST /v1/operator/parties"
  // Absent before it is done. A deed whose second line is missing may or may not have been done.
  std::optional<unsigned> status = std::nullopt;
  Bytes about = {};  // JSON: what came of it. Empty: nothing to tell.
};

class Journal {
 public:
  using Tell = std::function<void(const std::string& line)>;

  // The file is made with the first line. `tell` is told each line, for the service's own log.
  Journal(std::filesystem::path file, const Clock& clock, Tell tell);

  // Any thread, as the next. Errors: `journal-unavailable`.
  Result<void> add(const JournalLine& line);
  // The newest before number `before`, of all where there is none: as JSON, with their numbers,
  // which count from 1.
  Result<std::vector<Json>> newest(std::optional<std::uint64_t> before,
                                   std::size_t count_max) const;

 private:
  Result<void> open() const REQUIRES(mutex_);
  Result<Json> read(std::uint64_t number) const REQUIRES(mutex_);

  const std::filesystem::path path_;
  const Clock& clock_;
  const Tell tell_;
  mutable Mutex mutex_;
  mutable std::optional<FileDescriptor> file_ GUARDED_BY(mutex_);
  mutable std::vector<std::uint64_t> ends_ GUARDED_BY(mutex_);  // Of the lines, in the file.
};

}  // namespace cpl
