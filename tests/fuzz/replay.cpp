// Runs every fuzz target over the files of its folder in CORPORA: what fuzzing once found stays
// found.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {
namespace {

// Also cut short in many places: an end in the middle is the commonest fault.
void run_file(const Target& target, const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const Bytes whole{std::istreambuf_iterator<char>(stream), {}};
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 8) {
    target.run(BytesView(whole).substr(0, size));
  }
  target.run(whole);
}

int replay(const std::filesystem::path& corpora) {
  for (const Target& target : targets()) {
    std::size_t inputs = 0;
    for (const auto& file : std::filesystem::directory_iterator(corpora / target.name)) {
      std::cout << target.name << ": " << file.path().filename().string() << std::endl;
      run_file(target, file.path());
      ++inputs;
    }
    if (inputs == 0) {
      std::cerr << target.name << " has no inputs in " << corpora << "\n";
      return 1;
    }
  }
  std::cout << targets().size() << " targets replayed\n";
  return 0;
}

}  // namespace
}  // namespace cpl::fuzz

int main(int argc, char** argv) {
  if (argc == 2) return cpl::fuzz::replay(argv[1]);
  std::cerr << "usage: fuzz_replay CORPORA\n";
  return 2;
}
