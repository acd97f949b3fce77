// A certificate that vouches for itself, for a receiver of this machine.
#pragma once

#include <filesystem>
#include <string>

namespace cpl::bench {

struct Certificate {
  std::filesystem::path certificate_file;
  std::filesystem::path key_file;
};

// For every host name below `domain`, in `folder`, which is made.
Certificate make_certificate(const std::filesystem::path& folder, const std::string& domain);

}  // namespace cpl::bench
