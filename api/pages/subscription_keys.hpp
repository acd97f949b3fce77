// The page that shows a subscription's secret: the one answer that does.
#pragma once

#include "api/html/page.hpp"
#include "api/pages/said.hpp"

namespace cpl {

// Of a subscription that was just made, or whose keys were changed.
Page subscription_keys_page(std::string title, Said subscription);

}  // namespace cpl
