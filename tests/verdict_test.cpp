// The offline judge: what it calls valid, and that nothing which was altered, cut or made up is.
#include "registry/verdict.hpp"

#include <nlohmann/json.hpp>

#include "tests/published_log.hpp"

namespace cpl {
namespace {

const ModelId predecessor = make_model().id();
const ModelId display = make_display().id();

DeviceModel make_successor() {
  DeviceModel model = make_model("38040405");
  model.predecessors = {predecessor};
  return model;
}
const ModelId meter = make_successor().id();

// Up to the removal of a meter, whose notice names a display, too, and whose predecessor stays.
struct RemovalStory : LogStory {
  RemovalStory() {
    founds();
    adds();
    adds(make_successor());
    adds(make_display());
    decision = decides({meter, display});
    notice = notifies_and_validates({meter, display}, decision);
    removal = removes(meter, notice);
  }
  Evidence evidence() const {
    const auto built = build_removal_evidence(*view(), meter);
    INFO((built ? "" : built.error().detail));
    REQUIRE(built.has_value());
    return *built;
  }
  EntryIndex decision;
  EntryIndex notice;
  EntryIndex removal;
};

const std::uint64_t witnessed = at("2026-07-09T13:00:00Z").value / 1000;

TrustPolicy witness_policy() {
  const auto policy =
      TrustPolicy::parse("log " + log_key().verifier().to_string() + "\nwitness w " +
                         witness_signer("w.example.org").verifier().to_string() + "\nquorum w\n");
  REQUIRE(policy.has_value());
  return *policy;
}

// The same evidence with the witness's line under the checkpoint of every proof.
Evidence cosigned(Evidence evidence, std::uint64_t time = witnessed) {
  const auto cosign = [time](ProvenEntry& entry) {
    auto proof = parse_tlog_proof(entry.proof);
    REQUIRE(proof.has_value());
    auto note = parse_note(proof->checkpoint_note);
    REQUIRE(note.has_value());
    cosign_note(*note, witness_signer("w.example.org"), time);
    proof->checkpoint_note = format_note(*note);
    entry.proof = format_tlog_proof(*proof);
  };
  for (ProvenEntry& entry : evidence.entries) cosign(entry);
  cosign(evidence.last);
  return evidence;
}

JudgeOptions at_time(std::uint64_t unix_seconds) {
  return {UnixMillis{unix_seconds * 1000}, 86'400};
}

// Through the file and back, as it travels.
Verdict verdict_on(const Evidence& evidence, const TrustPolicy& policy = log_policy(),
                   std::uint64_t now = witnessed) {
  return judge_file(format_evidence(evidence), policy, at_time(now));
}

// "VALID", or "INVALID: <code>".
std::string told(const Verdict& verdict) {
  CHECK(verdict.code.empty() == (verdict.outcome != Outcome::invalid));
  CHECK_FALSE(verdict.sentence.empty());
  CHECK_FALSE(verdict.checks.empty());
  CHECK(verdict.checks.back().passed == (verdict.outcome != Outcome::invalid));
  return to_string(verdict.outcome) + (verdict.code.empty() ? "" : ": " + verdict.code);
}
std::string verdict_told(const Evidence& evidence) { return told(verdict_on(evidence)); }

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

TEST_CASE("verdict: a removal is provisional until final minutes bear it out, then valid") {
  RemovalStory story;
  const Verdict before = verdict_on(story.evidence());
  CHECK(told(before) == "VALID, provisional");
  CHECK(exit_code(before.outcome) == 0);
  CHECK(before.sentence == meter.text() +
                               " was removed by entry 8, in effect since 2026-07-09T10:00:00Z, on "
                               "the decision in entry 4");

  story.minutes({minuted()}, false);
  CHECK(verdict_told(story.evidence()) == "VALID, provisional");
  story.minutes({minuted()});
  const Verdict after = verdict_on(story.evidence());
  CHECK(told(after) == "VALID");
  CHECK(exit_code(after.outcome) == 0);
  CHECK(after.subject == meter.text());
  CHECK(after.size == TreeSize{11});
  CHECK(after.as_of == entry_of(story.leaves().back()).time);
  CHECK(after.question == Question::removal);
}

TEST_CASE("verdict: minutes that were there first make a removal valid at once") {
  LogStory story;
  story.founds();
  story.adds();
  story.minutes({minuted()});
  story.removes(predecessor,
                story.notifies_and_validates({predecessor}, story.decides({predecessor})));
  const auto evidence = build_removal_evidence(*story.view(), predecessor);
  REQUIRE(evidence.has_value());
  CHECK(evidence->states[0].proof.siblings.empty());
  CHECK(verdict_told(*evidence) == "VALID");
}

TEST_CASE("verdict: minutes that contradict the decision undo the removal's authority") {
  RemovalStory story;
  story.minutes({minuted("NOTED")});
  const Verdict verdict = verdict_on(story.evidence());
  CHECK(told(verdict) == "INVALID: decision-contradicted");
  CHECK(exit_code(verdict.outcome) == 1);
  CHECK(verdict.checks.back().name == "minutes");
  story.minutes({minuted()});
  CHECK(verdict_told(story.evidence()) == "VALID");
  story.minutes({});
  CHECK(verdict_told(story.evidence()) == "INVALID: decision-contradicted");
}

TEST_CASE("verdict: with a witness it is valid for as long as the policy allows, then stale") {
  RemovalStory story;
  story.minutes({minuted()});
  const Evidence evidence = cosigned(story.evidence());
  const Verdict fresh = verdict_on(evidence, witness_policy(), witnessed + 86'400);
  CHECK(told(fresh) == "VALID");
  CHECK(fresh.as_of == UnixMillis{witnessed * 1000});
  const Verdict stale = verdict_on(evidence, witness_policy(), witnessed + 86'401);
  CHECK(told(stale) == "VALID, stale");
  CHECK(exit_code(stale.outcome) == 3);
  CHECK(told(verdict_on(story.evidence(), witness_policy())) == "INVALID: quorum-not-met");
}

TEST_CASE("verdict: a removal without final minutes that is stale, too, is shown stale") {
  const RemovalStory story;
  CHECK(told(verdict_on(cosigned(story.evidence()), witness_policy(), witnessed + 90'000)) ==
        "VALID, stale");
}

TEST_CASE("verdict: a witness's time beyond all calendars does no harm") {
  const RemovalStory story;
  const Verdict verdict = verdict_on(cosigned(story.evidence(), INT64_MAX), witness_policy());
  CHECK(told(verdict) == "VALID, provisional");
  CHECK(format_time(*verdict.as_of) == "9999-12-31T23:59:59Z");
}

TEST_CASE("verdict: a removal after a rejected notice and a change of the charter is valid") {
  LogStory story;
  story.founds();
  story.adds();
  const EntryIndex decision = story.decides({predecessor});
  const EntryIndex rejected = story.notifies({predecessor}, decision);
  story.receipts(rejected, ReceiptStatus::received);
  story.receipts(rejected, ReceiptStatus::rejected);
  const Signers others = numbered_signers("other-registrar", 2);
  Charter second = make_charter();
  second.roles[Role::registrar] = role_keys(2, others);
  second.replaces = EntryIndex{0};
  story.does(second);
  const EntryIndex notice = story.does(notice_of({predecessor}, decision), others);
  story.receipts(notice, ReceiptStatus::received);
  story.receipts(notice, ReceiptStatus::validated);
  story.does(removal_of(predecessor, notice), others);
  story.does(minutes_with({minuted()}), others);
  const auto evidence = build_removal_evidence(*story.view(), predecessor);
  REQUIRE(evidence.has_value());
  CHECK(verdict_told(*evidence) == "VALID");
}

TEST_CASE("verdict: a notice is judged at each of its stages") {
  LogStory story;
  story.founds();
  story.adds();
  story.adds(make_display());
  const EntryIndex notice =
      story.notifies({predecessor, display}, story.decides({predecessor, display}));
  const auto told_now = [&] {
    const auto evidence = build_notice_evidence(*story.view(), notice);
    REQUIRE(evidence.has_value());
    const Verdict verdict = verdict_on(*evidence);
    return told(verdict) + verdict.sentence.substr(verdict.sentence.rfind(" is"));
  };
  CHECK(told_now() == "VALID, provisional is issued");
  story.receipts(notice, ReceiptStatus::received);
  CHECK(told_now() == "VALID, provisional is received");
  story.receipts(notice, ReceiptStatus::validated);
  story.minutes({minuted()});
  CHECK(told_now() == "VALID is validated");
  story.removes(predecessor, notice);
  CHECK(told_now() == "VALID is validated");
  story.receipts(notice, ReceiptStatus::applied);
  CHECK(told_now() == "VALID is applied");
}

TEST_CASE("verdict: evidence of a notice must hold the notice and its models' states") {
  const RemovalStory story;
  const auto built = build_notice_evidence(*story.view(), story.notice);
  REQUIRE(built.has_value());
  REQUIRE(verdict_told(*built) == "VALID, provisional");
  for (const char* subject : {"4", "6", "007", "x", "99999999999999999999"}) {
    Evidence other = *built;
    other.subject = subject;
    CHECK(verdict_told(other) == "INVALID: evidence-incomplete");
  }
  Evidence half = *built;
  half.states.pop_back();
  CHECK(verdict_told(half) == "INVALID: evidence-incomplete");
  Evidence claimed_absent = *built;
  claimed_absent.states[0].record.reset();
  CHECK(verdict_told(claimed_absent) == "INVALID: state-proof-invalid");
}

TEST_CASE("evidence: the file reads back to the octet") {
  const RemovalStory story;
  const Bytes file = format_evidence(story.evidence());
  const auto read = parse_evidence(file);
  REQUIRE(read.has_value());
  CHECK(format_evidence(*read) == file);
}

TEST_CASE("evidence: an absence proof reads back, whatever it ends in") {
  for (const PrefixProof& proof :
       {PrefixProof{{}, PrefixProof::Empty{}}, PrefixProof{{}, PrefixProof::Present{}},
        PrefixProof{{Hash{}, sha256("a"), Hash{}}, PrefixProof::Other{sha256("k"), sha256("v")}},
        PrefixProof{std::vector<Hash>(256, sha256("a")), PrefixProof::Empty{}},
        PrefixProof{std::vector<Hash>(9, Hash{}), PrefixProof::Empty{}}}) {
    FieldErrors errors;
    const PrefixProof read = read_prefix_proof(to_json(proof), "#", errors);
    CHECK(describe(errors).empty());
    CHECK(read == proof);
  }
}

TEST_CASE("evidence: a state proof has one spelling") {
  const Json good = to_json(
      PrefixProof{{Hash{}, sha256("a"), sha256("b")}, PrefixProof::Other{sha256("k"), Hash{}}});
  const auto faults = [&](const char* name, const Json& value) {
    Json json = good;
    json[name] = value;
    FieldErrors errors;
    read_prefix_proof(json, "#", errors);
    return describe(errors);
  };
  REQUIRE(faults("depth", 3).empty());
  CHECK_THAT(faults("depth", 2), Catch::Contains("#/siblings") || Catch::Contains("#/bitmap"));
  CHECK_THAT(faults("depth", 9), Catch::Contains("#/bitmap: does not fit the depth"));
  CHECK_THAT(faults("depth", 257), Catch::Contains("#/depth"));
  CHECK_THAT(faults("depth", 0), Catch::Contains("#/bitmap: is not a known member"));
  CHECK_THAT(faults("bitmap", "61"), Catch::Contains("#/bitmap: has a bit beyond the depth"));
  CHECK_THAT(faults("bitmap", "e0"), Catch::Contains("#/siblings: must hold one hash"));
  CHECK_THAT(faults("bitmap", "20"), Catch::Contains("#/siblings: holds more hashes"));
  CHECK_THAT(faults("bitmap", "6"), Catch::Contains("#/bitmap"));
  CHECK_THAT(faults("siblings", {"x", "y"}), Catch::Contains("#/siblings"));
  CHECK_THAT(faults("end", "present"), Catch::Contains("#/other: is not a known member"));
  CHECK_THAT(faults("end", "elsewhere"), Catch::Contains("#/end"));
}

TEST_CASE("verdict: a file that is no evidence is invalid, and says why") {
  const auto told_of = [](const Bytes& file) {
    const Verdict verdict = judge_file(file, log_policy(), at_time(witnessed));
    CHECK(verdict.checks.front().name == "file");
    return told(verdict);
  };
  CHECK(told_of("") == "INVALID: json-malformed");
  CHECK(told_of("[]") == "INVALID: evidence-malformed");
  CHECK(told_of("{}") == "INVALID: evidence-malformed");
  CHECK(told_of(Bytes(evidence_size_max + 1, ' ')) == "INVALID: evidence-malformed");
  Json json = Json::parse(format_evidence(RemovalStory().evidence()));
  json["format"] = "cpl/evidence/v2";
  CHECK(told_of(json.dump()) == "INVALID: evidence-malformed");
}

TEST_CASE("verdict: it is written with its checks") {
  const RemovalStory story;
  const Json json = to_json(verdict_on(story.evidence()));
  CHECK(json["verdict"] == "VALID, provisional");
  CHECK(json["question"] == "removal");
  CHECK(json["log_size"] == 9);
  CHECK(json["as_of"] == "2026-07-09T12:00:08Z");
  CHECK_FALSE(json.contains("code"));
  CHECK(json["checks"].size() == 1 + story.evidence().entries.size() + 1 + 1 + 2);
  for (const Json& check : json["checks"]) CHECK(check["passed"] == true);
}

TEST_CASE("verdict: one octet altered anywhere in the file, and it is never valid") {
  RemovalStory story;
  story.minutes({minuted()});
  const Bytes file = format_evidence(cosigned(story.evidence()));
  const TrustPolicy policy = witness_policy();
  REQUIRE(judge_file(file, policy, at_time(witnessed)).outcome == Outcome::valid);
  for (std::size_t position = 0; position < file.size(); position += 37) {
    Bytes altered_file = file;
    altered_file[position] = static_cast<char>(altered_file[position] ^ 1);
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
  CHECK(verdict_told(of_another) == "INVALID: evidence-incomplete");
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
  gone.effective_from = removal_of(predecessor, notice).effective_from;
  gone.decision = decision;
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
  CHECK(verdict_told(evidence) == "INVALID: charter-replaces-mismatch");
}

}  // namespace cpl
