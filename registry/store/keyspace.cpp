#include "registry/store/keyspace.hpp"

#include "crypto/encoding.hpp"

namespace cpl::keyspace {

Bytes entry(EntryIndex index) {
  Bytes key(1, 'e');
  append_u64(key, index.value);
  return key;
}

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
