#include "registry/store/keyspace.hpp"

#include "crypto/encoding.hpp"

namespace cpl::keyspace {

Bytes first(Kind kind) { return Bytes(1, static_cast<char>(kind)); }

Bytes numbered(Kind kind, std::uint64_t number) {
  Bytes key = first(kind);
  append_u64(key, number);
  return key;
}

Bytes entry(EntryIndex index) { return numbered(Kind::entry, index.value); }

Bytes end_of(Kind kind) { return end_of(BytesView(first(kind))); }

Bytes end_of(BytesView prefix) {
  Bytes end(prefix);
  while (!end.empty() && end.back() == '\xFF') end.pop_back();
  check(!end.empty());
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

std::uint64_t last_number(BytesView key) {
  check(key.size() >= 8);
  return read_big_endian(key.substr(key.size() - 8));
}

}  // namespace cpl::keyspace
