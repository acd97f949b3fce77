// A Party as it is stored, with a token that the test knows.
#pragma once

#include <catch2/catch.hpp>

#include "api/accounts/party.hpp"
#include "crypto/hash.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/store/store.hpp"

namespace cpl::testing {

inline void store_party(Store& store, const std::string& name, std::string_view token,
                        Audience audience = Audience::parties) {
  PartyToken made;
  made.id = "tok_000000000000";
  made.label = "first";
  made.sha256 = sha256(token);
  WriteBatch batch;
  batch.put(store_keys::party(name), encode(Party{name, audience, UnixMillis{0}, {made}}));
  REQUIRE(store.commit(batch, Durability::synced));
}

}  // namespace cpl::testing
