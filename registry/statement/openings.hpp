// What opens sealed texts: kept apart from the statement, by those who may know. Whoever holds it
// can publish the texts by a disclosure; once every copy is destroyed, nobody can.
#pragma once

#include "registry/statement/sealed_text.hpp"

namespace cpl {

struct Opening {
  std::string field;  // Where the seal stands in the statement: "/text", for example.
  Bytes salt;         // 32 octets.
  std::string words;

  Hash seal() const { return seal_of(salt, words); }
};

inline constexpr std::size_t openings_size_max = 1U << 20U;

// {"format": "cpl/seals/v1", "openings": [{"field", "salt", "value"}]}
Bytes format_openings(const std::vector<Opening>& openings);
Result<std::vector<Opening>> parse_openings(BytesView text);

}  // namespace cpl
