// simdjson is not there: the plain reader, which takes the same.
#include <limits>
#include <nlohmann/json.hpp>

#include "registry/base/json_plain.hpp"

namespace cpl {

Result<Json> parse_json(std::string_view text) {
  return parse_json_plain(text, std::numeric_limits<std::size_t>::max());
}

Result<Json> parse_small_json(std::string_view text, std::size_t values_max) {
  return parse_json_plain(text, values_max);
}

}  // namespace cpl
