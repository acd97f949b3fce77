#include "registry/audit/state.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/audit/summary.hpp"
#include "registry/list/record_json.hpp"
#include "registry/list/state_record.hpp"
#include "registry/list/work_json.hpp"

namespace cpl {
namespace {

constexpr std::string_view first_line = "cpl/audit-state/v4\n";
// Version 1 had the ids whole, version 2 of a model its status alone, version 3 of the extracts the
// newest alone.
constexpr std::array<std::string_view, 3> old_first_lines = {
    "cpl/audit-state/v1\n", "cpl/audit-state/v2\n", "cpl/audit-state/v3\n"};
constexpr std::uint64_t no_index = UINT64_MAX;

// The letters of the rows, in the order in which they stand.
enum class Row : char {
  checkpoint = 'k',
  state_root = 'r',
  summary = 's',
  charter = 'c',
  tile = 't',  // A level's edge, from the lowest.
  model = 'm',
  decision = 'd',
  meeting = 'g',
  notice = 'n',
  seals = 'x',
  work = 'z',  // Its kind's letter, and the record.
  statements = 'i',
};

Error damaged(const std::string& what) {
  return Error{
      Errc::corrupt, "audit-state-damaged",
      "the saved state is damaged (" + what + "): put it aside, and audit the log from its start",
      0};
}

Error not_one(BytesView file) {
  const bool old = std::any_of(old_first_lines.begin(), old_first_lines.end(),
                               [&](std::string_view line) { return file.starts_with(line); });
  if (!old) return damaged("it does not begin as one");
  return Error{Errc::corrupt, "audit-state-old",
               "the saved state was kept by an older version of cpl: put it aside, and audit the "
               "log from its start",
               0};
}

void put(Bytes& file, Row row, BytesView content) {
  file += static_cast<char>(row);
  append_u32(file, static_cast<std::uint32_t>(content.size()));
  file.append(content);
}

Bytes encode(const ModelId& id, const CompactRecord& record) {
  Bytes octets;
  append_u64(octets, record.notice ? record.notice->value : no_index);
  return octets.append(state_record(record_of(id, record)));
}

void put_records(Bytes& file, const CompactList& list) {
  list.for_each_model([&](const ModelId& id, const CompactRecord& record) {
    put(file, Row::model, encode(id, record));
  });
  const MemoryList& rest = list.rest();
  for (const auto& [at, record] : rest.decisions()) put(file, Row::decision, encode(record));
  for (const auto& [ref, record] : rest.meetings()) put(file, Row::meeting, encode(record));
  for (const auto& [at, record] : rest.notices()) put(file, Row::notice, encode(record));
  for (const auto& [at, record] : rest.seals()) put(file, Row::seals, encode(record));
  for (const auto& [key, record] : rest.work()) {
    put(file, Row::work, Bytes(1, static_cast<char>(key.kind)) + encode(record));
  }
}

Bytes sorted_ids(const AuditLedger& ledger) {
  std::vector<SeenId> ids(ledger.statements.begin(), ledger.statements.end());
  std::sort(ids.begin(), ids.end());
  Bytes octets;
  octets.reserve(ids.size() * sizeof(SeenId));
  for (const SeenId& id : ids) octets.append(view_of(id.data(), id.size()));
  return octets;
}

class Reader {
 public:
  explicit Reader(BytesView rows) : rest_(rows) {}

  Result<AuditLedger> read(const TrustPolicy& policy) {
    while (!rest_.empty()) TRY_VOID(take_row());
    TRY_VOID(bind_to_checkpoint(policy));
    return std::move(ledger_);
  }

 private:
  Result<void> take_row() {
    constexpr std::size_t head = 1 + sizeof(std::uint32_t);
    if (rest_.size() < head) return damaged("a row is cut off");
    const auto row = static_cast<Row>(rest_.front());
    const std::uint64_t size = read_big_endian(rest_.substr(1, sizeof(std::uint32_t)));
    if (rest_.size() - head < size) return damaged("a row is cut off");
    const BytesView content = rest_.substr(head, size);
    rest_.remove_prefix(head + size);
    const auto taken = take(row, content);
    return taken ? taken : Result<void>(damaged(taken.error().detail));
  }

