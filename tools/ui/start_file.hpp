// The file that a browser is started with: its page posts the start code. Arguments of programs can
// be read by others; this file cannot.
#pragma once

#include <filesystem>
#include <utility>

#include "crypto/result.hpp"

namespace cpl {

class StartFile {
 public:
  // In a new folder of the user's alone.
  static Result<StartFile> create(std::string host);
  ~StartFile();
  StartFile(StartFile&& other) noexcept
      : host_(std::move(other.host_)), folder_(std::exchange(other.folder_, {})) {}
  StartFile& operator=(StartFile&&) = delete;

  // With that code, in place of an older one.
  Result<void> write(const std::string& code) const;
  void remove() const;
  std::filesystem::path path() const { return folder_ / "open.html"; }

 private:
  StartFile(std::string host, std::filesystem::path folder)
      : host_(std::move(host)), folder_(std::move(folder)) {}

  std::string host_;
  std::filesystem::path folder_;  // Empty: it is another object's.
};

}  // namespace cpl
