// One request at its route, with the view of the log that it is answered from, and what its path
// and its parameters say.
#pragma once

#include "api/accounts/party.hpp"
#include "api/routes/router.hpp"
#include "api/routes/viewing.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/json.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

struct Call {
  // How long the service may give the same answer again; said by the handler.
  enum class Keep : std::uint8_t { no, at_size, for_ever };

  const HttpRequest& request;
  const Path& path;
  const LogView& log;        // The newest, under the log's own signature.
  const LogView& published;  // What the published checkpoint covers: proofs are built on it.
  std::optional<PartyId> party = std::nullopt;  // Who asks, where the route is for Parties.
  const Viewing* viewing = nullptr;             // Who looks, where a page is asked for.
  mutable Keep keep = Keep::no;
  mutable std::optional<Caching> caching = std::nullopt;  // Other than the route's.

  // The segment at that place of the pattern: "7.csv" for "{version}.{file}".
  const std::string& segment(std::size_t place = 0) const {
    return request.segments[path.places[place]];
  }

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

  // The entry that the path names.
  Result<EntryIndex> entry() const {
    const auto value = from_decimal(segment());
    if (value) return EntryIndex{*value};
    return malformed("index-malformed", "an entry's index is a number, counted from 0");
  }
};

}  // namespace cpl
