// What the state tree commits to, and that a replay in memory comes to the same roots.
#include <nlohmann/json.hpp>
#include <random>

#include "crypto/encoding.hpp"
#include "registry/list/compact_list.hpp"
#include "registry/list/memory_state_tree.hpp"
#include "registry/list/state_record.hpp"
#include "tests/support/reference_tree.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::state_test {
namespace {

const ModelId meter = make_model().id();

// The tree with its branches in a list, as a store would keep them.
struct StoredTree {
  std::vector<std::shared_ptr<const PrefixBranch>> branches;
  Hash root;

  void set(const Hash& key, const Hash& value) {
    const auto read = [this](PrefixVersion version) {
      return Result<std::shared_ptr<const PrefixBranch>>(branches.at(version));
    };
    const PrefixSubtree tree{root, branches.empty() ? 0 : branches.size() - 1};
    auto branch = set_in_prefix_tree(tree, key, value, read);
    REQUIRE(branch.has_value());
    root = branch->hash(0);
    branches.push_back(std::make_shared<const PrefixBranch>(*std::move(branch)));
  }
};

std::string digest_of(std::string_view text) { return to_hex(sha256(text)); }

Hash random_hash(std::mt19937_64& random) {
  Hash hash;
  for (auto& octet : hash.octets) octet = static_cast<std::uint8_t>(random());
  return hash;
}

}  // namespace

TEST_CASE("state record: it is these octets, key and value are labelled hashes") {
  Story story;
  story.founds();
  story.adds();
  const Bytes listed = state_record(story.model(meter));
  const std::string digests = R"("certificates":{"cpa":")" +
                              digest_of(R"({"expiry_date":"2028-08-30","issue_date":)"
                                        R"("2022-08-30","kind":"DATED","match":"EXACT",)"
                                        R"("number":"CPA-1"})") +
                              R"(","dlms":")" +
                              digest_of(R"({"issue_date":"2022-08-30","match":"EXACT",)"
                                        R"("number":"DLMS-1"})") +
                              R"(","zigbee":")" +
                              digest_of(R"({"issue_date":"2022-08-30","match":"EXACT",)"
                                        R"("number":"ZIG-1"})") +
                              "\"}";
  DeviceModel uncertified = make_model();
  uncertified.zigbee.reset();
  uncertified.dlms.reset();
  uncertified.cpa.reset();
  const std::string rest = digest_of(canonical_json(to_json(uncertified)));
  CHECK(listed == R"({"added":1,)" + digests +
                      R"(,"changed_at":1,"changed_before":null,"decision":null,)"
                      R"("effective_from":"2026-07-09T00:00:00Z",)"
                      R"("lapsed":{},"model":"ESME-1063-00050203-38040404","record":")" +
                      rest + R"(","status":"listed","status_word":null})");
  CHECK(to_hex(state_key(meter)) ==
        "be64905ba07c6975d8816e85df8bf122d1e3b36d56c367a466266596549a343f");
  CHECK(to_hex(state_value(listed)) ==
        "0bfef7f751f8c425034b6506390b3e67b648346c6b7145a38114566d8149f36d");

  const EntryIndex notice = story.notifies_and_validates({meter}, story.decides({meter}));
  CHECK(state_record(story.model(meter)) == listed);
  story.removes(meter, notice);
  CHECK(state_record(story.model(meter)) ==
        R"({"added":1,)" + digests +
            R"(,"changed_at":6,"changed_before":1,"decision":2,)"
            R"("effective_from":"2026-07-09T12:00:06Z",)"
            R"("lapsed":{},"model":"ESME-1063-00050203-38040404","record":")" +
            rest + R"(","status":"removed","status_word":"Expired"})");
}

