#include "tests/fuzz/fuzz.hpp"

std::vector<cpl::fuzz::Target>& cpl::fuzz::targets() {
  static std::vector<Target> all;
  return all;
}
