#include "tools/ui/desk.hpp"

#include "api/http/form.hpp"
#include "api/pages/impact.hpp"
#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "tools/cpl/accepted.hpp"
#include "tools/cpl/notice_rows.hpp"
#include "tools/cpl/notice_step.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t prepared_millis = 10 * 60'000;
constexpr std::size_t prepared_max = 100;

std::string verb_of(ReceiptStatus status) {
  switch (status) {
    case ReceiptStatus::received:
      return "Sign that it was received";
    case ReceiptStatus::validated:
      return "Validate";
    case ReceiptStatus::rejected:
      return "Reject";
    case ReceiptStatus::applied:
      return "Sign that it is applied";
  }
  return {};
}

// What the desk says with it, and what follows.
std::string meaning_of(ReceiptStatus status, const std::string& notice) {
  switch (status) {
    case ReceiptStatus::received:
      return "We have received notice " + notice + ".";
    case ReceiptStatus::validated:
      return "We have checked notice " + notice +
             " and found it genuine. With it, the models can be removed.";
    case ReceiptStatus::rejected:
      return "We reject notice " + notice + ". Nothing is removed on it.";
    case ReceiptStatus::applied:
      return "The removals of notice " + notice + " are done in the DCC's systems.";
  }
  return {};
}

StateWords outcome_words(const Verdict& verdict) {
  switch (verdict.outcome) {
    case Outcome::valid:
      return {Tone::good, "Genuine", {}};
    case Outcome::valid_provisional:
      return {Tone::warn, "Genuine, provisional", {}};
    case Outcome::valid_stale:
      return {Tone::warn, "Was genuine, and is old", {}};
    case Outcome::invalid:
      return {Tone::bad, "Not genuine", {}};
  }
  return {Tone::bad, "Not genuine", {}};
}

void write_verdict_checks(HtmlWriter& html, const Verdict& verdict) {
  html.markup("<details><summary><span>").text(counted(verdict.checks.size(), "check"));
  html.markup(" on this computer</span></summary>\n");
  checks_start(html);
  for (const Check& check : verdict.checks) {
    write_check(html, check.passed, check.name + ": " + check.detail);
  }
  checks_end(html);
  html.markup("</details>\n");
}

void write_models_fact(HtmlWriter& html, const std::vector<ModelId>& models) {
  html.markup("<ul class=\"plain\">");
  for (const ModelId& model : models) {
    html.markup("<li>");
    write_model_link(html, std::string(model.text()));
    html.markup("</li>");
  }
  html.markup("</ul>\n");
}

// What may be said of it next, by its state.
std::vector<ReceiptStatus> next_receipts(std::string_view state) {
  if (state == "issued") return {ReceiptStatus::received, ReceiptStatus::rejected};
  if (state == "received") return {ReceiptStatus::validated, ReceiptStatus::rejected};
  if (state == "validated") return {ReceiptStatus::applied};
  return {};
}

void write_due_line(HtmlWriter& html, const Json& notice, UnixMillis now) {
  const auto next = next_step(notice);
  if (!next) return;
  html.markup("<p class=\"due\">").text(desk_step_words(next->step)).markup(" by <strong>");
  html.text(said_time(next->due)).markup("</strong>");
  if (next->due < now) {
    html.markup(" ");
    write_tag(html, Tone::bad, "Late");
  }
  html.markup("</p>\n");
}

bool may_say(ReceiptStatus status, const Verdict& verdict) {
  if (status != ReceiptStatus::validated) return is_proven(verdict);
  return verdict.outcome == Outcome::valid || verdict.outcome == Outcome::valid_provisional;
}

Page desk_page(std::string title) {
  return {.title = std::move(title), .main = {}, .section = Section::desk, .is_proven = true};
}

void write_reject_form(HtmlWriter& html, const std::string& notice) {
  html.markup("<form action=\"").text(receipt_path(notice, ReceiptStatus::rejected).text());
  html.markup("\" method=\"get\">\n<fieldset class=\"choices\"><legend>What is wrong?</legend>\n");
  for (const std::string_view code : reject_code_words) {
    html.markup("<div><input type=\"radio\" name=\"code\" required id=\"code-").text(code);
    html.markup("\" value=\"").text(code).markup("\"> <label for=\"code-").text(code);
    html.markup("\">").text(code).markup("</label></div>\n");
  }
  html.markup("</fieldset>\n");
  write_text_area(html, "reason", "The reason in words", "",
                  "Everybody can read it in the log, for ever");
  html.markup("<p><button class=\"button\" type=\"submit\">Go on: check before you sign");
  html.markup("</button></p></form>\n");
}

// By the time left, the late ones first.
void sort_by_due(std::vector<Json>& notices) {
  const auto due = [](const Json& notice) {
    const auto next = next_step(notice);
    return next ? next->due.value : std::numeric_limits<std::uint64_t>::max();
  };
  std::stable_sort(notices.begin(), notices.end(),
                   [&](const Json& a, const Json& b) { return due(a) < due(b); });
}

}  // namespace

