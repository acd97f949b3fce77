#include "registry/statement/openings.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view format_name = "cpl/seals/v1";
constexpr std::size_t openings_max = 2000;

}  // namespace

Bytes format_openings(const std::vector<Opening>& openings) {
  Json json = {{"format", format_name}, {"openings", Json::array()}};
  for (const Opening& opening : openings) {
    json["openings"].push_back(
        {{"field", opening.field}, {"salt", to_base64(opening.salt)}, {"value", opening.words}});
  }
  return json.dump(1) + "\n";
}

Result<std::vector<Opening>> parse_openings(BytesView text) {
  if (text.size() > openings_size_max) {
    return malformed("seals-malformed", "not a file of seals: it is larger than 1 MiB");
  }
  const Json json = TRY(parse_json(text));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  if (reader.text("format", 64) != format_name) reader.fail("format", "must be \"cpl/seals/v1\"");
  std::vector<Opening> openings;
  for (const Json& item : reader.array("openings", 0, openings_max)) {
    FieldReader one(item, "#/openings", errors);
    Opening opening{one.text("field", 100), from_base64(one.text("salt", 44)).value_or(Bytes()),
                    one.text("value", 8000, "\n")};
    if (opening.salt.size() != salt_size) one.fail("salt", "must be base64 of 32 octets");
    one.done();
    openings.push_back(std::move(opening));
  }
  reader.done();
  if (!errors.empty()) {
    return malformed("seals-malformed", "not a file of seals: " + describe(errors));
  }
  return openings;
}

}  // namespace cpl
