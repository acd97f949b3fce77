// A log and its witnesses for the tests of cosigning: a tree of any leaves, the checkpoints that
// its key signs, and a witness whose memory the test holds.
#pragma once

#include <catch2/catch.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/merkle.hpp"
#include "registry/witness/witness.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/reference_tree.hpp"

namespace cpl::testing {

inline const std::string tree_origin = "tree.example/log";

inline NoteSigner cosigner_of(const std::string& name) {
  const auto key = PrivateKey::from_ed25519_seed(sha256("test key of " + name).view());
  REQUIRE(key);
  auto signer = NoteSigner::create_cosigner(name, *key);
  REQUIRE(signer);
  return *std::move(signer);
}

// A tree of made-up leaves; another seed makes another history.
class SignedTree {
 public:
  explicit SignedTree(std::size_t size, const std::string& seed = "leaf ",
                      NoteSigner signer = signer_of(tree_origin))
      : signer_(std::move(signer)) {
    for (std::size_t i = 0; i < size; ++i) nodes_.append(merkle_leaf(seed + std::to_string(i)));
  }

  Hash root(std::uint64_t size) const {
    const auto root = merkle_root(nodes_, TreeSize{size});
    check(root.has_value());  // Not REQUIRE: several threads may ask.
    return *root;
  }
  Bytes text(std::uint64_t size) const {
    return format_checkpoint({signer_.verifier().name(), TreeSize{size}, root(size), {}});
  }
  Bytes checkpoint(std::uint64_t size) const { return signed_text(text(size)); }
  Bytes signed_text(const Bytes& text) const {
    Note note{text, {}};
    sign_note(note, signer_);
    return format_note(note);
  }
  std::vector<Hash> proof(std::uint64_t from, std::uint64_t to) const {
    if (from == 0) return {};
    const auto proof = consistency_proof(nodes_, TreeSize{from}, TreeSize{to});
    check(proof.has_value());
    return *proof;
  }
  Bytes body(std::uint64_t from, std::uint64_t to) const {
    return format_add_checkpoint({TreeSize{from}, proof(from, to), checkpoint(to)});
  }
  const NoteSigner& signer() const { return signer_; }

 private:
  reference::LevelNodes nodes_;
  NoteSigner signer_;
};

// A memory that outlives the witness, and can be made to fail.
class MemoryWitnessStore final : public WitnessStore {
 public:
  Result<std::optional<Bytes>> last(const std::string& origin) const override {
    const auto found = notes.find(origin);
    if (found == notes.end()) return std::optional<Bytes>();
    return std::optional(found->second);
  }
  Result<void> put(const std::string& origin, BytesView note) override {
    if (fails) return Error{Errc::unavailable, "file-error", "a fault of the test", 0};
    notes[origin] = Bytes(note);
    return {};
  }
  Result<void> keep_refused(const std::string&, BytesView note) override {
    refused.emplace_back(note);
    return {};
  }

  std::map<std::string, Bytes> notes;
  std::vector<Bytes> refused;
  bool fails = false;
};

inline std::unique_ptr<Witness> open_witness(const NoteSigner& key,
                                             const std::vector<NoteVerifier>& logs,
                                             WitnessStore& store, const Clock& clock) {
  auto opened = Witness::open(key, logs, store, clock);
  if (!opened) FAIL(opened.error().detail);
  return *std::move(opened);
}

}  // namespace cpl::testing
