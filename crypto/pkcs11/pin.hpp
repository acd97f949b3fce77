// A PIN: wiped from memory when it is no longer needed, not copied, not printed.
#pragma once

#include <array>
#include <memory>

#include "crypto/bytes.hpp"

namespace cpl {

class Secret {
 public:
  static constexpr std::size_t size_max = 255;

  Secret();
  bool push_back(char octet);  // False: it is as long as it can be.
  void pop_back();             // Of an empty one nothing is taken.
  BytesView view() const;

 private:
  // On the heap and of one size, so that neither growing nor moving leaves a copy behind.
  struct Octets {
    std::array<char, size_max> text{};
    std::size_t size = 0;
  };
  struct Wipe {
    void operator()(Octets* octets) const;
  };
  std::unique_ptr<Octets, Wipe> octets_;
};

}  // namespace cpl
