// Whose program is at the other end, by a table as the kernel writes it and by the kernel's own.
#include "tools/ui/peer_owner.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::peer_owner_test {

namespace {

const Bytes table =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1\n"
    "   1: 0100007F:C001 070C537F:9D13 01 00000000:00000000 00:00000000 00000000  1000        0 2\n"
    "   2: 070C537F:9D13 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1001        0 3\n"
    "   3: broken\n";

}  // namespace

TEST_CASE("peer owner: the row is the one whose own end is the peer's") {
  CHECK(owner_in(table, {"127.0.0.1", 0xc001, "127.83.12.7", 0x9d13}) == uid_t{1000});
  CHECK(owner_in(table, {"127.83.12.7", 0x9d13, "127.0.0.1", 0xc001}) == uid_t{1001});
}

TEST_CASE("peer owner: of a connection that is not there nobody can tell") {
  CHECK_FALSE(owner_in(table, {"127.0.0.1", 0xc002, "127.83.12.7", 0x9d13}));
  CHECK_FALSE(owner_in(table, {"127.0.0.1", 0xc001, "127.83.12.8", 0x9d13}));
  CHECK_FALSE(owner_in(table, {"::1", 0xc001, "::1", 0x9d13}));
  CHECK_FALSE(owner_in("", {"127.0.0.1", 0xc001, "127.83.12.7", 0x9d13}));
  CHECK_FALSE(owner_of_peer({"127.0.0.1", 1, "127.0.0.1", 2}));
}

}  // namespace cpl::testing::peer_owner_test
