// The strict reader of JSON without simdjson: slower, made of the library that holds the values. It
// finds the words for every refusal, and reads by itself where simdjson cannot be (the verifier in
// a browser).
#pragma once

#include "registry/base/json.hpp"

namespace cpl {

inline constexpr std::size_t json_depth_max = 16;

// Takes what parse_small_json takes and nothing else; a test compares the two.
Result<Json> parse_json_plain(std::string_view text, std::size_t values_max);

}  // namespace cpl
