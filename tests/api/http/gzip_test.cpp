#include "api/http/gzip.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>

#include "crypto/hash.hpp"

namespace cpl::testing::gzip_test {

namespace {

Bytes unzip(BytesView packed, std::size_t size) {
  Bytes out(size + 1, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  Bytes input(packed);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("gzip: what is packed unpacks to the same octets") {
  for (const Bytes& content : {Bytes(), Bytes("one"), Bytes(200'000, 'x'), random_bytes(70'000)}) {
    CHECK(unzip(gzip(content), content.size()) == content);
  }
  CHECK(gzip(Bytes(200'000, 'x')).size() < 1000);
}

TEST_CASE("gzip: only where the reader takes it") {
  for (const char* field :
       {"gzip", "gzip, identity", "br, gzip;q=0.5", "deflate,x-gzip", "GZip; Q=1", "*", "*;q=0.1",
        "br;q=1.0, , gzip ; q=0.8, *;q=0.1", "identity;q=0.5, gzip;q=0.5"}) {
    CHECK(accepts_gzip(field));
  }
  for (const char* field :
       {"", "identity", "gzip;q=0", "gzip; q=0.0", "gzipped", "*;q=0", "gzip;q=0, *",
        "gzip;q=0.000", "identity, gzip;q=0.5", "gzip;q=x", "gzip;q=2"}) {
    CHECK_FALSE(accepts_gzip(field));
  }
}

}  // namespace cpl::testing::gzip_test
