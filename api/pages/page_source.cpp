#include "api/pages/page_source.hpp"

namespace cpl {

std::string_view PageRequest::asked(std::string_view name) const {
  for (const auto& [known, value] : query) {
    if (known == name) return value;
  }
  return {};
}

}  // namespace cpl
