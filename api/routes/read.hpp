// One read request with the view of the log that it is answered from, and what its parameters say.
#pragma once

#include "api/routes/api.hpp"
#include "crypto/encoding.hpp"

namespace cpl {

struct Api::Read {
  // How long the answer holds; set by the route.
  enum class Keep : std::uint8_t { no, at_size, for_ever };

  Read(const HttpRequest& http_request, const LogView& view, const LogView& published_view,
       const ApiOptions& api_options)
      : request(http_request), log(view), published(published_view), options(api_options) {}

  const HttpRequest& request;
  const LogView& log;        // The newest, under the log's own signature.
  const LogView& published;  // What the published checkpoint covers: proofs are built on it.
  const ApiOptions& options;
  mutable Keep keep = Keep::no;

  // The answer holds until something is published. That is not told by the log's size where
  // witnesses cosign.
  void keep_published() const { keep = &published == &log ? Keep::at_size : Keep::no; }

  // A parameter that stands for a number; `fallback` where it is absent.
  Result<std::uint64_t> number(std::string_view name, std::uint64_t fallback, std::uint64_t low,
                               std::uint64_t high) const {
    const auto text = request.parameter(name);
    if (!text) return fallback;
    const auto value = from_decimal(*text);
    if (!value || *value < low || *value > high) {
      return malformed("parameter-malformed", std::string(name) + " must be a number from " +
                                                  std::to_string(low) + " to " +
                                                  std::to_string(high));
    }
    return *value;
  }
};

inline Result<EntryIndex> entry_in_path(const std::string& segment) {
  const auto value = from_decimal(segment);
  if (!value) {
    return malformed("index-malformed", "an entry's index is a number, counted from 0");
  }
  return EntryIndex{*value};
}

}  // namespace cpl
