#include "api/http/gzip.hpp"

#include <zlib.h>

#include "crypto/encoding.hpp"
#include "crypto/result.hpp"
#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

constexpr int gzip_window_bits = 15 + 16;  // zlib's way to ask for a gzip header.
constexpr int memory_level = 8;

}  // namespace

Bytes gzip(BytesView content) {
  z_stream stream{};
  check(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window_bits, memory_level,
                     Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes out(deflateBound(&stream, content.size()), '\0');
  // zlib reads through this pointer and never writes, whatever its type says.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  check(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<unsigned> named;
  std::optional<unsigned> any;
  unsigned as_it_is = 0;
  while (const auto item = take_element(accept_encoding)) {
    const std::string coding = ascii_lower(without_spaces(item->substr(0, item->find(';'))));
    const unsigned weight = weight_of(*item);
    if (coding == "gzip" || coding == "x-gzip") named = std::max(named.value_or(0), weight);
    if (coding == "*") any = weight;
    if (coding == "identity") as_it_is = weight;
  }
  const unsigned wanted = named ? *named : any.value_or(0);
  return wanted > 0 && wanted >= as_it_is;
}

}  // namespace cpl
