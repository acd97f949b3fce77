#include "api/routes/witness_api.hpp"

#include "api/http/problem.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

HttpResponse plain(unsigned status, Bytes body) {
  return text_response(status, plain_text, std::move(body));
}

HttpResponse wrong_method(std::string_view allowed) {
  HttpResponse response = plain(405, "this path takes " + std::string(allowed) + "\n");
  response.headers.emplace_back("Allow", std::string(allowed));
  return response;
}

HttpResponse add_checkpoint(Witness& witness, const HttpRequest& request) {
  if (request.method != HttpMethod::post) return wrong_method("POST");
  WitnessAnswer answer = witness.add_checkpoint(request.body);
  HttpResponse response = plain(answer.status, std::move(answer.body));
  set_header(response, "Content-Type", std::move(answer.content_type));
  return response;
}

HttpResponse latest_checkpoint(const Witness& witness, const HttpRequest& request) {
  if (request.method != HttpMethod::get && request.method != HttpMethod::head) {
    return wrong_method("GET, HEAD");
  }
  const auto origin_hash = hash_from_hex(request.segments[0]);
  auto note = origin_hash ? witness.latest(*origin_hash) : std::nullopt;
  if (!note) return plain(404, "no checkpoint of that log was cosigned here\n");
  HttpResponse response = plain(200, *std::move(note));
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return response;
}

}  // namespace

HttpResponse answer_as_witness(Witness& witness, const HttpRequest& request) {
  const auto& path = request.segments;
  if (path.size() == 1 && path[0] == "add-checkpoint") return add_checkpoint(witness, request);
  if (path.size() == 2 && path[1] == "checkpoint") return latest_checkpoint(witness, request);
  if (path.size() == 1 && path[0] == "healthz") return plain(200, "ok\n");
  return plain(404,
               "a witness answers POST /add-checkpoint and "
               "GET /<hex SHA-256 of an origin>/checkpoint\n");
}

}  // namespace cpl