TEST_CASE("state record: whatever is told of a model changes it, and every replay follows") {
  Story story;
  story.founds();
  story.adds();
  CompactList compact;
  std::set<Bytes> states;
  const auto follow = [&](const StatementBody& body) {
    const auto opened = open_statement(format_note(sign(story.issued_now(body), signers_for(body))),
                                       story.list().charter());
    REQUIRE(opened.has_value());
    const EntryContext context{test_origin, EntryIndex{40 + states.size()}, story.now};
    auto change = apply(compact, *opened, context);
    REQUIRE(change.has_value());
    REQUIRE(change->state_changed == meter);
    const Bytes state = state_record(change->models.front());
    CHECK(states.insert(state).second);
    compact.put(*std::move(change));
    story.does(body);
    const ModelDigests followed = digests_of(**compact.model(meter));
    CHECK(followed == digests_of(story.model(meter).model));
    CHECK((*compact.model(meter))->lapsed.size() == story.model(meter).lapsed.size());
    const auto read = read_state_record(state);
    REQUIRE(read.has_value());
    CHECK(state_record(*read) == state);
  };
  Change start;
  start.charter = story.list().charter();
  start.models.push_back(story.model(meter));
  states.insert(state_record(start.models.front()));
  compact.put(std::move(start));

  follow(CertificateChange{
      meter, CertificateKind::cpa, CertificateEvent::withdrawn, day("2026-07-09"), {}, {}, {}});
  CpaCertificate renewed = make_cpa();
  renewed.number = "CPA-2";
  follow(CertificateChange{
      meter, CertificateKind::cpa, CertificateEvent::renewed, day("2026-07-09"), {}, renewed, {}});
  follow(CertificateChange{meter,
                           CertificateKind::zigbee,
                           CertificateEvent::renewed,
                           day("2026-07-09"),
                           make_certificate("ZIG-2"),
                           {},
                           {}});
  DeviceModel corrected = story.model(meter).model;
  corrected.image_hash = sha256("another image");
  follow(Correction{corrected, {"The hash was another file's."}, {}});
  CHECK(states.size() == 5);
}

TEST_CASE("state record: no other spelling is read") {
  Story story;
  story.founds();
  story.adds();
  const Bytes state = state_record(story.model(meter));
  REQUIRE(read_state_record(state).has_value());
  const auto refused = [&](std::string_view from, std::string_view to) {
    Bytes other = state;
    other.replace(other.find(from), from.size(), to);
    const auto read = read_state_record(other);
    return read ? "taken" : read.error().code;
  };
  CHECK(refused(",", ", ") == "state-record-malformed");
  CHECK(refused("\"status_word\":null", "\"status_word\":\"Gone\"") == "state-record-malformed");
  CHECK(refused(",\"status_word\":null", "") == "state-record-malformed");
  CHECK(refused("{\"added\"", "{\"a\":1,\"added\"") == "state-record-malformed");
  CHECK(refused("\"lapsed\":{}", "\"lapsed\":[]") == "state-record-malformed");
}

TEST_CASE("state tree in memory: the published roots for counted keys") {
  MemoryStateTree tree;
  CHECK(tree.root() == Hash{});
  const std::map<std::size_t, std::string> roots = {
      {1, "14ac10dac25e970ecc18010cb65d1879661ccaa7ab5fc64718e03cfb5b410bf8"},
      {2, "63768910bd98a776f18ab9ab144942cc2e6e27210793c8c06d599391481998a0"},
      {3, "f06ae0efb371d85ca12d4f5922f5b7b30fa1624575a06faabb2427a17b636bb8"},
      {8, "51177ecddd5e3cb38478754110d14c9363968c603deb80714c7734106515e343"},
      {100, "a5e2ee3934d669621e70c65e1ce80a31d89df41076a895beed354c5d5dd418b5"},
      {1000, "346ae69c480422baa7dbafa535552eac3b5b17ed4136df8cd33a97692f02c798"}};
  for (std::size_t i = 0; i < 1000; ++i) {
    const Hash root =
        tree.set(sha256("model-" + std::to_string(i)), sha256("value-" + std::to_string(i)));
    CHECK(root == tree.root());
    if (const auto known = roots.find(i + 1); known != roots.end()) {
      CHECK(to_hex(root) == known->second);
    }
  }
}

TEST_CASE("state tree in memory: it has the stored tree's roots for random sets and changes") {
  std::mt19937_64 random(20'260'709);
  for (int round = 0; round < 20; ++round) {
    MemoryStateTree memory;
    StoredTree stored;
    std::map<Hash, Hash> set;
    std::vector<Hash> keys;
    for (int step = 0; step < 60; ++step) {
      Hash key = random_hash(random);
      const auto what = random() % 4;
      if (!keys.empty() && what == 0) key = keys[random() % keys.size()];
      if (!keys.empty() && what == 1) {
        // A neighbour that parts from another key only deep down.
        key = keys[random() % keys.size()];
        auto& octet = key.octets[random() % 32];
        octet = static_cast<std::uint8_t>(octet ^ 1U << random() % 8);
      }
      const Hash value = random_hash(random);
      keys.push_back(key);
      set[key] = value;
      stored.set(key, value);
      REQUIRE(memory.set(key, value) == stored.root);
    }
    CHECK(memory.root() == reference::prefix_root({set.begin(), set.end()}));
  }
}

