// The signed-size record: the largest size the log ever signed (0 from its first start), kept in a
// small file apart from the database. A database that was rolled back, by a restored backup for
// example, is behind it and must not sign: it would contradict checkpoints that others hold.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

struct SignedSize {
  TreeSize size;
  Hash root;
  bool operator==(const SignedSize&) const = default;
};

class SignedSizeRecord {
 public:
  virtual ~SignedSizeRecord() = default;
  virtual Result<std::optional<SignedSize>> read() const = 0;  // nullopt: nothing signed yet.
  // Durable before it returns. Only to a larger size.
  virtual Result<void> advance(const SignedSize& to) = 0;
};

// One file with two slots that are written in turn, so that a torn write spoils at most the newer.
// One process at a time: the file is locked. Where it is damaged, or of another log, reading it and
// advancing it are errors.
Result<std::unique_ptr<SignedSizeRecord>> open_signed_size_file(const std::filesystem::path& path,
                                                                const std::string& origin);

// What the file says, without opening it for writing: a service may have it open.
Result<std::optional<SignedSize>> read_signed_size_file(const std::filesystem::path& path,
                                                        const std::string& origin);

}  // namespace cpl
