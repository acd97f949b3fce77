// Logs as others see them: an honest one, kept by the real Log from a story, and ones that somebody
// who holds the log's key could make up from any leaves at all.
#pragma once

#include "registry/audit/audit.hpp"
#include "registry/log/log.hpp"
#include "registry/query/evidence_builder.hpp"
#include "registry/tlog/tlog_proof.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/reference_tree.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl {

inline const NoteSigner& log_key() {
  static const NoteSigner key = ed25519_signer(test_origin);
  return key;
}
inline TrustPolicy log_policy() { return TrustPolicy::of_log(log_key().verifier()); }

// By path: "checkpoint", "tile/0/000.p/9", "tile/entries/000.p/9", …
using Published = std::map<std::string, Bytes>;

inline FetchResource fetch_from(const Published& files) {
  return [&files](const std::string& path) -> Result<Bytes> {
    const auto found = files.find(path);
    if (found != files.end()) return found->second;
    return Error{Errc::not_found, "resource-not-found", path + " is not there"};
  };
}

// A story whose statements enter a real log.
class LogStory : public Story {
 public:
  LogStory() {
    clock_.set(now);
    auto opened = Log::open(store_, signed_size_, clock_, log_key(), test_origin);
    REQUIRE(opened.has_value());
    log_ = *std::move(opened);
  }

  Result<EntryIndex> enter(const Bytes& note) override {
    clock_.set(now);
    const SignedStatement opened = TRY(open_statement(note, view()->charter()));
    auto answers = log_->append({opened});
    const Accepted accepted = TRY(std::move(answers.front()));
    return accepted.index;
  }

  std::shared_ptr<const LogView> view() const { return log_->view(); }
  std::vector<Bytes> leaves() const {
    const auto leaves = view()->leaves(EntryIndex{0}, 100'000);
    REQUIRE(leaves.has_value());
    return *leaves;
  }

  Published published() const {
    Published files{{"checkpoint", view()->checkpoint_note()}};
    const TreeSize size = view()->size();
    for (unsigned level = 0; level <= tile_level_max; ++level) {
      for (std::uint64_t i = 0; tile_width_at(level, i, size) > 0; ++i) {
        put_tile({level, i, tile_width_at(level, i, size), false}, files);
        if (level == 0) put_tile({0, i, tile_width_at(0, i, size), true}, files);
      }
    }
    return files;
  }

 private:
  void put_tile(const TileId& id, Published& files) const {
    const auto tile = view()->tile(id);
    REQUIRE(tile.has_value());
    files[tile_path(id)] = *tile;
  }

  MemoryStore store_;
  testing::MemorySignedSize signed_size_;
  testing::TestClock clock_;
  std::unique_ptr<Log> log_;
};

// Any leaves, under tiles that fit them and a checkpoint that the log's key signed.
struct MadeUpLog {
  std::vector<Bytes> leaves;

  std::vector<Hash> hashes() const {
    std::vector<Hash> out;
    for (const Bytes& leaf : leaves) out.push_back(merkle_leaf(leaf));
    return out;
  }
  TreeSize size() const { return TreeSize{leaves.size()}; }
  Bytes checkpoint() const {
    return sign_checkpoint({test_origin, size(), reference::mth(hashes()), {}}, log_key()).note;
  }

  Published published() const {
    Published files{{"checkpoint", checkpoint()}};
    std::vector<Hash> level = hashes();
    for (unsigned number = 0; !level.empty(); ++number) {
      std::vector<Hash> above;
      for (std::uint64_t i = 0; tile_width_at(number, i, size()) > 0; ++i) {
        const unsigned width = tile_width_at(number, i, size());
        const auto part = std::span(level).subspan(i * tile_width, width);
        Bytes& tile = files[tile_path({number, i, width, false})];
        for (const Hash& hash : part) tile.append(hash.view());
        if (width == tile_width) above.push_back(reference::mth(part));
        if (number == 0) files[tile_path({0, i, width, true})] = bundle(i, width);
      }
      level = std::move(above);
    }
    return files;
  }

  Bytes bundle(std::uint64_t index, unsigned width) const {
    Bytes octets;
    for (unsigned i = 0; i < width; ++i) append_to_bundle(octets, leaves[index * tile_width + i]);
    return octets;
  }

  ProvenEntry prove(EntryIndex index) const {
    const auto path = reference::path(index.value, hashes());
    return {leaves[index.value], format_tlog_proof({index, path, checkpoint()})};
  }
};

template <class Alter>
Bytes altered(const Bytes& leaf, Alter alter) {
  auto entry = parse_entry(leaf);
  REQUIRE(entry.has_value());
  alter(*entry);
  return format_entry(*entry);
}

inline Entry entry_of(const Bytes& leaf) {
  const auto entry = parse_entry(leaf);
  REQUIRE(entry.has_value());
  return *entry;
}

}  // namespace cpl
