#include "api/http/conditional.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

constexpr std::size_t tag_octets = 8;
constexpr std::array<std::string_view, 3> kept_in_304 = {"ETag", "Cache-Control", "Vary"};

enum class Comparison : std::uint8_t {
  weak,    // W/ before a tag says nothing.
  strong,  // A tag with W/ before it is like no other.
};

// A list of tags, each perhaps with W/ before it, or "*".
bool names(std::string_view list, std::string_view tag, Comparison comparison) {
  while (auto item = take_element(list)) {
    if (comparison == Comparison::weak && item->starts_with("W/")) item->remove_prefix(2);
    if (*item == "*" || *item == tag) return true;
  }
  return false;
}

// Clients send back the very date that they were given; where it is another one, they are sent all.
bool is_of_that_date(const HttpRequest& request, const HttpResponse& response) {
  const auto since = request.headers.find("if-modified-since");
  return since &&
         std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& field) {
           return field.first == "Last-Modified" && field.second == *since;
         });
}

}  // namespace

std::string entity_tag(TreeSize size, BytesView body) {
  return "\"" + std::to_string(size.value) + "-" +
         to_hex(sha256(body).view().substr(0, tag_octets)) + "\"";
}

void add_entity_tag(HttpResponse& response) {
  const bool has_tag = std::any_of(response.headers.begin(), response.headers.end(),
                                   [](const auto& field) { return field.first == "ETag"; });
  if (!response.body || has_tag) return;
  const Hash hash = sha256(*response.body);
  response.headers.emplace_back("ETag", "\"" + to_hex(hash.view().substr(0, tag_octets)) + "\"");
}

bool holds(const HttpRequest& request, std::string_view tag) {
  return names(request.headers.list("if-none-match"), tag, Comparison::weak);
}

Result<WritePrecondition> WritePrecondition::read(const HttpRequest& request) {
  if (request.headers.count("if-match") == 0) {
    return malformed("precondition-required",
                     "say what you change: send If-Match with the ETag of the answer that you saw "
                     "it in, or with * to change it whatever it is now");
  }
  return WritePrecondition(request.headers.list("if-match"), request.headers.list("if-none-match"));
}

Result<void> WritePrecondition::check(std::string_view tag) const {
  if (names(match_, tag, Comparison::strong) && !names(none_match_, tag, Comparison::weak)) {
    return {};
  }
  return refuse("precondition-failed",
                "it was changed since you saw it: look at it again, and send its present ETag");
}

HttpResponse conditional(const HttpRequest& request, HttpResponse response) {
  if (response.status != 200) return response;
  const auto tag = std::find_if(response.headers.begin(), response.headers.end(),
                                [](const auto& field) { return field.first == "ETag"; });
  const bool has_tag = tag != response.headers.end();
  const bool is_held = request.headers.find("if-none-match")
                           ? has_tag && holds(request, tag->second)
                           : is_of_that_date(request, response);
  if (!is_held) return response;
  HttpResponse unchanged;
  unchanged.status = 304;
  for (auto& field : response.headers) {
    if (std::find(kept_in_304.begin(), kept_in_304.end(), field.first) != kept_in_304.end()) {
      unchanged.headers.push_back(std::move(field));
    }
  }
  return unchanged;
}

}  // namespace cpl
