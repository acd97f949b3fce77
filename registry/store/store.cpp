#include "registry/store/store.hpp"

#include "registry/store/keyspace.hpp"

namespace cpl {

Result<std::vector<KeyValue>> scan_all(const Store& store, BytesView prefix) {
  auto pairs = store.snapshot()->scan(prefix, keyspace::end_of(prefix),
                                      std::numeric_limits<std::size_t>::max());
  if (!pairs && !store.damage().empty()) return std::vector<KeyValue>();
  return pairs;
}

}  // namespace cpl
