// An audit that goes on from a saved state finds what an audit from the start finds, and refuses
// what contradicts the state, or a state that is damaged.
#include "registry/audit/state.hpp"

#include <nlohmann/json.hpp>

#include "registry/audit/report.hpp"
#include "tests/registry/audit/published_log.hpp"

namespace cpl::testing::state_test {
namespace {

const ModelId meter = make_model().id();
const ModelId display = make_display().id();

CertificateChange expired(const ModelId& model) {
  return {model, CertificateKind::zigbee, CertificateEvent::expired, day("2026-07-01"), {}, {}, {}};
}

Text sealed(const std::string& words) { return Text(seal_of(Bytes(salt_size, 's'), words)); }

// Every kind of statement, and the records that later ones need: what is left open before one part
// is judged in another.
struct FullStory : LogStory {
  FullStory() {
    founds();
    adds();
    adds(make_display());
    DeviceModel corrected = make_display();
    corrected.manufacturer_name = "Renamed Displays Ltd";
    does(Correction{corrected, {"The maker's name had changed."}, {}});
    does(expired(display));
    minutes({minuted()}, false);
    const EntryIndex decision = decides({meter, display});
    const EntryIndex first = notifies({display}, decision);
    receipts(first, ReceiptStatus::received);
    receipts(first, ReceiptStatus::rejected);
    const EntryIndex notice = notifies_and_validates({meter}, decision);
    removes(meter, notice);
    receipts(notice, ReceiptStatus::applied);
    minutes({minuted()});
    charter_changes();
    Decision back = decision_on({});
    back.meeting = MeetingRef{"SECP", "SECP_156_1007"};
    back.date = day("2026-07-10");
    back.text = sealed("AGREED to bring the meter back.");
    back.authorises = {{Act::reinstate, {meter}}};
    now = at("2026-07-10T12:00:00Z");
    const EntryIndex reinstating = does(back);
    does(Reinstatement{meter, reinstating, now, {}});
    does(
        Disclosure{reinstating, "/text", Bytes(salt_size, 's'), "AGREED to bring the meter back."});
    works_around_the_list(notifies({display}, decision), decision);
    notifies({display}, decision);
  }

 private:
  void works_around_the_list(EntryIndex notice, EntryIndex decision) {
    does(Withdrawal{notice, {display}, "The certificate was renewed.", {}});
    for (const auto status :
         {LoadingStatus::received, LoadingStatus::verified, LoadingStatus::loaded}) {
      does(Loading{1, sha256("list"), TreeSize{decision.value}, status, now, {}, {}});
    }
    does(Deployment{day("2026-07-09"), 2, 40, sha256("rows")});
    does(MeetingCalendar{"SECP", {{"SECP_157_1208", day("2026-08-12")}}});
    does(MeetingPaper{{"SECP", "SECP_157_1208"},
                      "WHITE",
                      sha256("paper"),
                      10,
                      "text/html",
                      TreeSize{0},
                      TreeSize{decision.value},
                      {{{display}, RemovalBasis::panel_decision, sealed("Why.")}}});
    does(ActionUpdate{"SECP", "SECP155/01", ActionState::closed, {}, "Done."});
    does(Specifications{1, {{"SMETS", "V4.2", {}, day("2027-01-01"), {}, {}}}});
  }

  void charter_changes() {
    Charter second = make_charter();
    second.name = "The registry, renamed";
    second.replaces = EntryIndex{0};
    does(second);
  }
};

const std::vector<Bytes>& story_leaves() {
  static const std::vector<Bytes> leaves = FullStory().leaves();
  return leaves;
}

// The log as it was at a size.
Published published_at(const std::vector<Bytes>& leaves, std::size_t size) {
  return MadeUpLog{{leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size)}}
      .published();
}

AuditReport report_on(const Published& files, AuditLedger& ledger) {
  const auto report = audit(fetch_from(files), log_policy(), {}, ledger);
  INFO((report ? "" : report.error().detail));
  REQUIRE(report.has_value());
  return *report;
}

// An audit from the start, saved.
Bytes state_of(const Published& files) {
  AuditLedger ledger;
  REQUIRE(report_on(files, ledger).findings.empty());
  return format_audit_state(ledger);
}

AuditLedger ledger_of(const Bytes& state) {
  auto ledger = parse_audit_state(state, log_policy());
  INFO((ledger ? "" : ledger.error().detail));
  REQUIRE(ledger.has_value());
  return *std::move(ledger);
}

// "log-shrank", or "nothing"; or the error's code.
std::string found_from(const Bytes& state, const Published& files) {
  AuditLedger ledger = ledger_of(state);
  const auto report = audit(fetch_from(files), log_policy(), {}, ledger);
  if (!report) return "error " + report.error().code;
  std::string told;
  for (const AuditFinding& finding : report->findings) told += finding.code + " ";
  return told.empty() ? "nothing" : told;
}

// The report without what must differ: where the replay began, and that it says so.
Json comparable(const AuditReport& report) {
  Json json = to_json(report);
  json.erase("replayed_from");
  json.erase("not_checked");
  return json;
}

}  // namespace

