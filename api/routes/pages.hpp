// Pages over the API: what they ask for is answered here, by the same functions that answer
// programs, from the views of the same call.
#pragma once

#include "api/html/frame.hpp"
#include "api/pages/page_source.hpp"
#include "api/routes/route.hpp"
#include "api/routes/viewing.hpp"

namespace cpl {

Result<HttpResponse> show_page(Services& services, const Call& call, PageFunction function);
HttpResponse show(Services& services, const Call& call, const Page& page);
// With the status that programs would get. `viewing` is null where nobody is known.
HttpResponse show_error(Services& services, const Error& error, const Viewing* viewing);

// What may change while the log's size does not, and stands on every page.
std::string page_stamp(const Services& services);

Error no_such_page();

// The home page for who asks for a page, else what there is to ask for.
Result<HttpResponse> get_index(Services& services, const Call& call);
Result<HttpResponse> get_asset(const Call& call);

}  // namespace cpl
