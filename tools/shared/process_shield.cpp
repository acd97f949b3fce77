#include "tools/shared/process_shield.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "crypto/locked_memory.hpp"

namespace cpl {
namespace {

// The leak sanitizer looks at the process as a debugger does.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool is_watched = true;
#elif defined(__has_feature)
constexpr bool is_watched = __has_feature(address_sanitizer);
#else
constexpr bool is_watched = false;
#endif

// A group that may read is somebody's intention.
constexpr mode_t strangers_bits = S_IRWXO | S_IWGRP;

}  // namespace

std::vector<std::string> shield_process(NewFiles new_files) {
  std::vector<std::string> undone;
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) {
    undone.push_back(std::string("core dumps cannot be forbidden: ") + std::strerror(errno));
  }
  if (!is_watched && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    undone.push_back(std::string("debuggers cannot be kept out: ") + std::strerror(errno));
  }
  if (!lock_private_keys()) {
    undone.emplace_back(
        "private keys may be written to the swap file: let the process lock 8 MiB of memory "
        "(ulimit -l, LimitMEMLOCK)");
  }
  if (new_files == NewFiles::owner_only) ::umask(S_IRWXO | S_IRWXG);
  return undone;
}

std::string openness_of(const std::filesystem::path& file) {
  struct stat about = {};
  if (::stat(file.c_str(), &about) != 0) return {};
  if (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) return {};
  if ((about.st_mode & strangers_bits) == 0) return {};
  const bool is_folder = S_ISDIR(about.st_mode);
  return file.string() + " is open to other users of this machine: chmod " +
         (is_folder ? "700 " : "600 ") + file.string();
}

}  // namespace cpl