TEST_CASE("audit state: the story has every kind of statement") {
  AuditLedger ledger;
  const AuditReport report = report_on(published_at(story_leaves(), story_leaves().size()), ledger);
  CHECK(report.findings.empty());
  for (const std::string_view type : statement_type_words) {
    INFO(type);
    CHECK(report.entries_by_type.contains(std::string(type)));
  }
}

TEST_CASE("audit state: to N, saved, and on to M is the audit to M, for every N and M") {
  const auto& leaves = story_leaves();
  std::vector<Published> logs;
  std::vector<Bytes> states;
  std::vector<Json> reports;
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    logs.push_back(published_at(leaves, size));
    AuditLedger ledger;
    reports.push_back(comparable(report_on(logs.back(), ledger)));
    states.push_back(format_audit_state(ledger));
  }
  for (std::size_t n = 0; n <= leaves.size(); ++n) {
    for (std::size_t m = n; m <= leaves.size(); ++m) {
      INFO(n << " to " << m);
      AuditLedger ledger = ledger_of(states[n]);
      const AuditReport report = report_on(logs[m], ledger);
      CHECK(report.replayed_from.value == n);
      CHECK(comparable(report) == reports[m]);
      CHECK((format_audit_state(ledger) == states[m]));
    }
  }
}

TEST_CASE("audit state: it goes on at any place of a bundle and of the tiles above") {
  LogStory story;
  story.founds();
  for (int i = 0; i < 1023; ++i) {
    const auto [item, ordinal] =
        std::pair{static_cast<std::uint64_t>(1 + i / 100), static_cast<std::uint64_t>(1 + i % 100)};
    story.minutes({minuted("NOTED", "Text", {item, ordinal})}, false);
  }
  const auto leaves = story.leaves();
  const Published all = published_at(leaves, 1024);
  AuditLedger whole;
  const Json expected = comparable(report_on(all, whole));
  for (const std::size_t n : {1U, 2U, 255U, 256U, 257U, 511U, 512U, 768U, 1000U, 1023U, 1024U}) {
    INFO(n);
    AuditLedger ledger = ledger_of(state_of(published_at(leaves, n)));
    CHECK(comparable(report_on(all, ledger)) == expected);
    CHECK((format_audit_state(ledger) == format_audit_state(whole)));
  }
}

TEST_CASE("audit state: a log that was rolled back, or forked, is told and not audited") {
  const auto& leaves = story_leaves();
  const Bytes state = state_of(published_at(leaves, 12));
  CHECK(found_from(state, published_at(leaves, 12)) == "nothing");
  CHECK(found_from(state, published_at(leaves, 11)) == "log-shrank ");
  CHECK(found_from(state, published_at(leaves, 0)) == "log-shrank ");

  // Another history of the same entries, soundly signed: the entry that was left out shows.
  FullStory other;
  auto forked = other.leaves();
  forked[11] = altered(forked[11], [](Entry& entry) { entry.time.value += 1; });
  CHECK(found_from(state, published_at(forked, 12)) == "history-rewritten ");
  CHECK(found_from(state, published_at(forked, 15)) == "history-rewritten ");

  AuditLedger ledger = ledger_of(state);
  const AuditReport report = report_on(published_at(forked, 15), ledger);
  REQUIRE(report.contradicted_note);
  CHECK(*report.contradicted_note == published_at(leaves, 12).at("checkpoint"));
  CHECK(report.findings[0].detail.find("fork") != std::string::npos);
  CHECK(to_json(report)["contradicted_checkpoint"] == *report.contradicted_note);
}

TEST_CASE("audit state: what is new is judged by all that came before it") {
  const auto& leaves = story_leaves();
  const Bytes state = state_of(published_at(leaves, 12));
  auto longer = std::vector<Bytes>(leaves.begin(), leaves.begin() + 12);
  const auto next = [&](const Bytes& note) {
    Entry entry = entry_of(longer.back());
    entry.index.value += 1;
    entry.time.value += 1000;
    entry.statement = note;
    longer.push_back(format_entry(entry));
    const std::string found = found_from(state, published_at(longer, longer.size()));
    longer.pop_back();
    return found;
  };
  const auto signed_now = [&](const StatementBody& body) {
    const Statement statement{test_origin, entry_of(longer.back()).time, body};
    return format_note(sign(statement, signers_for(body)));
  };
  CHECK(next(entry_of(leaves[1]).statement) == "statement-repeated ");
  CHECK(next(signed_now(addition_of())) == "model-already-listed ");
  CHECK(next(signed_now(removal_of(display, EntryIndex{7}))) == "notice-rejected ");
  CHECK(next(signed_now(minutes_with({}, false))) == "nothing");
}

