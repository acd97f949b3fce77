#include "registry/log/signed_size.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::size_t slot_size = 512;
constexpr std::string_view header = "cpl/signed-size/v1\n";

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  File& operator=(File&&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

Error file_error(const std::filesystem::path& path, const std::string& what) {
  return Error{
      Errc::unavailable, "signed-size-unavailable",
      "the signed-size record " + path.string() + " " + what + ": " + std::strerror(errno)};
}

struct Slot {
  std::uint64_t serial = 0;
  SignedSize signed_size;
};

Bytes encode_slot(const std::string& origin, const Slot& slot) {
  Bytes text = Bytes(header) + origin + "\n" + std::to_string(slot.serial) + "\n" +
               std::to_string(slot.signed_size.size.value) + "\n" +
               to_base64(slot.signed_size.root) + "\n";
  text += to_hex(sha256(text)) + "\n";
  check(text.size() <= slot_size);
  text.resize(slot_size - 1, ' ');
  return text + "\n";
}

// Nothing where the slot is blank, torn or of another log.
std::optional<Slot> decode_slot(const std::string& origin, BytesView octets) {
  const Bytes start = Bytes(header) + origin + "\n";
  if (!octets.starts_with(start)) return std::nullopt;
  std::vector<std::string_view> lines;
  std::string_view rest = octets.substr(start.size());
  for (int i = 0; i < 4; ++i) {
    const auto end = rest.find('\n');
    if (end == rest.npos) return std::nullopt;
    lines.push_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  const auto serial = from_decimal(lines[0]);
  const auto size = from_decimal(lines[1]);
  const auto root = hash_from_base64(lines[2]);
  if (!serial || !size || !root) return std::nullopt;
  const Slot slot{*serial, {TreeSize{*size}, *root}};
  if (encode_slot(origin, slot) != octets) return std::nullopt;
  return slot;
}

class SignedSizeFile final : public SignedSizeRecord {
 public:
  SignedSizeFile(File file, std::filesystem::path path, std::string origin,
                 Result<std::optional<Slot>> newest)
      : file_(std::move(file)),
        path_(std::move(path)),
        origin_(std::move(origin)),
        newest_(std::move(newest)) {}

  Result<std::optional<SignedSize>> read() const override {
    const auto newest = TRY(newest_);
    if (!newest) return std::optional<SignedSize>();
    return std::optional(newest->signed_size);
  }

  Result<void> advance(const SignedSize& to) override {
    const auto newest = TRY(newest_);
    check(!newest || newest->signed_size.size < to.size);
    const Slot next{newest ? newest->serial + 1 : 0, to};
    const Bytes octets = encode_slot(origin_, next);
    const auto offset = static_cast<off_t>(next.serial % 2 * slot_size);
    if (::pwrite(file_.descriptor(), octets.data(), octets.size(), offset) !=
            static_cast<ssize_t>(octets.size()) ||
        ::fdatasync(file_.descriptor()) != 0) {
      return file_error(path_, "cannot be written");
    }
    newest_ = std::optional(next);
    return {};
  }

 private:
  File file_;
  std::filesystem::path path_;
  std::string origin_;
  Result<std::optional<Slot>> newest_;  // An error where the file was damaged when opened.
};

Result<void> make_blank(const File& file, const std::filesystem::path& path) {
  const Bytes blank(2 * slot_size, ' ');
  const auto parent = std::filesystem::absolute(path).parent_path();
  const File folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (::pwrite(file.descriptor(), blank.data(), blank.size(), 0) !=
          static_cast<ssize_t>(blank.size()) ||
      ::fsync(file.descriptor()) != 0 || ::fsync(folder.descriptor()) != 0) {
    return file_error(path, "cannot be made");
  }
  return {};
}

// Nothing where the file is blank, as it is made.
Result<std::optional<Slot>> newest_slot(BytesView octets, const std::filesystem::path& path,
                                        const std::string& origin) {
  const auto first = decode_slot(origin, octets.substr(0, slot_size));
  const auto second = decode_slot(origin, octets.substr(slot_size));
  const bool blank = octets.find_first_not_of(' ') == octets.npos;
  if (!first && !second && !blank) {
    return corrupt("the signed-size record " + path.string() +
                   " is damaged or of another registry; the log must not sign without it");
  }
  std::optional<Slot> newest = first;
  if (second && (!first || second->serial > first->serial)) newest = second;
  return newest;
}

}  // namespace

Result<std::unique_ptr<SignedSizeRecord>> open_signed_size_file(const std::filesystem::path& path,
                                                                const std::string& origin) {
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file.descriptor() < 0) return file_error(path, "cannot be opened");
  if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    return file_error(path, "is held by another process; only one may sign");
  }
  Bytes octets(2 * slot_size, '\0');
  const ssize_t count = ::pread(file.descriptor(), octets.data(), octets.size(), 0);
  if (count < 0) return file_error(path, "cannot be read");
  if (count == 0) {
    TRY_VOID(make_blank(file, path));
    octets.assign(2 * slot_size, ' ');
  }
  auto newest = newest_slot(octets, path, origin);
  return std::unique_ptr<SignedSizeRecord>(
      std::make_unique<SignedSizeFile>(std::move(file), path, origin, std::move(newest)));
}

Result<std::optional<SignedSize>> read_signed_size_file(const std::filesystem::path& path,
                                                        const std::string& origin) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.descriptor() < 0) return file_error(path, "cannot be opened");
  Bytes octets(2 * slot_size, '\0');
  const ssize_t count = ::pread(file.descriptor(), octets.data(), octets.size(), 0);
  if (count < 0) return file_error(path, "cannot be read");
  const auto newest = TRY(newest_slot(octets, path, origin));
  if (!newest) return std::optional<SignedSize>();
  return std::optional(newest->signed_size);
}

}  // namespace cpl
