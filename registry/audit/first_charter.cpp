#include "registry/audit/first_charter.hpp"

#include "crypto/encoding.hpp"
#include "crypto/note.hpp"
#include "registry/statement/statement.hpp"
#include "registry/tlog/tiles.hpp"

namespace cpl {
namespace {

// Entry 0 as the log publishes it, with its place under the checkpoint proven.
Result<Bytes> first_leaf(const FetchResource& fetch, const AuditReport& report) {
  const unsigned width = tile_width_at(0, 0, report.size);
  const Bytes bundle = TRY(fetch(tile_path({0, 0, width, true})));
  const Bytes leaf = TRY(split_bundle(bundle, width)).front();
  const TileNodes nodes(report.size, [&](const TileId& tile) { return fetch(tile_path(tile)); });
  const auto path = TRY(inclusion_proof(nodes, EntryIndex{0}, report.size));
  if (verify_inclusion(merkle_leaf(leaf), EntryIndex{0}, report.size, path, report.root)) {
    return leaf;
  }
  return Error{Errc::unauthorized, "tile-mismatch", "entry 0 is not the one under the checkpoint"};
}

Result<Hash> id_of_leaf(BytesView leaf) {
  return statement_id(TRY(parse_note(TRY(parse_entry(leaf)).statement)).text);
}

}  // namespace

Result<std::optional<AuditFinding>> check_first_charter(const FetchResource& fetch,
                                                        const AuditReport& report, const Hash& id) {
  using Finding = std::optional<AuditFinding>;
  const auto found = [](std::string code, std::string detail) {
    return Finding(AuditFinding{EntryIndex{0}, std::move(code), std::move(detail)});
  };
  if (report.size.value == 0)
    return found("charter-mismatch", "the log is empty: it has no charter");
  const auto leaf = first_leaf(fetch, report);
  if (!leaf && leaf.error().errc == Errc::unavailable) return leaf.error();
  if (!leaf) return found(leaf.error().code, leaf.error().detail);
  const auto is = id_of_leaf(*leaf);
  if (is && *is == id) return Finding();
  return found("charter-mismatch", "the log begins with " +
                                       (is ? "the statement " + to_hex(*is) : "no statement") +
                                       ", and not with the charter " + to_hex(id));
}

}  // namespace cpl
