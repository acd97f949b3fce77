// The log as it is published: its tiles; and the short answers that are always the same.
#include "api/http/problem.hpp"
#include "api/routes/reads.hpp"

namespace cpl {

extern const std::string_view openapi_document;  // api/openapi.json

Result<HttpResponse> get_description(const Call& call) {
  call.keep = Call::Keep::for_ever;
  return text_response(200, "application/vnd.oai.openapi+json;version=3.1",
                       Bytes(openapi_document));
}

Result<HttpResponse> get_health(const Call&) { return text_response(200, "text/plain", "ok\n"); }

// The raw path: a tile has one spelling, which decoding must not widen.
Result<HttpResponse> get_tile(const Call& call) {
  const auto tile = parse_tile_path(std::string_view(call.request.target).substr(1));
  if (!tile) return no_such_path();
  auto response = text_response(200, "application/octet-stream", TRY(call.log.tile(*tile)));
  call.keep = tile->width == tile_width ? Call::Keep::for_ever : Call::Keep::at_size;
  return response;
}

}  // namespace cpl
