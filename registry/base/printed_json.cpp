#include "registry/base/printed_json.hpp"

#include <nlohmann/json.hpp>

#include "crypto/plain_text.hpp"

namespace cpl {

// Names of files may be no UTF-8.
std::string printed_json(const Json& value) {
  return shown_json(value.dump(2, ' ', false, Json::error_handler_t::replace));
}

Json error_json(const Error& error) {
  return {{"error", {{"code", error.code}, {"detail", error.detail}, {"rule", error.rule}}}};
}

}  // namespace cpl
