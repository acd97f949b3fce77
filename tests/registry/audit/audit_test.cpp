// The audit finds nothing in an honest log, and each kind of tampering at its place.
#include "registry/audit/report.hpp"

#include <nlohmann/json.hpp>

#include "tests/registry/audit/published_log.hpp"

namespace cpl::testing::audit_test {
namespace {

const ModelId meter = make_model().id();
const ModelId display = make_display().id();

// Nine entries: charter, two additions, decision, notice, two receipts, removal, final minutes.
struct HonestStory : LogStory {
  HonestStory() {
    founds();
    adds();
    adds(make_display());
    const EntryIndex decision = decides({meter, display});
    const EntryIndex notice = notifies_and_validates({meter}, decision);
    removes(meter, notice);
    minutes({minuted()});
  }
};

const std::vector<Bytes>& honest_leaves() {
  static const std::vector<Bytes> leaves = HonestStory().leaves();
  return leaves;
}

AuditReport report_on(const Published& files, const AuditOptions& options = {}) {
  const auto report = audit(fetch_from(files), log_policy(), options);
  INFO((report ? "" : report.error().detail));
  REQUIRE(report.has_value());
  return *report;
}

// "signature-invalid at 3", or "nothing"; findings in the order they were made.
std::string found_in(const Published& files, const AuditOptions& options = {}) {
  std::string told;
  for (const AuditFinding& finding : report_on(files, options).findings) {
    CHECK_FALSE(finding.detail.empty());
    told += (told.empty() ? "" : ", ") + finding.code;
    if (finding.entry) told += " at " + std::to_string(finding.entry->value);
  }
  return told.empty() ? "nothing" : told;
}
std::string found_in(std::vector<Bytes> leaves) {
  return found_in(MadeUpLog{std::move(leaves)}.published());
}

// The honest leaves with one altered, under tiles and a checkpoint made to fit.
template <class Alter>
std::string found_with(std::size_t index, Alter alter) {
  auto leaves = honest_leaves();
  leaves[index] = altered(leaves[index], alter);
  return found_in(leaves);
}

// The next leaf after `leaves`, a second later and with the state as it was.
Bytes next_leaf(const std::vector<Bytes>& leaves, const Bytes& note) {
  Entry entry = entry_of(leaves.back());
  entry.index.value += 1;
  entry.time.value += 1000;
  entry.statement = note;
  return format_entry(entry);
}

std::string found_after(const StatementBody& body, const Signers& signers) {
  auto leaves = honest_leaves();
  const Statement statement{test_origin, entry_of(leaves.back()).time, body};
  leaves.push_back(next_leaf(leaves, format_note(sign(statement, signers))));
  return found_in(leaves);
}

void flip_last_octet(Bytes& octets) { octets.back() = static_cast<char>(octets.back() ^ 1); }

AuditOptions seen_before(const Bytes& checkpoint) {
  AuditOptions options;
  options.earlier_checkpoint = checkpoint;
  return options;
}

Bytes checkpoint_at(std::uint64_t size, const Hash& root) {
  return sign_checkpoint({test_origin, TreeSize{size}, root, {}}, log_key()).note;
}

Hash honest_root_at(std::size_t size) {
  const auto hashes = MadeUpLog{honest_leaves()}.hashes();
  return reference::mth(std::span(hashes).first(size));
}

}  // namespace

TEST_CASE("audit: an honest log passes, and everything is counted") {
  const HonestStory story;
  const AuditReport report = report_on(story.published());
  CHECK(report.findings.empty());
  CHECK(report.origin == test_origin);
  CHECK(report.size == TreeSize{9});
  CHECK(report.root == story.view()->checkpoint().root);
  CHECK(report.checkpoint_note == story.view()->checkpoint_note());
  CHECK(report.entries == 9);
  CHECK(report.entries_by_type == std::map<std::string, std::uint64_t>{{"addition", 2},
                                                                       {"charter", 1},
                                                                       {"decision", 1},
                                                                       {"minutes", 1},
                                                                       {"notice", 1},
                                                                       {"receipt", 2},
                                                                       {"removal", 1}});
  CHECK(report.signatures == 18);
  CHECK(report.state_roots == 9);
  CHECK(report.tiles == 1);
  CHECK(report.models_listed == 1);
  CHECK(report.models_removed == 1);
  CHECK(report.decisions_confirmed == 1);
  CHECK(report.decisions_provisional + report.decisions_contradicted == 0);
  CHECK(report.notices_open == 1);
  CHECK(report.first_time == entry_of(story.leaves().front()).time);
  CHECK(report.last_time == entry_of(story.leaves().back()).time);
}

TEST_CASE("audit: a notice is open until the desk applied or rejected it") {
  HonestStory story;
  story.receipts(EntryIndex{4}, ReceiptStatus::applied);
  CHECK(report_on(story.published()).notices_open == 0);
  const EntryIndex second = story.notifies({display}, EntryIndex{3});
  CHECK(report_on(story.published()).notices_open == 1);
  story.receipts(second, ReceiptStatus::received);
  story.receipts(second, ReceiptStatus::rejected);
  CHECK(report_on(story.published()).notices_open == 0);
}

TEST_CASE("audit: an empty log is in order, and so is one of a single entry") {
  LogStory story;
  CHECK(report_on(story.published()).findings.empty());
  story.founds();
  const AuditReport report = report_on(story.published());
  CHECK(report.findings.empty());
  CHECK(report.entries == 1);
}

TEST_CASE("audit: the report is written with its numbers and findings") {
  auto leaves = honest_leaves();
  std::swap(leaves[1], leaves[2]);
  const Json json = to_json(report_on(MadeUpLog{leaves}.published()));
  CHECK(json["log_size"] == 9);
  CHECK(json["entries"] == 1);
  CHECK(json["entries_by_type"]["charter"] == 1);
  CHECK(json["findings"][0]["code"] == "index-mismatch");
  CHECK(json["findings"][0]["entry"] == 1);
  CHECK(json["first_time"] == "2026-07-09T12:00:00.000Z");
}

TEST_CASE("audit: the made-up log with honest leaves is the honest log, tiles and all") {
  const HonestStory story;
  CHECK(MadeUpLog{story.leaves()}.published() == story.published());
  CHECK(found_in(honest_leaves()) == "nothing");
}

TEST_CASE("audit: an entry changed after it was signed is found at its place") {
  for (const std::size_t index : {0U, 1U, 3U, 5U, 8U}) {
    CHECK(found_with(index, [](Entry& entry) {
            const auto at_text = entry.statement.find("2026");
            entry.statement[at_text + 3] = '5';
          }) == "signature-invalid at " + std::to_string(index));
  }
}

TEST_CASE("audit: an entry changed under the tiles and the checkpoint of before is found") {
  const Published honest = MadeUpLog{honest_leaves()}.published();
  auto leaves = honest_leaves();
  // A stranger's line changes what is hashed, and nothing that is signed.
  leaves[3] = altered(leaves[3], [](Entry& entry) {
    auto note = parse_note(entry.statement);
    REQUIRE(note.has_value());
    sign_note(*note, ed25519_signer("stranger"));
    entry.statement = format_note(*note);
  });
  CHECK(found_in(leaves) == "nothing");
  Published files = MadeUpLog{leaves}.published();
  files["checkpoint"] = honest.at("checkpoint");
  CHECK(found_in(files) == "root-mismatch");
  files["tile/0/000.p/9"] = honest.at("tile/0/000.p/9");
  CHECK(found_in(files) == "tile-mismatch");
}

TEST_CASE("audit: entries out of order are found") {
  auto leaves = honest_leaves();
  std::swap(leaves[5], leaves[6]);
  CHECK(found_in(leaves) == "index-mismatch at 5");
  leaves = honest_leaves();
  leaves.erase(leaves.begin() + 2);
  CHECK(found_in(leaves) == "index-mismatch at 2");
}

TEST_CASE("audit: a time that goes back is found") {
  CHECK(found_with(4, [](Entry& entry) { entry.time.value -= 1001; }) == "time-went-back at 4");
  CHECK(found_with(4, [](Entry& entry) { entry.time.value -= 1000; }) == "nothing");
}

TEST_CASE("audit: a wrong state root is found, whether the entry changes the state or not") {
  for (const std::size_t index : {0U, 2U, 4U, 7U, 8U}) {
    CHECK(found_with(index, [](Entry& entry) { entry.state_root = sha256("another"); }) ==
          "state-root-mismatch at " + std::to_string(index));
  }
}

TEST_CASE("audit: a statement that is in the log twice is found") {
  auto leaves = honest_leaves();
  leaves.push_back(next_leaf(leaves, entry_of(leaves[1]).statement));
  CHECK(found_in(leaves) == "statement-repeated at 9");
}

TEST_CASE("audit: an entry that breaks a rule is found by the rule's code") {
  const People& p = people();
  CHECK(found_after(addition_of(), first(2, p.registrar)) == "model-removed at 9");
  CHECK(found_after(addition_of(make_display()), first(2, p.registrar)) ==
        "model-already-listed at 9");
  CHECK(found_after(addition_of(make_model("00000002")), first(1, p.registrar)) ==
        "threshold-not-met at 9");
  CHECK(found_after(removal_of(display, EntryIndex{4}), first(2, p.registrar)) ==
        "model-not-in-notice at 9");
  CHECK(found_after(removal_of(display, EntryIndex{3}), first(2, p.registrar)) ==
        "notice-not-found at 9");
  CHECK(found_after(make_charter(), p.panel) == "charter-replaces-mismatch at 9");
  CHECK(found_after(minutes_with({}, false), numbered_signers("stranger", 1)) ==
        "signature-missing at 9");
  CHECK(found_after(minutes_with({}, false), first(1, p.registrar)) == "nothing");
}

TEST_CASE("audit: an entry for another registry, or at a time it was too old for, is found") {
  auto leaves = honest_leaves();
  Statement statement{"another.example.org/log", entry_of(leaves.back()).time,
                      minutes_with({}, false)};
  const Signers signers = first(1, people().registrar);
  leaves.push_back(next_leaf(leaves, format_note(sign(statement, signers))));
  CHECK(found_in(leaves) == "origin-mismatch at 9");
  statement.origin = test_origin;
  statement.issued_at = plus_seconds(statement.issued_at, -31 * 86'400);
  leaves.back() = next_leaf(honest_leaves(), format_note(sign(statement, signers)));
  CHECK(found_in(leaves) == "statement-too-old at 9");
}

TEST_CASE("audit: a log that does not begin with its charter is found") {
  auto leaves = honest_leaves();
  leaves.erase(leaves.begin());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    leaves[i] = altered(leaves[i], [&](Entry& entry) { entry.index = EntryIndex{i}; });
  }
  CHECK(found_in(leaves) == "charter-missing at 0");
}

TEST_CASE("audit: what cannot be read is found at its place") {
  auto leaves = honest_leaves();
  leaves[5] = "not an entry";
  CHECK(found_in(leaves) == "entry-malformed at 5");
  CHECK(found_with(6, [](Entry& entry) { entry.statement = "not a note"; }) ==
        "note-malformed at 6");
  Published files = MadeUpLog{honest_leaves()}.published();
  files["tile/entries/000.p/9"].resize(100);
  CHECK(found_in(files) == "bundle-malformed at 0");
  files.erase("tile/entries/000.p/9");
  CHECK(found_in(files) == "resource-not-found at 0");
}

TEST_CASE("audit: a hash tile that was changed or is missing is found") {
  Published files = MadeUpLog{honest_leaves()}.published();
  flip_last_octet(files["tile/0/000.p/9"]);
  CHECK(found_in(files) == "tile-mismatch");
  files.erase("tile/0/000.p/9");
  CHECK(found_in(files) == "resource-not-found");
}

TEST_CASE("audit: a checkpoint whose root is not the entries' is found") {
  Published files = MadeUpLog{honest_leaves()}.published();
  files["checkpoint"] = checkpoint_at(9, sha256("another root"));
  CHECK(found_in(files) == "root-mismatch");
}

TEST_CASE("audit: the log must extend what was seen before") {
  const Published files = MadeUpLog{honest_leaves()}.published();
  for (const std::size_t size : {1U, 5U, 9U}) {
    CHECK(found_in(files, seen_before(checkpoint_at(size, honest_root_at(size)))) == "nothing");
    CHECK(found_in(files, seen_before(checkpoint_at(size, sha256("another")))) ==
          "history-rewritten at " + std::to_string(size - 1));
  }
  CHECK(found_in(files, seen_before(checkpoint_at(0, merkle_empty_root()))) == "nothing");
  CHECK(found_in(files, seen_before(checkpoint_at(10, sha256("longer")))) == "log-shrank");
  CHECK(found_in(LogStory().published(), seen_before(checkpoint_at(9, honest_root_at(9)))) ==
        "log-shrank");
}

TEST_CASE("audit: without a checkpoint that is to be trusted there is no report") {
  const auto why = [](const Published& files, const AuditOptions& options = {}) {
    const auto report = audit(fetch_from(files), log_policy(), options);
    return report ? "reported" : report.error().code;
  };
  Published files = MadeUpLog{honest_leaves()}.published();
  const Checkpoint checkpoint{test_origin, TreeSize{9}, honest_root_at(9), {}};
  const Bytes by_stranger = sign_checkpoint(checkpoint, ed25519_signer("stranger")).note;
  CHECK(why(files, seen_before(by_stranger)) == "signature-missing");
  files["checkpoint"] = by_stranger;
  CHECK(why(files) == "signature-missing");
  files.erase("checkpoint");
  CHECK(why(files) == "resource-not-found");
}

TEST_CASE("audit: an earlier checkpoint of another log that is trusted, too, compares nothing") {
  const NoteSigner other = ed25519_signer("other.example.org/log");
  const auto policy = TrustPolicy::parse("log " + log_key().verifier().to_string() + "\nlog " +
                                         other.verifier().to_string() + "\nquorum none\n");
  REQUIRE(policy.has_value());
  const Published files = MadeUpLog{honest_leaves()}.published();
  const Bytes elsewhere =
      sign_checkpoint({"other.example.org/log", TreeSize{2}, sha256("root"), {}}, other).note;
  const auto report = audit(fetch_from(files), *policy, seen_before(elsewhere));
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().code == "origin-mismatch");
}