TEST_CASE("state tree in memory: keys that part only at the last bit") {
  MemoryStateTree memory;
  StoredTree stored;
  Hash key;
  for (std::uint8_t last = 0; last < 3; ++last) {
    key.octets[31] = last;
    stored.set(key, sha256("value"));
    CHECK(memory.set(key, sha256("value")) == stored.root);
  }
}

TEST_CASE("list: a layer shows its own records first, and the base's where it has none") {
  Story story;
  story.founds();
  story.adds();
  MemoryList layer(&story.list());
  CHECK(layer.charter() == story.list().charter());
  REQUIRE(layer.model(meter).has_value());
  CHECK((*layer.model(meter))->status == ModelStatus::listed);
  ModelRecord removed = story.model(meter);
  removed.status = ModelStatus::removed;
  Change change;
  change.models.push_back(removed);
  layer.put(change);
  CHECK((*layer.model(meter))->status == ModelStatus::removed);
  CHECK(story.model(meter).status == ModelStatus::listed);
  CHECK_FALSE((*layer.decision(EntryIndex{9})).has_value());
}

TEST_CASE("compact list: it tells the same state records, and counts what is listed") {
  Story story;
  story.founds();
  story.adds();
  story.adds(make_display());
  story.removes(meter, story.notifies_and_validates({meter}, story.decides({meter})));

  CompactList compact;
  for (const ModelId& id : {meter, make_display().id()}) {
    Change change;
    ModelRecord listed = story.model(id);
    listed.status = ModelStatus::listed;
    change.models.push_back(listed);
    compact.put(change);
  }
  CHECK(compact.listed_count() == 2);
  for (const ModelId& id : {meter, make_display().id()}) {
    Change change;
    change.models.push_back(story.model(id));
    compact.put(change);
    const auto record = compact.model(id);
    REQUIRE(record.has_value());
    REQUIRE(record->has_value());
    CHECK(state_record(**record) == state_record(story.model(id)));
    CHECK((*record)->model.id() == id);
    CHECK((*record)->notice == story.model(id).notice);
  }
  CHECK(compact.listed_count() == 1);
  CHECK(compact.removed_count() == 1);
  CHECK_FALSE((*compact.model(make_model("99999999").id())).has_value());
  REQUIRE(compact.removed().size() == 1);
  CHECK(compact.removed().front().first == meter);
  CHECK(compact.removed().front().second.notice == story.model(meter).notice);
}

TEST_CASE("compact list: a model that is removed and comes back is counted and told as it is") {
  CompactList compact;
  const CompactRecord listed{EntryIndex{3},      EntryIndex{3}, UnixMillis{5}, {}, {},
                             ModelStatus::listed};
  const CompactRecord removed{EntryIndex{3}, EntryIndex{9}, UnixMillis{6},
                              EntryIndex{7}, EntryIndex{8}, ModelStatus::removed};
  for (const CompactRecord& record : {listed, removed, listed, listed}) {
    compact.put(meter, record);
    CHECK(compact.listed_count() + compact.removed_count() == 1);
    CHECK(compact.listed_count() == (record.status == ModelStatus::listed ? 1 : 0));
    const ModelRecord told = **compact.model(meter);
    CHECK(told.decision == record.decision);
    CHECK(told.notice == record.notice);
    CHECK(told.changed_at == record.changed_at);
  }
}

TEST_CASE("packed model id: every id comes back as it was, in the order of types and digits") {
  std::vector<ModelId> ids;
  for (const std::string_view type : device_type_words) {
    for (const std::string_view rest : {"-0000-00000000-00000000", "-0123-456789AB-CDEF0123",
                                        "-FFFF-FFFFFFFF-FFFFFFFE", "-FFFF-FFFFFFFF-FFFFFFFF"}) {
      ids.push_back(*ModelId::parse(std::string(type).append(rest)));
    }
  }
  CompactList compact;
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) compact.put(*id, CompactRecord{});
  std::vector<ModelId> visited;
  compact.for_each_model([&](const ModelId& id, const CompactRecord&) { visited.push_back(id); });
  CHECK(visited == ids);
}

}  // namespace cpl::testing::state_test
