#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "tests/fuzz/fuzz.hpp"

namespace {

// One program holds all targets, since linking one for each takes minutes.
const cpl::fuzz::Target& chosen_target() {
  const char* name = std::getenv("CPL_FUZZ_TARGET");
  for (const cpl::fuzz::Target& target : cpl::fuzz::targets()) {
    if (name != nullptr && target.name == name) return target;
  }
  std::cerr << "set CPL_FUZZ_TARGET to a folder of tests/fuzz/corpus\n";
  std::exit(2);
}

}  // namespace

// What libFuzzer calls.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cpl::fuzz::Target& target = chosen_target();
  target.run(cpl::view_of(data, size));
  return 0;
}