TEST_CASE("audit: a log that its witnesses saw too long ago is stale, though nothing is wrong") {
  const NoteSigner witness = witness_signer("w.example.org");
  const auto policy =
      TrustPolicy::parse("log " + log_key().verifier().to_string() + "\nwitness w " +
                         witness.verifier().to_string() + "\nquorum w\n");
  REQUIRE(policy.has_value());
  Published files = MadeUpLog{honest_leaves()}.published();
  CHECK(audit(fetch_from(files), *policy, {}).error().code == "quorum-not-met");
  auto note = parse_note(files["checkpoint"]);
  REQUIRE(note.has_value());
  const std::uint64_t seen = at("2026-07-09T13:00:00Z").value / 1000;
  cosign_note(*note, witness, seen);
  files["checkpoint"] = format_note(*note);
  for (const bool stale : {false, true}) {
    AuditOptions options;
    options.now = UnixMillis{(seen + 3600 + (stale ? 1 : 0)) * 1000};
    options.witness_age_seconds_max = 3600;
    const auto report = audit(fetch_from(files), *policy, options);
    REQUIRE(report.has_value());
    CHECK(report->findings.empty());
    CHECK(report->stale == stale);
    CHECK(to_json(*report)["witness_time"] == "2026-07-09T13:00:00Z");
    CHECK(to_json(*report)["cosignatures"] == 1);
  }
}

