#include "registry/upkeep/fsck.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/log/log_head.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/shelf/remembered_answer.hpp"
#include "registry/store/keyspace.hpp"
#include "registry/tlog/entry.hpp"
#include "registry/tlog/tiles.hpp"
#include "registry/upkeep/log_replay.hpp"

namespace cpl {
namespace {

using keyspace::Kind;

constexpr std::size_t page_rows = RowPages::usual_page;

// What tells one row of a kind from the others.
std::string which_one(Kind kind, BytesView key) {
  const auto text = [&] { return std::string(key.substr(1, key.find('\0') - 1)); };
  const auto number = [&] { return std::to_string(keyspace::last_number(key)); };
  const auto complement = [&] { return std::to_string(~keyspace::last_number(key)); };
  switch (kind) {
    case Kind::entry:
    case Kind::charter:
    case Kind::decision:
    case Kind::notice:
    case Kind::seals:
      return " " + number();
    case Kind::tree_branch:
      return " " + complement();
    case Kind::tile:
      return " " + number() + " of level " + std::to_string(key[1]);
    case Kind::model:
    case Kind::wordy_model:
      return " " + text();
    case Kind::model_by_status:
      return " " + std::string(key.substr(2));
    case Kind::cover_end:
    case Kind::manufacturer_name:
    case Kind::model_by_fact:
    case Kind::work: {
      std::string place(key.substr(1));
      std::replace(place.begin(), place.end(), '\0', ' ');
      return " " + place;
    }
    case Kind::model_version:
      return " " + text() + " as of entry " + complement();
    case Kind::model_history:
      return " " + text() + ", entry " + number();
    case Kind::meeting:
      return " " + std::string(key.substr(key.find('\0') + 1));
    case Kind::statement_id:
    case Kind::subscription:
    case Kind::delivery:
    case Kind::party:
    case Kind::report:
    case Kind::tray:
    case Kind::answer:
    case Kind::escalation:
    case Kind::advisory:
    case Kind::publication:
      return " " + to_hex(key.substr(1));
    case Kind::head:
      break;
  }
  return "";
}

// "the state of model ESME-…, as of entry 12", from the store's key.
std::string name_of_key(BytesView key) {
  const auto* facts = keyspace::facts_of(key);
  const bool has_number = key.size() > sizeof(std::uint64_t);
  if (facts == nullptr || (!has_number && facts->kind != Kind::head)) {
    return "the key " + to_hex(key);
  }
  return std::string(facts->name) + which_one(facts->kind, key);
}

class Fsck {
 public:
  Fsck(const StoreView& store, Store& scratch, const FsckOptions& options)
      : store_(store), scratch_(scratch), options_(options) {}

  Result<FsckReport> run(const Result<std::optional<SignedSize>>& signed_size) {
    if (!read_head(signed_size)) return std::move(report_);
    TRY_VOID(check_entries());
    check_signed_size(signed_size);
    check_answers();
    if (!entries_sound_ || report_.size.value == 0) return std::move(report_);
    TRY_VOID(compare_with_replay());
    return std::move(report_);
  }

 private:
  void find(std::string code, std::string detail) {
    if (report_.findings.size() < options_.findings_max) {
      report_.findings.push_back({std::move(code), std::move(detail)});
    } else {
      ++report_.untold;
    }
  }

  // Where the log ends; if that cannot be read, where it ended when it last signed.
  bool read_head(const Result<std::optional<SignedSize>>& signed_size) {
    auto head = LogHead::read(store_);
    if (!head) {
      find("head-damaged", "where the log ends cannot be read: " + head.error().detail);
      if (!signed_size || !*signed_size) return false;
      head = LogHead{(*signed_size)->size, (*signed_size)->root, {}, {}};
    }
    report_.size = head->size;
    report_.root = head->root;
    return true;
  }

  std::optional<Bytes> value_of(BytesView key) {
    auto value = store_.get(key);
    if (value && *value) return **std::move(value);
    const std::string name = name_of_key(key);
    const auto* facts = keyspace::facts_of(key);
    const bool is_entry = facts != nullptr && facts->kind == Kind::entry;
    const std::string kind = is_entry ? "entry" : "value";
    if (!value) {
      find(kind + "-damaged", name + " cannot be read: " + value.error().detail);
    } else {
      find(kind + "-missing", name + " is not there");
    }
    return std::nullopt;
  }

  // Each entry against its hash in the lowest tiles; if they differ, the root tells which is right.
  Result<void> check_entries() {
    MerkleFrontier of_entries;
    std::vector<EntryIndex> differing;
    Bytes tile;
    for (std::uint64_t i = 0; i < report_.size.value; ++i) {
      if (i % tile_width == 0) tile = hash_tile(i / tile_width);
      const auto leaf = value_of(keyspace::entry(EntryIndex{i}));
      const Hash hash = leaf ? merkle_leaf(*leaf) : Hash{};
      of_entries.append(hash);
      if (leaf && BytesView(tile).substr(std::min(tile.size(), (i % tile_width) * sizeof(Hash)),
                                         sizeof(Hash)) != hash.view()) {
        differing.push_back(EntryIndex{i});
      }
      if (!leaf) entries_sound_ = false;
      ++report_.entries;
      if (i % page_rows == 0) tell_progress(options_.on_progress, i / 2, report_.size.value);
    }
    // If the root fits, what differs, if anything, are the tiles.
    if (of_entries.root() == report_.root) return read_origin();
    entries_sound_ = false;
    for (const EntryIndex index : differing) {
      find("entry-damaged", "entry " + std::to_string(index.value) +
                                " does not hash to what the tree was signed over");
    }
    if (report_.findings.empty()) {
      find("head-damaged", "the entries do not hash to the root that the head states");
    }
    return {};
  }

