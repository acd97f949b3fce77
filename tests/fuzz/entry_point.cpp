#include <cstdint>

#include "tests/fuzz/fuzz.hpp"

// What libFuzzer calls; the program holds one target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cpl::fuzz::targets().front().run(cpl::view_of(data, size));
  return 0;
}