Href receipt_path(const std::string& notice, ReceiptStatus status) {
  return Href("/notices").segment(notice).segment("receipt").segment(word_of(status));
}

std::optional<ReceiptStatus> receipt_status_of(std::string_view word) {
  for (const ReceiptStatus status : {ReceiptStatus::received, ReceiptStatus::validated,
                                     ReceiptStatus::rejected, ReceiptStatus::applied}) {
    if (word_of(status) == word) return status;
  }
  return std::nullopt;
}

void UiDesk::write_card(HtmlWriter& html, const Json& notice) const {
  const Said said(notice);
  const std::string number = std::to_string(said["entry"].count());
  html.markup("<article class=\"card\"><div class=\"row\"><h3>");
  write_link(html, Href("/notices").segment(number), "Notice " + number);
  html.markup("</h3>");
  write_tag(html, notice_state(said["state"].text()));
  const auto evidence_of = judged(number);
  if (evidence_of) write_tag(html, outcome_words(evidence_of->verdict));
  html.markup("</div>\n");
  write_due_line(html, notice, work_.cli.clock.now());
  if (!evidence_of) {
    html.markup("<p>It could not be checked: ")
        .text(evidence_of.error().detail)
        .markup("</p></article>\n");
    return;
  }
  const auto evidence = parse_evidence(evidence_of->file);
  const auto proven = evidence ? notice_in(*evidence) : Result<Notice>(evidence.error());
  if (proven && is_proven(evidence_of->verdict)) {
    Facts facts(html);
    write_models_fact(facts.fact("Models"), proven->models);
    write_minuted_place(facts.fact("Decided by"), said["authority"]["reference"]);
  }
  html.markup("<p>").text(evidence_of->verdict.sentence).markup("</p>\n");
  write_verdict_checks(html, evidence_of->verdict);
  html.markup("<p class=\"row\">");
  for (const ReceiptStatus status : next_receipts(said["state"].text())) {
    if (work_.keys.all().empty() || !may_say(status, evidence_of->verdict)) continue;
    html.markup("<a class=\"button second\" href=\"").text(receipt_path(number, status).text());
    html.markup("\">").text(verb_of(status)).markup("</a>");
  }
  html.markup("</p></article>\n");
}

Result<JudgedEvidence> UiDesk::judged(const std::string& notice) const {
  return judge_notice(work_.cli, {notice, work_.policy_file});
}

// By the charter in the evidence: what another key signed the registry would refuse.
Result<const PersonSigner*> UiDesk::signer(const Evidence& evidence) const {
  const auto charter = TRY(last_in<Charter>(evidence));
  if (!charter) return &work_.keys.all().front();
  if (const auto* key = work_.keys.in(*charter, Role::service_desk)) return key;
  return refuse("wrong-role", "No key of this session is a Service Desk key: nothing was signed.");
}

Result<Page> UiDesk::inbox() const {
  Json contact;
  std::vector<Json> notices = TRY(fetch_notices(work_.client, false, contact));
  sort_by_due(notices);
  Page page = desk_page("Desk inbox");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  if (notices.empty()) {
    html.markup("<p class=\"lead\">Nothing waits. Every notice is applied or rejected.</p>\n");
    return page;
  }
  html.markup("<p class=\"lead\">").text(counted(notices.size(), "notice"));
  html.markup(" not finished, what is due first on top.</p>\n");
  for (const Json& notice : notices) write_card(html, notice);
  if (contact.is_string()) {
    html.markup("<p>If something does not fit: ").text(contact.get<std::string>());
    html.markup("</p>\n");
  }
  return page;
}

Result<Receipt> UiDesk::receipt_of(const Evidence& evidence, ReceiptStatus status,
                                   const HttpParameters& given) const {
  Receipt receipt;
  receipt.notice = EntryIndex{from_decimal(evidence.subject).value_or(0)};
  receipt.status = status;
  if (status == ReceiptStatus::rejected) {
    receipt.reject_code = std::string(form_field(given, "code"));
    receipt.reject_text = std::string(form_field(given, "reason"));
    receipt.models = TRY(notice_in(evidence)).models;
  }
  if (status == ReceiptStatus::applied) {
    TRY_VOID(check_removed(evidence));
    receipt.applied_at = UnixMillis{work_.cli.clock.now().value / 1000 * 1000};
  }
  return receipt;
}