  Bytes hash_tile(std::uint64_t index) {
    const auto tile = store_.get(store_keys::tile(0, index));
    return tile && *tile ? **tile : Bytes();  // Told when compared with the replay.
  }

  Result<void> read_origin() {
    const auto origin = stored_origin(store_);
    if (origin) {
      report_.origin = *origin;
    } else {
      entries_sound_ = false;
      find("entry-not-allowed", origin.error().detail);
    }
    return {};
  }

  void check_signed_size(const Result<std::optional<SignedSize>>& recorded) {
    if (!recorded) {
      const bool damaged = recorded.error().errc == Errc::corrupt;
      return find(damaged ? "signed-size-damaged" : "signed-size-unchecked",
                  recorded.error().detail);
    }
    if (!*recorded) {
      if (report_.size.value == 0) return;
      return find("signed-size-missing",
                  "the signed-size record is missing although the log has entries");
    }
    const TreeSize signed_to = (*recorded)->size;
    if (signed_to > report_.size) {
      return find("rolled-back", "the database holds " + std::to_string(report_.size.value) +
                                     " entries, but a checkpoint of size " +
                                     std::to_string(signed_to.value) + " was signed");
    }
    if (signed_to == report_.size && (*recorded)->root != report_.root) {
      find("signed-size-mismatch", "the database's root is not the one that was signed");
    }
  }

  // They follow from nothing, but each has a checksum.
  void check_answers() {
    RowPages pages(store_, Kind::answer);
    for (;;) {
      const auto rows = pages.next();
      if (!rows) {
        return find("answer-damaged",
                    "the remembered answers cannot be read: " + rows.error().detail);
      }
      if (rows->empty()) return;
      for (const KeyValue& row : *rows) {
        if (!decode_remembered_answer(row.key, row.value)) {
          find("answer-damaged",
               "the remembered answer " + to_hex(row.key) + " is not what was written");
        }
        ++report_.answers;
      }
    }
  }

  Result<void> compare_with_replay() {
    const FetchResource fetch = [this](const std::string& path) { return bundle(path); };
    const ReplayOptions replay{options_.threads, [this](std::uint64_t done, std::uint64_t of) {
                                 tell_progress(options_.on_progress, (done + of) / 2, of);
                               }};
    const auto replayed = replay_log(fetch, report_.origin, report_.size, scratch_, replay);
    if (!replayed) {
      find("entry-not-allowed", replayed.error().detail);
      return {};
    }
    const auto right = scratch_.snapshot();
    for (const keyspace::KindFacts& facts : keyspace::kinds) {
      if (facts.from == keyspace::From::log) TRY_VOID(compare(*right, facts.kind));
    }
    return {};
  }

  // What the replay has, the store must have alike; what it has besides is too much.
  Result<void> compare(const StoreView& right, Kind kind) {
    std::uint64_t count = 0;
    RowPages pages(right, kind);
    for (;;) {
      const auto expected = TRY(pages.next());
      if (expected.empty()) return find_too_much(right, kind, count);
      for (const KeyValue& pair : expected) {
        const auto value = value_of(pair.key);
        if (value && *value != pair.value) {
          find("value-damaged", name_of_key(pair.key) + " is not what the entries come to");
        }
        ++report_.values;
      }
      count += expected.size();
    }
  }

  Result<void> find_too_much(const StoreView& right, Kind kind, std::uint64_t expected) {
    RowPages pages(store_, kind);
    for (std::uint64_t found = 0; found <= expected + options_.findings_max;) {
      const auto pairs = pages.next();
      // What cannot be read was told one by one.
      if (!pairs || pairs->empty()) return {};
      for (const KeyValue& pair : *pairs) {
        if (!TRY(right.get(pair.key))) {
          find("value-extra", name_of_key(pair.key) + " does not follow from the entries");
        }
      }
      found += pairs->size();
    }
    return {};
  }

  Result<Bytes> bundle(const std::string& path) const {
    const auto tile = parse_tile_path(path);
    check(tile && tile->entries);
    Bytes octets;
    for (std::uint64_t i = 0; i < tile->width; ++i) {
      const EntryIndex index{tile->index * tile_width + i};
      const auto leaf = TRY(store_.get(keyspace::entry(index)));
      if (!leaf) return corrupt("entry " + std::to_string(index.value) + " is not there");
      append_to_bundle(octets, *leaf);
    }
    return octets;
  }

  const StoreView& store_;
  Store& scratch_;
  const FsckOptions& options_;
  FsckReport report_;
  bool entries_sound_ = true;
};

}  // namespace

Result<std::string> stored_origin(const StoreView& store) {
  const auto leaf = TRY(store.get(keyspace::entry(EntryIndex{0})));
  if (!leaf) return std::string();
  const auto read = [&]() -> Result<std::string> {
    const Entry entry = TRY(parse_entry(*leaf));
    return TRY(read_signed(entry.statement)).origin;
  };
  auto origin = read();
  if (!origin) return corrupt("entry 0 is no charter: " + origin.error().detail);
  return origin;
}

Result<FsckReport> fsck(const StoreView& store,
                        const Result<std::optional<SignedSize>>& signed_size, Store& scratch,
                        const FsckOptions& options) {
  return Fsck(store, scratch, options).run(signed_size);
}

Json to_json(const FsckReport& report) {
  Json findings = Json::array();
  for (const FsckFinding& finding : report.findings) {
    findings.push_back({{"code", finding.code}, {"detail", finding.detail}});
  }
  return {
      {"origin", report.origin},   {"size", report.size.value}, {"root", to_base64(report.root)},
      {"entries", report.entries}, {"values", report.values},   {"answers", report.answers},
      {"files", report.files},     {"findings", findings},      {"findings_untold", report.untold}};
}

}  // namespace cpl