  Result<void> take(Row row, BytesView content) {
    switch (row) {
      case Row::checkpoint:
        note_ = Bytes(content);
        return {};
      case Row::state_root:
        state_root_ = hash_from_bytes(content);
        return {};
      case Row::summary:
        return read_audit_summary(content, ledger_);
      case Row::tile:
        tiles_.emplace_back(content);
        return {};
      case Row::model:
        return take_model(content);
      case Row::statements:
        return take_statements(content);
      case Row::charter:
        change_.charter = TRY(decode_charter(content));
        return {};
      case Row::decision:
        change_.decisions.push_back(TRY(decode_decision(content)));
        return {};
      case Row::meeting:
        change_.meetings.push_back(TRY(decode_meeting(content)));
        return {};
      case Row::notice:
        change_.notices.push_back(TRY(decode_notice(content)));
        return {};
      case Row::seals:
        change_.seals.push_back(TRY(decode_seals(content)));
        return {};
      case Row::work:
        if (content.empty()) return damaged("a record is cut off");
        change_.work.push_back(
            TRY(decode_work(static_cast<WorkKind>(content.front()), content.substr(1))));
        return {};
    }
    return damaged("a row of an unknown kind");
  }

  Result<void> take_model(BytesView content) {
    constexpr std::size_t notice_octets = sizeof(std::uint64_t);
    if (content.size() < notice_octets) return damaged("a model is cut off");
    const std::uint64_t notice = read_big_endian(content.substr(0, notice_octets));
    const BytesView state = content.substr(notice_octets);
    ModelRecord record = TRY(read_state_record(state));
    if (notice != no_index) record.notice = EntryIndex{notice};
    const ModelId id = record.model.id();
    ledger_.list.put(id, compact_of(record));
    ledger_.tree.set(state_key(id), state_value(state));
    return {};
  }

  Result<void> take_statements(BytesView content) {
    if (content.size() % sizeof(SeenId) != 0) return damaged("a statement's id is cut off");
    ledger_.statements.reserve(content.size() / sizeof(SeenId));
    for (std::size_t at = 0; at < content.size(); at += sizeof(SeenId)) {
      SeenId id{};
      std::memcpy(id.data(), content.data() + at, id.size());
      ledger_.statements.insert(id);
    }
    return {};
  }

  Result<void> bind_to_checkpoint(const TrustPolicy& policy) {
    ledger_.list.put(std::move(change_));
    const auto trusted = trust_checkpoint(note_, policy);
    if (!trusted) {
      Error error = trusted.error();
      error.detail.insert(0, "the saved checkpoint: ");
      return error;
    }
    const Checkpoint& checkpoint = trusted->checkpoint;
    auto tiles = TileEdges::restore(checkpoint.size, tiles_);
    if (!tiles) return damaged(tiles.error().detail);
    ledger_.tiles = *std::move(tiles);
    auto frontier = ledger_.tiles.frontier(checkpoint.size);
    if (!frontier) return damaged(frontier.error().detail);
    ledger_.frontier = *std::move(frontier);
    const bool fits = ledger_.frontier.root() == checkpoint.root &&
                      ledger_.tree.root() == state_root_ &&
                      ledger_.statements.size() == checkpoint.size.value &&
                      (ledger_.list.charter() != nullptr) == (checkpoint.size.value > 0);
    if (!fits) return damaged("its parts do not fit its checkpoint");
    ledger_.checkpoint = SignedCheckpoint{checkpoint, std::move(note_)};
    return {};
  }

  BytesView rest_;
  AuditLedger ledger_;
  Change change_;
  Bytes note_;
  std::optional<Hash> state_root_;
  std::vector<Bytes> tiles_;
};

}  // namespace

Bytes format_audit_state(const AuditLedger& ledger) {
  check(ledger.checkpoint.has_value());
  Bytes file(first_line);
  put(file, Row::checkpoint, ledger.checkpoint->note);
  put(file, Row::state_root, ledger.tree.root().view());
  put(file, Row::summary, format_audit_summary(ledger));
  if (const auto charter = ledger.list.charter()) put(file, Row::charter, encode(*charter));
  for (unsigned level = 0; level < ledger.tiles.levels(); ++level) {
    put(file, Row::tile, ledger.tiles.octets(level));
  }
  put_records(file, ledger.list);
  put(file, Row::statements, sorted_ids(ledger));
  return file.append(sha256(file).view());
}

Result<AuditLedger> parse_audit_state(BytesView file, const TrustPolicy& policy) {
  if (!file.starts_with(first_line)) return not_one(file);
  if (file.size() < first_line.size() + sizeof(Hash)) return damaged("it is cut off");
  const BytesView content = file.substr(0, file.size() - sizeof(Hash));
  if (sha256(content).view() != file.substr(content.size())) {
    return damaged("its SHA-256 is another");
  }
  return Reader(content.substr(first_line.size())).read(policy);
}

}  // namespace cpl