Result<Page> UiDesk::prepare(const std::string& notice, ReceiptStatus status,
                             const HttpParameters& given) {
  if (work_.keys.all().empty()) {
    return malformed("key-missing", "Start cpl ui with --key to sign receipts here.");
  }
  const JudgedEvidence evidence_of = TRY(judged(notice));
  Page page = desk_page(verb_of(status) + ": notice " + notice);
  page.crumbs = {{"Inbox", Href("/desk")}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"row\">");
  write_tag(html, outcome_words(evidence_of.verdict));
  html.markup("<span>").text(evidence_of.verdict.sentence).markup("</span></p>\n");
  write_verdict_checks(html, evidence_of.verdict);
  if (!may_say(status, evidence_of.verdict)) {
    html.markup("<p class=\"lead\">Do not act on it: nothing can be signed here.</p>\n");
    return page;
  }
  if (status == ReceiptStatus::rejected && form_field(given, "code").empty()) {
    write_reject_form(html, notice);
    return page;
  }
  const Evidence evidence = TRY(parse_evidence(evidence_of.file));
  const Notice asked = TRY(notice_in(evidence));
  std::vector<std::string> ids;
  for (const ModelId& id : asked.models) ids.push_back(id.text());
  write_impact_section(html, work_.source, ids);
  TRY_VOID(write_statement(html, notice, status, evidence, given));
  return page;
}

// What is said with it, and what is signed to the letter, under a number that the form names.
Result<void> UiDesk::write_statement(HtmlWriter& html, const std::string& notice,
                                     ReceiptStatus status, const Evidence& evidence,
                                     const HttpParameters& given) {
  const PersonSigner* const key = TRY(signer(evidence));
  const std::string origin = TRY(origin_of(work_));
  const UnixMillis now = work_.cli.clock.now();
  const Receipt receipt = TRY(receipt_of(evidence, status, given));
  const Notice asked = TRY(notice_in(evidence));
  Bytes text = format_statement({origin, now, receipt});
  TRY(parse_statement(text));  // What the registry would refuse is refused before signing.
  {
    Facts facts(html);
    facts.fact("You say", meaning_of(status, notice));
    write_models_fact(facts.fact("Models"), asked.models);
    facts.fact("Signed by", key->verifier().name());
  }
  html.markup("<h2>What is signed, to the letter</h2>\n<div class=\"statement\"><pre>");
  html.text(text).markup("</pre></div>\n<form method=\"post\" action=\"");
  const std::string path = receipt_path(notice, status).text();
  html.text(path).markup("\"><input type=\"hidden\" name=\"form\" value=\"");
  html.text(work_.guard.form_key(path))
      .markup("\"><input type=\"hidden\" name=\"number\" value=\"");
  html.text(kept({notice, status, key, std::move(text), now}));
  html.markup(
      "\">\n<div class=\"row\"><button class=\"button\" type=\"submit\">Sign and send</button>"
      "<a href=\"/desk\">Go back, sign nothing</a></div></form>\n<p class=\"small muted\">You are "
      "asked once more outside the browser. What is signed stays in the log for ever.</p>\n");
  return {};
}

std::string UiDesk::kept(Prepared prepared) {
  const Lock lock(mutex_);
  if (prepared_.size() >= prepared_max) prepared_.clear();
  std::string number = to_hex(random_bytes(16));
  prepared_.emplace(number, std::move(prepared));
  return number;
}

Result<UiDesk::Prepared> UiDesk::taken(const std::string& number) {
  const Error gone = refuse("form-too-old",
                            "That page is too old, or was sent already. Look at the inbox, and "
                            "check again before you sign.");
  const Lock lock(mutex_);
  const auto found = prepared_.find(number);
  if (found == prepared_.end()) return gone;
  Prepared prepared = std::move(found->second);
  prepared_.erase(found);
  if (prepared.made.value + prepared_millis < work_.cli.clock.now().value) return gone;
  return prepared;
}

Result<Page> UiDesk::send(const std::string& notice, ReceiptStatus status,
                          const std::string& number) {
  const Prepared prepared = TRY(taken(number));
  if (prepared.notice != notice || prepared.status != status) {
    return refuse("form-too-old", "That page was for something else. Look at the inbox again.");
  }
  TRY(newest_checkpoint(work_));
  TRY_VOID(work_.confirm("Sign as " + prepared.signer->verifier().name() + ": " +
                         meaning_of(status, notice)));
  Note note{prepared.text, {}};
  TRY_VOID(sign_note(note, *prepared.signer));
  const TrustPolicy policy = TRY(read_policy_file(work_.policy_file));
  const AcceptedEntry entry = TRY(submit_note(work_.client, format_note(note), policy));
  Page page = desk_page("Signed and sent");
  page.crumbs = {{"Inbox", Href("/desk")}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">").text(meaning_of(status, notice)).markup("</p>\n<p>It is ");
  write_link(html, Href("/entries").segment(entry.index.value),
             "entry " + std::to_string(entry.index.value));
  html.markup(", ").text(proof_text(entry.proven)).markup(".</p>\n");
  html.markup("<p><a href=\"/desk\">Back to the inbox</a></p>\n");
  return page;
}

}  // namespace cpl