TEST_CASE("audit: it goes on across a change of the charter in the middle of a bundle") {
  LogStory story;
  story.founds();
  const People& p = people();
  for (int i = 0; i < 299; ++i) story.minutes({}, false);
  Charter second = make_charter();
  const NoteSigner successor = ed25519_signer("registrar-4");
  second.roles[Role::registrar] = role_keys(2, {p.registrar[1], p.registrar[2], successor});
  second.replaces = EntryIndex{0};
  REQUIRE(story.does(second) == EntryIndex{300});
  story.does(addition_of(), {p.registrar[1], successor});
  for (int i = 0; i < 300; ++i) story.does(minutes_with({}, false), {successor});

  const Published files = story.published();
  for (const unsigned threads : {0U, 1U, 3U}) {
    AuditOptions options;
    options.threads = threads;
    std::vector<std::uint64_t> progress;
    options.on_progress = [&](std::uint64_t done, std::uint64_t of) {
      CHECK(of == 602);
      progress.push_back(done);
    };
    const AuditReport report = report_on(files, options);
    CHECK(report.findings.empty());
    CHECK(report.entries == 602);
    CHECK(report.entries_by_type.at("charter") == 2);
    CHECK(report.tiles == 4);
    CHECK(progress == std::vector<std::uint64_t>{1, 256, 512, 602});
  }

  auto leaves = story.leaves();
  const Statement by_revoked{test_origin, entry_of(leaves.back()).time, minutes_with({}, false)};
  leaves.push_back(next_leaf(leaves, format_note(sign(by_revoked, first(1, p.registrar)))));
  CHECK(found_in(leaves) == "signature-missing at 602");

  leaves = story.leaves();
  leaves[257] = altered(leaves[257], [](Entry& entry) { entry.state_root = sha256("x"); });
  CHECK(found_in(leaves) == "state-root-mismatch at 257");
  Published tampered = files;
  flip_last_octet(tampered["tile/0/001"]);
  CHECK(found_in(tampered) == "tile-mismatch at 511");
  tampered = files;
  flip_last_octet(tampered["tile/1/000.p/2"]);
  CHECK(found_in(tampered) == "tile-mismatch");
}

}  // namespace cpl::testing::audit_test
