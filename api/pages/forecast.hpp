// The forecast of certificates that end, as several pages show it.
#pragma once

#include "api/pages/shared.hpp"

namespace cpl {

void write_forecast(HtmlWriter& html, Said forecast);

}  // namespace cpl
