#include "registry/base/checked_json.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr const char* member = "checksum";

std::string checksum_of(const Json& json) { return to_hex(sha256(canonical_json(json))); }

}  // namespace

Bytes format_checked_json(Json json) {
  json[member] = checksum_of(json);
  return canonical_json(json);
}

Result<Json> parse_checked_json(BytesView text) {
  Json json = TRY(parse_json(text));
  const auto written = json.find(member);
  if (written == json.end()) return json;
  const Json checksum = *written;
  json.erase(member);
  if (checksum != checksum_of(json)) return corrupt("it is not what was written: its checksum");
  return json;
}

}  // namespace cpl
