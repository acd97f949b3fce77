// A row of the table, answered: for a program that asked for its path, and for a page that needs
// what it says. Who asks is known by now, and may.
#pragma once

#include "api/routes/call.hpp"

namespace cpl {

// Of rows whose answer comes at once.
Result<HttpResponse> answer_of_row(Services& services, const Route& route, const Call& call);

}  // namespace cpl
