// Third-party test data, which is not part of this repository: it is read from a folder beside it.
// A test that misses its data says so loudly and passes; it never fails for want of a file.
#pragma once

#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "tests/support/source_tree.hpp"

namespace cpl {

inline std::optional<std::string> shared_file(const std::string& name) {
  std::ifstream file(testing::shared_data_tree() + "/" + name, std::ios::binary);
  if (!file) {
    std::cout << "SKIPPED: the third-party test data " << name << " is missing" << std::endl;
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace cpl
