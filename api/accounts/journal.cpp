#include "api/accounts/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t what_size_max = 1000;
constexpr std::size_t line_size_max = 64 * 1024;
constexpr std::size_t scanned_octets = 64 * 1024;

Error unavailable(const std::filesystem::path& path, const std::string& what) {
  return Error{Errc::unavailable, "journal-unavailable",
               path.string() + ": " + what + ": " + std::strerror(errno)};
}

Bytes format(const JournalLine& line, UnixMillis now) {
  Json json = {{"time", format_time_millis(now)},
               {"who", line.who},
               {"what", utf8_prefix(line.what, what_size_max)}};
  if (!line.from.empty()) json["from"] = line.from;
  if (line.status) json["status"] = *line.status;
  if (!line.about.empty()) json["about"] = Json::parse(line.about);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Where each line ends. What a crash left without its end is given one.
Result<std::vector<std::uint64_t>> find_ends(const FileDescriptor& file,
                                             const std::filesystem::path& path) {
  std::vector<std::uint64_t> ends;
  std::array<char, scanned_octets> buffer{};
  std::uint64_t at = 0;
  while (true) {
    const auto count = ::pread(file.number(), buffer.data(), buffer.size(), static_cast<off_t>(at));
    if (count < 0) return unavailable(path, "cannot be read");
    if (count == 0) break;
    for (ssize_t i = 0; i < count; ++i) {
      if (buffer[static_cast<std::size_t>(i)] == '\n') {
        ends.push_back(at + static_cast<std::uint64_t>(i) + 1);
      }
    }
    at += static_cast<std::uint64_t>(count);
  }
  if (at == (ends.empty() ? 0 : ends.back())) return ends;
  if (::write(file.number(), "\n", 1) != 1) return unavailable(path, "cannot be written");
  ends.push_back(at + 1);
  return ends;
}

}  // namespace

Journal::Journal(std::filesystem::path file, const Clock& clock, Tell tell)
    : path_(std::move(file)), clock_(clock), tell_(std::move(tell)) {}

// A disk that was full may have room again: it is tried each time.
Result<void> Journal::open() const {
  if (file_) return {};
  const int number = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (number < 0) return unavailable(path_, "cannot be opened");
  FileDescriptor file(number);
  ends_ = TRY(find_ends(file, path_));
  TRY_VOID(sync_folder(path_.parent_path()));
  file_.emplace(std::move(file));
  return {};
}

Result<void> Journal::add(const JournalLine& line) {
  const Bytes text = format(line, clock_.now());
  if (tell_) tell_(text.substr(0, text.size() - 1));
  const Lock lock(mutex_);
  TRY_VOID(open());
  const auto written = ::write(file_->number(), text.data(), text.size());
  const bool is_whole = written == static_cast<ssize_t>(text.size());
  if (is_whole && ::fdatasync(file_->number()) == 0) {
    ends_.push_back((ends_.empty() ? 0 : ends_.back()) + text.size());
    return {};
  }
  const Error error = unavailable(path_, "a line cannot be written");
  file_.reset();  // What it holds now is looked at anew.
  return error;
}

Result<Json> Journal::read(std::uint64_t number) const {
  const std::uint64_t begin = number == 1 ? 0 : ends_[number - 2];
  Bytes text(std::min<std::uint64_t>(ends_[number - 1] - begin, line_size_max), '\0');
  const auto count = ::pread(file_->number(), text.data(), text.size(), static_cast<off_t>(begin));
  if (count < 0) return unavailable(path_, "cannot be read");
  auto json = parse_json(text);
  Json line =
      json && json->is_object() ? *std::move(json) : Json{{"what", "(a line that cannot be read)"}};
  line["number"] = number;
  return line;
}

Result<std::vector<Json>> Journal::newest(std::optional<std::uint64_t> before,
                                          std::size_t count_max) const {
  const Lock lock(mutex_);
  TRY_VOID(open());
  std::vector<Json> lines;
  std::uint64_t number =
      std::min<std::uint64_t>(before.value_or(ends_.size() + 1), ends_.size() + 1);
  while (number > 1 && lines.size() < count_max) lines.push_back(TRY(read(--number)));
  return lines;
}

}  // namespace cpl