TEST_CASE("audit state: tiles that do not fit the saved ones are found") {
  const auto& leaves = story_leaves();
  const Bytes state = state_of(published_at(leaves, 12));
  Published files = published_at(leaves, 15);
  files["tile/0/000.p/15"][0] ^= 1;
  CHECK(found_from(state, files) == "history-rewritten ");
  files = published_at(leaves, 15);
  files["tile/0/000.p/15"].back() ^= 1;
  CHECK(found_from(state, files) == "history-rewritten ");
  files = published_at(leaves, 15);
  auto bundle = MadeUpLog{leaves}.leaves;
  bundle[13] = altered(bundle[13], [](Entry& entry) { entry.time.value += 1; });
  files["tile/entries/000.p/15"] = MadeUpLog{bundle}.bundle(0, 15);
  CHECK(found_from(state, files) == "tile-mismatch ");
  files.erase("tile/0/000.p/15");
  CHECK(found_from(state, files) == "history-rewritten ");
}

TEST_CASE("audit state: a source that is out of reach on the way is no finding") {
  const auto& leaves = story_leaves();
  const Published files = published_at(leaves, 15);
  const FetchResource broken = [&](const std::string& path) -> Result<Bytes> {
    if (path.starts_with("tile/entries")) {
      return Error{Errc::unavailable, "registry-unreachable", "the line is down"};
    }
    return files.at(path);
  };
  AuditLedger ledger;
  const auto report = audit(broken, log_policy(), {}, ledger);
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().code == "registry-unreachable");
}

TEST_CASE("audit state: a state that is damaged in any octet is refused, with advice") {
  const Bytes state = state_of(published_at(story_leaves(), story_leaves().size()));
  REQUIRE(parse_audit_state(state, log_policy()).has_value());
  for (std::size_t at = 0; at < state.size(); at += 1 + state.size() / 997) {
    Bytes flipped = state;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    const auto parsed = parse_audit_state(flipped, log_policy());
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == "audit-state-damaged");
    CHECK(parsed.error().detail.find("audit the log from its start") != std::string::npos);
  }
  for (std::size_t size = 0; size < state.size(); size += 1 + state.size() / 97) {
    CHECK_FALSE(parse_audit_state(state.substr(0, size), log_policy()).has_value());
  }
}

TEST_CASE(
    "audit state: parts that do not belong together are refused, though their hash is right") {
  const auto resealed = [](Bytes state) {
    state.resize(state.size() - sizeof(Hash));
    return state + Bytes(sha256(state).view());
  };
  const auto refused = [&](const Bytes& state) {
    const auto parsed = parse_audit_state(resealed(state), log_policy());
    return parsed ? "taken" : parsed.error().code;
  };
  const Bytes state = state_of(published_at(story_leaves(), 12));
  CHECK(refused(state) == "taken");
  // Facts of the first model.
  for (const std::string_view fact : {"\"added\":", "\"changed_at\":", "\"record\":\"", "T"}) {
    Bytes other = state;
    const std::size_t at = other.find(fact, other.find("{\"added\"")) + fact.size();
    other[at] = other[at] == '1' ? '2' : '1';
    CHECK(refused(other) == "audit-state-damaged");
  }
  // An id of a statement that is forgotten.
  Bytes fewer = state.substr(0, state.size() - sizeof(Hash) - sizeof(SeenId));
  const std::size_t length = fewer.size() - 11 * sizeof(SeenId) - 1;
  fewer[length] = static_cast<char>(11 * sizeof(SeenId) % 256);
  fewer[length - 1] = static_cast<char>(11 * sizeof(SeenId) / 256);
  CHECK(refused(fewer + Bytes(sizeof(Hash), '\0')) == "audit-state-damaged");
}

TEST_CASE("audit state: one that an older version kept is named as such, with advice") {
  Bytes state = state_of(published_at(story_leaves(), 12));
  const std::size_t version = state.find('4');
  REQUIRE(version == std::string_view("cpl/audit-state/v").size());
  for (const char old : {'1', '2', '3'}) {
    state[version] = old;
    const auto parsed = parse_audit_state(state, log_policy());
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == "audit-state-old");
    CHECK(parsed.error().detail.find("audit the log from its start") != std::string::npos);
  }
}

TEST_CASE("audit state: a state of a log that the policy does not trust is refused") {
  const Bytes state = state_of(published_at(story_leaves(), 12));
  const auto other = TrustPolicy::of_log(ed25519_signer(test_origin + "/2").verifier());
  const auto parsed = parse_audit_state(state, other);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().code == "signature-missing");
  CHECK(parsed.error().detail.starts_with("the saved checkpoint: "));
}

TEST_CASE("audit state: a state of another log that is trusted, too, is not gone on from") {
  const NoteSigner other = ed25519_signer("other.example.org/log");
  const auto policy = TrustPolicy::parse("log " + log_key().verifier().to_string() + "\nlog " +
                                         other.verifier().to_string() + "\nquorum none\n");
  REQUIRE(policy.has_value());
  auto ledger = parse_audit_state(state_of(published_at(story_leaves(), 12)), *policy);
  REQUIRE(ledger.has_value());
  const Checkpoint empty{"other.example.org/log", TreeSize{0}, merkle_empty_root(), {}};
  const Published files{{"checkpoint", sign_checkpoint(empty, other).note}};
  const auto report = audit(fetch_from(files), *policy, {}, *ledger);
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().code == "origin-mismatch");
}

}  // namespace cpl::testing::state_test
