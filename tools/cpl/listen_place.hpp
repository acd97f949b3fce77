// HOST:PORT, where a command of ours listens.
#pragma once

#include <cstdint>
#include <string>

#include "crypto/result.hpp"

namespace cpl {

struct ListenPlace {
  std::string address;
  std::uint16_t port = 0;  // 0: any free one.
};

// Of "127.0.0.1:8081" or "[::1]:0".
Result<ListenPlace> parse_listen(const std::string& text);

}  // namespace cpl
