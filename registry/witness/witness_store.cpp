#include "registry/witness/witness_store.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/base/durable_file.hpp"

namespace cpl {
namespace {

constexpr std::size_t id_digits = 16;

Error store_error(const std::filesystem::path& path, std::string_view what) {
  return Error{Errc::unavailable, "witness-store-unavailable",
               path.string() + " " + std::string(what) + ": " + std::strerror(errno), 0};
}

class WitnessFolder final : public WitnessStore {
 public:
  WitnessFolder(std::filesystem::path folder, FileDescriptor lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  Result<std::optional<Bytes>> last(const std::string& origin) const override {
    return read_if_there(folder_of(origin) / "checkpoint", add_checkpoint_octets_max);
  }

  Result<void> put(const std::string& origin, BytesView note) override {
    TRY_VOID(make_folder_durably(folder_of(origin)));
    return replace_durably(folder_of(origin) / "checkpoint", note);
  }

  Result<void> keep_refused(const std::string& origin, BytesView note) override {
    const Note parsed = TRY(parse_note(note));
    const Checkpoint checkpoint = TRY(parse_checkpoint_lines(parsed.text));
    const std::filesystem::path folder = folder_of(origin) / "refused";
    TRY_VOID(make_folder_durably(folder_of(origin)));
    TRY_VOID(make_folder_durably(folder));
    const auto path = folder / (std::to_string(checkpoint.size.value) + "-" +
                                to_hex(sha256(parsed.text)).substr(0, id_digits));
    std::error_code unreadable;
    std::size_t count = 0;
    for (std::filesystem::directory_iterator file(folder, unreadable), end;
         !unreadable && file != end; file.increment(unreadable)) {
      if (file->path() == path) return {};
      ++count;
    }
    if (unreadable) return store_error(folder, "cannot be listed");
    if (count >= refused_checkpoints_max) return {};
    return replace_durably(path, note);
  }

 private:
  std::filesystem::path folder_of(const std::string& origin) const {
    return folder_ / to_hex(sha256(origin));
  }

  const std::filesystem::path folder_;
  const FileDescriptor lock_;
};

}  // namespace

Result<std::unique_ptr<WitnessStore>> open_witness_folder(const std::filesystem::path& folder) {
  TRY_VOID(make_folder_durably(folder));
  const std::filesystem::path path = folder / "lock";
  FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.number() < 0) return store_error(path, "cannot be opened");
  if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
    return store_error(path, "is held by another process; only one witness may use this folder");
  }
  return std::unique_ptr<WitnessStore>(std::make_unique<WitnessFolder>(folder, std::move(lock)));
}

}  // namespace cpl
