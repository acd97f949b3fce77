// A fuzz target takes any octets and must neither crash nor break the promise it checks: mostly
// that what was read is written back to the same octets, so that nothing has two spellings.
// libFuzzer drives one target where clang builds it for that (tools/fuzz); everywhere else
// replay.cpp runs all of them over their corpora.
#pragma once

#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl::fuzz {

struct Target {
  std::string_view name;
  void (*run)(BytesView input);
};

// All that are linked into the program.
std::vector<Target>& targets();

struct Registration {
  explicit Registration(Target target) { targets().push_back(target); }
};

}  // namespace cpl::fuzz

// Defines a target: CPL_FUZZ_TARGET(note) { … what to do with `input` … }
#define CPL_FUZZ_TARGET(name)                                         \
  static void run_##name(BytesView input);                            \
  static const Registration registration_##name{{#name, run_##name}}; \
  static void run_##name(BytesView input)
