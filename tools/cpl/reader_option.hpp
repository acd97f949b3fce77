// Who may read a sealed text, as it is given on the command line: "service-desk", or
// "all-parties@2026-12-01T00:00:00Z".
#pragma once

#include "registry/statement/handling.hpp"

namespace cpl {

Result<std::vector<OpeningReader>> parse_readers(const std::vector<std::string>& given);
// "service_desk at once, all_parties from 2026-12-01T00:00:00Z"
std::string describe(const std::vector<OpeningReader>& readers);

}  // namespace cpl
