#include "tools/cpl/told.hpp"

#include <nlohmann/json.hpp>

namespace cpl {

Error evidence_mismatch(std::string detail) {
  return Error{Errc::unauthorized, "evidence-mismatch", std::move(detail)};
}

Result<void> check_told(const Json& answer, const char* member, const Json& asked) {
  const auto told = answer.find(member);
  if (told != answer.end() && *told == asked) return {};
  const auto shown = [](const Json& value) {
    return value.is_string() ? value.get<std::string>()
                             : value.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  return evidence_mismatch("the registry's answer has the " + std::string(member) + " " +
                           (told == answer.end() ? "of nothing" : shown(*told)) + ", and " +
                           shown(asked) + " was asked for");
}

}  // namespace cpl
