#include "api/routes/row_answer.hpp"

#include "api/routes/services.hpp"

namespace cpl {

Result<HttpResponse> answer_of_row(Services& services, const Route& route, const Call& call) {
  if (const auto* const answers = std::get_if<Answers>(&route.handler)) {
    return (*answers)(services, call);
  }
  const auto* const makes = std::get_if<Makes>(&route.handler);
  check(makes != nullptr);
  const std::string principal = call.party ? principal_of(*call.party) : operator_principal;
  return services.idempotency.idempotent(call.request, principal, [&](const Answer& answer) {
    return (*makes)(services, call, answer);
  });
}

}  // namespace cpl
