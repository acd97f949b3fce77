// What scripts of other sites may ask of the API, and read of its answers (Fetch, "CORS protocol").
#pragma once

#include "api/http/http.hpp"

namespace cpl {

enum class Scripts : std::uint8_t { of_all_pages, of_our_own_pages };

// The answer to OPTIONS, which a browser asks before a request that a form could not send.
HttpResponse options_response(const std::string& allowed, Scripts scripts);

// Of requests that change something, those that a page of another site sends: with them a browser
// would show a Party's client certificate, and that page press the Party's buttons. Errors:
// `cross-site-request`.
Result<void> refuse_other_sites(const HttpRequest& request, std::string_view public_url);

// A form of our own pages was sent, from the address that they are known by. Browsers send Origin
// with each; a page on another port of the same host is sent our cookies, and cannot say that it is
// us. Errors: `cross-site-request`.
Result<void> require_own_page(const HttpRequest& request, std::string_view public_url);

// What everybody may read, the scripts of any page may, refusals and headers included.
HttpReply open_to_scripts(HttpReply reply);

}  // namespace cpl
