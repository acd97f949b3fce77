// A subscription's filter as query parameters: types, manufacturer_ids, device_types, models and
// hardware, each a list with commas between its items.
#pragma once

#include "api/http/http.hpp"
#include "notifier/subscription/subscription.hpp"

namespace cpl {

inline constexpr std::array<std::string_view, 5> filter_parameters = {
    "types", "manufacturer_ids", "device_types", "models", "hardware"};

// Types are taken as they stand in events, with the registry's prefix, and as subscriptions name
// them, without it.
Result<EventFilter> read_filter_query(const HttpRequest& request, const std::string& type_prefix);

// The filter of a new or changed subscription: stricter than what is read back from the store,
// where one may stand that nothing fits.
EventFilter read_wished_filter(const Json& value, const std::string& pointer, FieldErrors& errors);

// The query that means this filter: "types=…&models=…"; empty for no filter.
std::string filter_query(const EventFilter& filter);

// Everything but letters, digits and -._~ as %XX.
std::string percent_encode(std::string_view text);

}  // namespace cpl
