// What a thief of keys can make others believe. Each set of stolen keys tries each act, on the
// registry's own service and, where the log's key is among them, on a log of its own; what the
// offline judge and the audit then say is the table in notifier/SECURITY.md, which this test holds
// to be true.
#include <fstream>
#include <iostream>

#include "tests/registry/evidence/forged_log.hpp"
#include "tests/registry/extract/extract_fixture.hpp"
#include "tests/support/source_tree.hpp"

namespace cpl::testing::key_theft_test {
namespace {

std::string paper() { return source_tree() + "/notifier/SECURITY.md"; }

struct Thief {
  std::string name;
  bool log = false;
  std::size_t registrars = 0;
  bool desk = false;
  std::size_t panel = 0;

  // Everything goes under everything.
  Signers signers() const {
    Signers all = first(panel, people().panel);
    if (registrars > 0) all.push_back(*NoteSigner::create("registrar-p256", extract_key()));
    if (registrars > 1) all.push_back(people().registrar[0]);
    if (desk) all.push_back(people().desk[0]);
    return all;
  }
};

const std::vector<Thief>& thieves() {
  static const std::vector<Thief> all = {
      {"the log's", true, 0, false, 0},
      {"one registrar's", false, 1, false, 0},
      {"two registrars'", false, 2, false, 0},
      {"the desk's", false, 0, true, 0},
      {"one Panel member's", false, 0, false, 1},
      {"three Panel members'", false, 0, false, 3},
      {"one registrar's, the desk's, two Panel members'", false, 1, true, 2},
      {"the log's, one registrar's", true, 1, false, 0},
      {"the log's, two registrars'", true, 2, false, 0},
      {"the log's, one registrar's, the desk's, two Panel members'", true, 1, true, 2},
      {"two registrars', the desk's", false, 2, true, 0},
      {"the log's, two registrars', the desk's", true, 2, true, 0},
      {"the log's, three Panel members'", true, 0, false, 3},
      {"two registrars', three Panel members'", false, 2, false, 3},
      {"two registrars', the desk's, three Panel members'", false, 2, true, 3},
  };
  return all;
}

const ModelId kept = make_model().id();
const ModelId gone = make_model("38040405").id();
const ModelId decided = make_model("38040406").id();
const ModelId pending = make_model("38040407").id();
const std::string other_words = "The Panel APPROVED the removal of the model in Annex B.";

struct Places {
  EntryIndex gone_decision;
  EntryIndex gone_removal;
  EntryIndex decision;  // To remove `decided`; nobody has acted on it.
  EntryIndex notice;    // Of `pending`; the desk has received it.
};

Charter charter_of_all() {
  Charter charter = make_charter();
  charter.roles[Role::registrar].keys.push_back(extract_verifier());
  return charter;
}

Decision decision_at_place(const ModelId& model, std::uint64_t ordinal, const std::string& words) {
  Decision decision = decision_on({model});
  decision.place.ordinal = ordinal;
  decision.text = words;
  return decision;
}

// What the honest have done before the theft.
template <class Telling>
Places tell_world(Telling& story, bool with_removal = true) {
  Places places;
  story.does(charter_of_all());
  for (const char* firmware : {"38040404", "38040405", "38040406", "38040407"}) {
    story.does(addition_of(make_model(firmware)));
  }
  places.gone_decision = story.does(decision_at_place(gone, 2, decision_text));
  const EntryIndex notice = story.does(notice_of({gone}, places.gone_decision));
  story.does(receipt_of(notice, ReceiptStatus::received));
  story.does(receipt_of(notice, ReceiptStatus::validated));
  if (with_removal) places.gone_removal = story.does(removal_of(gone, notice));
  places.decision = story.does(decision_at_place(decided, 3, other_words));
  const EntryIndex third = story.does(decision_at_place(pending, 4, other_words));
  places.notice = story.does(notice_of({pending}, third));
  story.does(receipt_of(places.notice, ReceiptStatus::received));
  return places;
}

Verdict judged(const Evidence& evidence) {
  return judge(evidence, log_policy(), {at("2026-07-09T13:00:00Z"), 86'400});
}

// Where a thief tries it.
class Venue {
 public:
  virtual ~Venue() = default;
  virtual std::optional<EntryIndex> submit(const StatementBody& body, const Signers& signers) = 0;
  virtual Verdict ask(Question question, const std::string& subject) const = 0;
  virtual bool is_sound() const = 0;
  virtual std::uint64_t size() const = 0;
  Places places;
};

class Service final : public Venue {
 public:
  Service() { places = tell_world(story_); }
  std::optional<EntryIndex> submit(const StatementBody& body, const Signers& signers) override {
    const auto entered = story_.submit(story_.issued_now(body), signers);
    return entered ? std::optional(*entered) : std::nullopt;
  }
  Verdict ask(Question question, const std::string& subject) const override {
    const LogView& view = *story_.view();
    const EntryIndex entry{from_decimal(subject).value_or(0)};
    const auto model = ModelId::parse(subject);
    const auto made = question == Question::notice     ? build_notice_evidence(view, entry)
                      : question == Question::decision ? build_decision_evidence(view, entry)
                      : question == Question::removal
                          ? build_removal_evidence(view, *model)
                          : build_model_evidence(view, *model, view.size());
    return made ? judged(*made) : Verdict();
  }
  bool is_sound() const override { return sound(story_.published()); }
  std::uint64_t size() const override { return story_.view()->size().value; }
  // What the audit says of a decision's authority is no fault of the log.
  static bool sound(const Published& files) {
    const auto report = audit(fetch_from(files), log_policy(), {});
    return report && std::all_of(report->findings.begin(), report->findings.end(),
                                 [](const auto& f) { return f.code == "removal-contradicted"; });
  }

 private:
  LogStory story_;
};

class OwnLog final : public Venue {
 public:
  explicit OwnLog(bool with_removal = true) { places = tell_world(log_, with_removal); }
  std::optional<EntryIndex> submit(const StatementBody& body, const Signers& signers) override {
    return log_.does(body, signers);
  }
  Verdict ask(Question question, const std::string& subject) const override {
    std::vector<EntryIndex> all;
    for (std::uint64_t i = 0; i < log_.next().value; ++i) all.push_back(EntryIndex{i});
    std::set<ModelId> states = {kept, gone, decided, pending};
    if (const auto model = ModelId::parse(subject)) states.insert(*model);
    return judged(log_.evidence(question, subject, all, {states.begin(), states.end()}));
  }
  bool is_sound() const override { return Service::sound(log_.log.published()); }
  std::uint64_t size() const override { return log_.next().value; }
  ForgedLog& log() { return log_; }

 private:
  ForgedLog log_;
};

bool says(const Verdict& verdict, std::string_view words) {
  return verdict.outcome != Outcome::invalid && verdict.sentence.find(words) != std::string::npos;
}

void removes(Venue& venue, const ModelId& model, EntryIndex decision, const Signers& signers) {
  const auto notice = venue.submit(notice_of({model}, decision), signers);
  if (!notice) return;
  venue.submit(receipt_of(*notice, ReceiptStatus::received), signers);
  venue.submit(receipt_of(*notice, ReceiptStatus::validated), signers);
  venue.submit(removal_of(model, *notice), signers);
}

using Attempt = std::function<bool(Venue& venue, const Signers& signers)>;

bool adds(Venue& venue, const Signers& signers) {
  const DeviceModel model = make_model("0BAD0BAD");
  venue.submit(addition_of(model), signers);
  return says(venue.ask(Question::model, model.id().text()), "is on the list");
}
bool removes_undecided(Venue& venue, const Signers& signers) {
  const auto decision = venue.submit(decision_at_place(kept, 9, "APPROVED the removal."), signers);
  removes(venue, kept, decision.value_or(venue.places.decision), signers);
  return says(venue.ask(Question::removal, kept.text()), "was removed");
}
bool removes_decided(Venue& venue, const Signers& signers) {
  removes(venue, decided, venue.places.decision, signers);
  return says(venue.ask(Question::removal, decided.text()), "was removed");
}
bool reinstates(Venue& venue, const Signers& signers) {
  Decision decision = decision_at_place(gone, 9, "AGREED to bring it back.");
  decision.authorises[0].act = Act::reinstate;
  const auto entry = venue.submit(decision, signers);
  venue.submit(Reinstatement{gone, entry.value_or(venue.places.gone_decision), {}, {}}, signers);
  return says(venue.ask(Question::model, gone.text()), "is on the list");
}
bool corrects(Venue& venue, const Signers& signers) {
  DeviceModel model = make_model();
  model.image_hash = sha256("the thief's image");
  return venue.submit(Correction{model, "The hash was wrong.", {}}, signers).has_value() &&
         says(venue.ask(Question::model, kept.text()), "is on the list");
}
bool voids(Venue& venue, const Signers& signers) {
  venue.submit(minutes_with({}), signers);
  return venue.ask(Question::removal, gone.text()).code == "decision-contradicted";
}
bool confirms(Venue& venue, const Signers& signers) {
  venue.submit(minutes_with({minuted(), minuted("APPROVED", other_words, {7, 3}),
                             minuted("APPROVED", other_words, {7, 4})}),
               signers);
  return venue.ask(Question::decision, std::to_string(venue.places.decision.value)).outcome ==
         Outcome::valid;
}
bool answers(Venue& venue, const Signers& signers, ReceiptStatus status) {
  venue.submit(receipt_of(venue.places.notice, status, {pending}), signers);
  const std::string word(word_of(status));
  return says(venue.ask(Question::notice, std::to_string(venue.places.notice.value)), "is " + word);
}
bool takes_back(Venue& venue, const Signers& signers) {
  venue.submit(Withdrawal{venue.places.notice, {pending}, "A mistake.", {}}, signers);
  return says(venue.ask(Question::notice, std::to_string(venue.places.notice.value)),
              "is withdrawn");
}
bool takes_over(Venue& venue, const Signers& signers) {
  const Signers panel = numbered_signers("thief-panel", 3);
  Charter charter = charter_of_all();
  charter.replaces = EntryIndex{0};
  charter.roles[Role::panel] = role_keys(3, panel);
  venue.submit(charter, together(signers, panel));
  const auto decision = venue.submit(decision_at_place(kept, 9, "APPROVED the removal."), panel);
  return decision && says(venue.ask(Question::decision, std::to_string(decision->value)), "says");
}

struct Column {
  std::string name;
  Attempt attempt;
};
const std::vector<Column>& columns() {
  static const std::vector<Column> all = {
      {"add", adds},
      {"remove", removes_undecided},
      {"remove as decided", removes_decided},
      {"reinstate", reinstates},
      {"correct", corrects},
      {"void a removal", voids},
      {"confirm a decision", confirms},
      {"validate",
       [](Venue& v, const Signers& s) { return answers(v, s, ReceiptStatus::validated); }},
      {"reject", [](Venue& v, const Signers& s) { return answers(v, s, ReceiptStatus::rejected); }},
      {"take a notice back", takes_back},
      {"new charter", takes_over},
  };
  return all;
}

// "yes" where all believe it; "fork" on a log of the thief's that is sound by itself; "file" where
// a file from it is believed and the audit of it is not.
std::string outcome_of(const Thief& thief, const Attempt& attempt) {
  // A service that has taken nothing of the last attempt is as good as a new one.
  static std::unique_ptr<Service> service;
  static std::uint64_t size = 0;
  if (service == nullptr || service->size() != size) {
    service = std::make_unique<Service>();
    size = service->size();
  }
  if (attempt(*service, thief.signers())) {
    CHECK(service->is_sound());
    return "yes";
  }
  if (!thief.log) return "";
  OwnLog own;
  if (!attempt(own, thief.signers())) return "";
  return own.is_sound() ? "fork" : "file";
}

// An extract with another image hash, signed with what was stolen.
std::string extract_outcome(const Thief& thief) {
  LogStory honest;
  tell_world(honest);
  Extract extract = *build_extract(*honest.view(), honest.view()->size(), 1, {});
  extract.models.front().model.image_hash = sha256("the thief's image");
  const Bytes honest_proof =
      format_extract_proof(*build_extract_proof(*honest.view(), honest.view()->size()));
  const auto believed = [&](const Bytes& proof) {
    Bytes content = written(extract, ExtractForm::json);
    std::optional<Bytes> signature;
    if (thief.registrars > 0) signature = signed_by(content);
    return judge_extract({std::move(content), std::move(signature), proof}, log_policy(),
                         {at("2026-07-09T13:01:00Z"), 86'400}, {})
               .outcome != Outcome::invalid;
  };
  if (believed(honest_proof)) return "yes";
  if (!thief.log) return "";
  OwnLog own;
  const ModelRecord& forged = extract.models.front();
  own.log().says(forged.model.id(), forged);
  own.log().does(minutes_with({}, false));
  const EntryIndex last{own.log().next().value - 1};
  extract.header.log_size = own.log().log.size();
  extract.header.state_root = entry_of(own.log().log.leaves.back()).state_root;
  extract.header.as_of = entry_of(own.log().log.leaves.back()).time;
  const ExtractProof proof{{own.log().log.prove(EntryIndex{0})}, own.log().log.prove(last)};
  if (!believed(format_extract_proof(proof))) return "";
  return own.is_sound() ? "fork" : "file";
}

// A log in which the removal never came.
std::string hiding_outcome(const Thief& thief) {
  if (!thief.log) return "";
  OwnLog own(false);
  if (!says(own.ask(Question::model, gone.text()), "is on the list")) return "";
  if (!own.is_sound()) return "file";
  // Whoever has seen the true log finds the two apart.
  LogStory honest;
  tell_world(honest);
  AuditOptions options;
  options.earlier_checkpoint = honest.view()->checkpoint_note();
  const auto compared = audit(fetch_from(own.log().log.published()), log_policy(), options);
  REQUIRE(compared.has_value());
  CHECK_FALSE(compared->findings.empty());
  // And no witness has cosigned it.
  const auto evidence = own.log().evidence(Question::model, gone.text(), {EntryIndex{0}}, {gone});
  CHECK(judge(evidence, witness_policy(), {at("2026-07-09T13:00:00Z"), 86'400}).code ==
        "quorum-not-met");
  return "fork";
}

std::string table() {
  std::string head = "| Stolen keys |";
  std::string rule = "| --- |";
  for (const Column& column : columns()) {
    head += " " + column.name + " |";
    rule += " --- |";
  }
  std::string text = head + " another extract | hide a removal |\n" + rule + " --- | --- |\n";
  for (const Thief& thief : thieves()) {
    text += "| " + thief.name + " |";
    for (const Column& column : columns()) {
      CAPTURE(thief.name, column.name);
      text += " " + outcome_of(thief, column.attempt) + " |";
    }
    text += " " + extract_outcome(thief) + " | " + hiding_outcome(thief) + " |\n";
  }
  return text;
}

}  // namespace

TEST_CASE("key theft: what each set of stolen keys can make others believe") {
  const std::string found = table();
  std::ifstream file(paper(), std::ios::binary);
  const std::string told(std::istreambuf_iterator<char>(file), {});
  const bool stands = told.find("\n" + found + "\n") != std::string::npos;
  if (!stands) {
    std::ofstream("key_theft.md", std::ios::binary) << found;
    std::cout << "The table in notifier/SECURITY.md is not what was found. If that is meant, put "
                 "./key_theft.md, written just now in the current folder, in its place.\n";
  }
  CHECK(stands);
}

}  // namespace cpl::testing::key_theft_test
