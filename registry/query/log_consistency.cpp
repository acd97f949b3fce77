#include "registry/query/log_consistency.hpp"

#include "crypto/merkle.hpp"

namespace cpl {

Result<LogConsistency> log_consistency(const LogView& log, TreeSize older, TreeSize newer) {
  check(older.value > 0 && older <= newer && newer <= log.size());
  const TileNodes nodes(newer, [&log](const TileId& id) { return log.tile(id); });
  LogConsistency shown;
  shown.older_root = TRY(merkle_root(nodes, older));
  shown.newer_root = TRY(merkle_root(nodes, newer));
  shown.proof = TRY(consistency_proof(nodes, older, newer));
  return shown;
}

}  // namespace cpl
