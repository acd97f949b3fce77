#include "api/routes/sessions.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"

namespace cpl {

Result<HttpResponse> SessionRoutes::list(const Call& call) const {
  Json list = Json::array();
  for (const Session& session : sessions.of_party(call.party->name)) {
    list.push_back({{"id", session.id},
                    {"began", format_time(session.began)},
                    {"used", format_time(session.used)}});
  }
  return json_response(200, {{"sessions", std::move(list)}});
}

Result<HttpResponse> SessionRoutes::end(const Call& call) const {
  TRY_VOID(sessions.end_of(call.party->name, call.segment()));
  HttpResponse response;
  response.status = 204;
  return response;
}

}  // namespace cpl
