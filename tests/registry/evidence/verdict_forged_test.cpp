// The offline judge calls nothing valid that was altered, cut or made up, be it by whoever holds
// the log's key.
#include "registry/list/state_record.hpp"
#include "tests/registry/evidence/verdict_fixture.hpp"

namespace cpl::testing::verdict_forged_test {
namespace {

std::string_view type_of(const ProvenEntry& proven) {
  const auto note = parse_note(entry_of(proven.leaf).statement);
  REQUIRE(note.has_value());
  const auto statement = parse_statement(note->text);
  REQUIRE(statement.has_value());
  return statement->type();
}

// The only model of a state tree stands at its root.
Hash lone_state_root(const ModelId& id, BytesView record) {
  return PrefixNode{PrefixNode::Kind::leaf, state_key(id), state_value(record)}.hash();
}

// The evidence as it would be under a last entry that says the meter's state is this record.
Evidence with_last_state(const RemovalStory& story, const Bytes& record) {
  MadeUpLog log{story.leaves()};
  const Statement statement{test_origin, story.now, minutes_with({}, false)};
  Entry last = entry_of(log.leaves.back());
  last.index.value += 1;
  last.state_root = lone_state_root(meter, record);
  last.statement = format_note(sign(statement, first(1, people().registrar)));
  log.leaves.push_back(format_entry(last));
  Evidence evidence = story.evidence();
  for (ProvenEntry& entry : evidence.entries) entry = log.prove(entry_of(entry.leaf).index);
  evidence.last = log.prove(last.index);
  evidence.states = {{meter, record, PrefixProof{{}, PrefixProof::Present{}}}};
  return evidence;
}

}  // namespace

TEST_CASE("verdict: one octet altered anywhere in the file, and it is never valid") {
  RemovalStory story;
  story.minutes({minuted()});
  const Bytes file = format_evidence(cosigned(story.evidence()));
  const TrustPolicy policy = witness_policy();
  REQUIRE(judge_file(file, policy, at_time(witnessed)).outcome == Outcome::valid);
  for (std::size_t position = 0; position < file.size(); position += 37) {
    Bytes altered_file = file;
    altered_file[position] = static_cast<char>(altered_file[position] ^ 1);
    keep_judged(altered_file);
    const Verdict verdict = judge_file(altered_file, policy, at_time(witnessed));
    CAPTURE(position, file.substr(position, 20));
    CHECK(verdict.outcome == Outcome::invalid);
  }
}

TEST_CASE("verdict: evidence of a removal with any entry left out is invalid") {
  RemovalStory story;
  story.minutes({minuted()});
  const Evidence whole = story.evidence();
  std::set<std::string_view> types;
  for (std::size_t i = 0; i < whole.entries.size(); ++i) {
    const std::string_view type = type_of(whole.entries[i]);
    types.insert(type);
    Evidence cut = whole;
    cut.entries.erase(cut.entries.begin() + static_cast<std::ptrdiff_t>(i));
    CAPTURE(type);
    // Whoever keeps the minutes back gets the verdict for a removal without them, and no better.
    const Outcome expected = type == "minutes" ? Outcome::valid_provisional : Outcome::invalid;
    CHECK(verdict_on(cut).outcome == expected);
  }
  CHECK(types == std::set<std::string_view>{"addition", "charter", "decision", "minutes", "notice",
                                            "receipt", "removal"});
  Evidence stateless = whole;
  stateless.states.clear();
  const Verdict verdict = judge(stateless, log_policy(), at_time(witnessed));
  CHECK(told(verdict) == "INVALID: evidence-incomplete");
}

TEST_CASE("verdict: entries out of order, twice, or under different checkpoints are refused") {
  RemovalStory story;
  const Evidence earlier = story.evidence();
  story.minutes({minuted()});
  Evidence evidence = story.evidence();
  Evidence swapped = evidence;
  std::swap(swapped.entries[1], swapped.entries[2]);
  CHECK(told(verdict_on(swapped)).starts_with("INVALID: "));
  Evidence doubled = evidence;
  doubled.entries.insert(doubled.entries.begin(), doubled.entries[0]);
  CHECK(verdict_told(doubled) == "INVALID: evidence-out-of-order");
  Evidence mixed = evidence;
  mixed.entries[0] = earlier.entries[0];
  CHECK(verdict_told(mixed) == "INVALID: checkpoint-mismatch");
}

TEST_CASE("verdict: the state counts only under the tree's last entry") {
  RemovalStory story;
  story.minutes({minuted()});
  Evidence evidence = story.evidence();
  evidence.last = evidence.entries.front();
  CHECK(verdict_told(evidence) == "INVALID: last-entry-mismatch");
}

TEST_CASE("verdict: entries, proofs and states of another log, model or place prove nothing") {
  RemovalStory story;
  story.minutes({minuted()});
  const Evidence good = story.evidence();

  Evidence moved = good;
  std::swap(moved.entries[0].proof, moved.entries[1].proof);
  CHECK(verdict_told(moved) == "INVALID: inclusion-proof-invalid");
  Evidence changed = good;
  changed.entries[2].leaf.back() = '\n';
  changed.entries[2].leaf += "\n";
  CHECK(verdict_told(changed) == "INVALID: inclusion-proof-invalid");

  Evidence of_another = good;
  of_another.subject = display.text();
  CHECK(verdict_on(of_another).outcome == Outcome::invalid);
  of_another.subject = "not a model";
  CHECK(verdict_on(of_another).outcome == Outcome::invalid);
  Evidence other_state = good;
  other_state.states[0].model = display;
  CHECK(verdict_told(other_state) == "INVALID: state-proof-invalid");
  Evidence other_record = good;
  other_record.states[0].record->replace(2, 1, "C");
  CHECK(verdict_told(other_record) == "INVALID: state-proof-invalid");
  Evidence absent = good;
  absent.states[0].record.reset();
  CHECK(verdict_told(absent) == "INVALID: state-proof-invalid");
}

TEST_CASE("verdict: another log's key, or the right key under another name, is not trusted") {
  const RemovalStory story;
  CHECK(told(verdict_on(story.evidence(),
                        TrustPolicy::of_log(ed25519_signer("another").verifier()))) ==
        "INVALID: signature-missing");
  const auto renamed = NoteSigner::create(
      "another-name", *PrivateKey::from_ed25519_seed(sha256(test_origin).view()));
  REQUIRE(renamed.has_value());
  CHECK(told(verdict_on(story.evidence(), TrustPolicy::of_log(renamed->verifier()))) ==
        "INVALID: signature-missing");
}

TEST_CASE("verdict: a last entry whose state denies the removal, or is nonsense, is no proof") {
  const RemovalStory story;
  const auto truth = story.evidence().states[0].record;
  REQUIRE(truth.has_value());
  CHECK(verdict_told(with_last_state(story, *truth)) == "VALID, provisional");
  Bytes listed = *truth;
  listed.replace(listed.find("removed"), 7, "listed");
  CHECK(verdict_told(with_last_state(story, listed)) == "INVALID: evidence-incomplete");
  Bytes later = *truth;
  later.replace(later.find("\"changed_at\":8"), 14, "\"changed_at\":9");
  CHECK(verdict_told(with_last_state(story, later)) == "INVALID: evidence-incomplete");
  for (const char* record :
       {"[]", "{}", "7", R"({"status":7,"changed_at":8})",
        R"({"status":"removed","changed_at":"8"})", R"({"status":"removed","changed_at":-8})"}) {
    CHECK(verdict_told(with_last_state(story, record)) == "INVALID: state-record-malformed");
  }
  CHECK(verdict_told(with_last_state(story, "{")) == "INVALID: json-malformed");
}

TEST_CASE("verdict: whoever holds the log's key cannot begin it anew with people of his own") {
  // The thief appends a charter that replaces none, and a whole removal signed by its people.
  const RemovalStory honest;
  const Signers panel = numbered_signers("thief", 3);
  const Signers registrar = numbered_signers("thief-registrar", 2);
  const Signers desk = numbered_signers("thief-desk", 1);
  Charter charter = make_charter();
  charter.roles = {{Role::panel, role_keys(3, panel)},
                   {Role::registrar, role_keys(2, registrar)},
                   {Role::service_desk, role_keys(1, desk)}};
  MadeUpLog log{honest.leaves()};
  const std::uint64_t begin = log.leaves.size();
  const EntryIndex decision{begin + 2};
  const EntryIndex notice{begin + 3};
  const std::vector<std::pair<StatementBody, Signers>> made_up = {
      {charter, panel},
      {addition_of(), registrar},
      {decision_on({predecessor}), panel},
      {notice_of({predecessor}, decision), registrar},
      {receipt_of(notice, ReceiptStatus::received), desk},
      {receipt_of(notice, ReceiptStatus::validated), desk},
      {removal_of(predecessor, notice), registrar}};
  ModelRecord gone;
  gone.model = make_model();
  gone.status = ModelStatus::removed;
  gone.changed_at = EntryIndex{begin + 6};
  gone.effective_from = effective_time({}, honest.now);
  gone.decision = decision;
  gone.added = EntryIndex{begin + 1};
  gone.changed_before = gone.added;
  gone.status_word = removal_of(predecessor, notice).status_word;
  const Hash root = lone_state_root(predecessor, state_record(gone));
  for (const auto& [body, signers] : made_up) {
    const Statement statement{test_origin, honest.now, body};
    log.leaves.push_back(format_entry(
        {EntryIndex{log.leaves.size()}, honest.now, root, format_note(sign(statement, signers))}));
  }
  Evidence evidence{Question::removal, predecessor.text(), {}, {}, {}};
  for (std::uint64_t i = begin; i < log.leaves.size(); ++i) {
    evidence.entries.push_back(log.prove(EntryIndex{i}));
  }
  evidence.last = evidence.entries.back();
  evidence.states = {{predecessor, state_record(gone), PrefixProof{{}, PrefixProof::Present{}}}};
  CHECK(verdict_told(evidence) == "INVALID: charter-missing");
  evidence.entries.insert(evidence.entries.begin(), log.prove(EntryIndex{0}));
  // Nobody of the panel in force signed it.
  CHECK(verdict_told(evidence) == "INVALID: signature-missing");
}

}  // namespace cpl::testing::verdict_forged_test
