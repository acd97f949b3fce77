// What is done with statements on this machine: taken in, signed, sent, deleted, compared.
#include "api/html/parts.hpp"
#include "api/pages/impact.hpp"
#include "api/routes/views.hpp"
#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"
#include "registry/base/file_kind.hpp"
#include "registry/minutes/minutes.hpp"
#include "tools/cpl/submit_many.hpp"
#include "tools/shared/files.hpp"
#include "tools/ui/review_parts.hpp"
#include "tools/ui/sign.hpp"

namespace cpl {
namespace {

// What a text field makes of line ends, and a person of the lines around, is no part of it.
std::string pasted_text(std::string_view text) {
  std::string plain;
  for (const char one : text) {
    if (one != '\r') plain += one;
  }
  const auto start = plain.find_first_not_of(" \n\t");
  const auto end = plain.find_last_not_of(" \n\t");
  return start == plain.npos ? std::string() : plain.substr(start, end + 1 - start) + "\n";
}

// What was shown is what is signed: another text has another id.
Result<void> check_shown(const SignSet& set, const SentForm& form) {
  if (form.field("id") == set.id()) return {};
  return refuse("statement-changed",
                "The statement on this computer is another one now. Look at it again before you "
                "sign.");
}

Result<void> check_ticked(const std::vector<std::string>& stranded, const SentForm& form) {
  std::vector<std::string> missing;
  for (const std::string& id : stranded) {
    if (form.field("without-" + id) != "known") missing.push_back(id);
  }
  if (missing.empty()) return {};
  return refuse("no-listed-successor",
                "You have not said that you know: devices of " + joined(missing) +
                    " would have no firmware on the list to go to. Nothing was signed.");
}

Result<const PersonSigner*> signer_asked(const SignSet& set, const Workplace& work,
                                         const CharterInForce& charter, std::string_view name) {
  for (const PersonSigner* key : who_may_sign(set, work.keys, charter)) {
    if (key->verifier().name() == name) return key;
  }
  return refuse("wrong-role", "No key of this session by that name may sign this.");
}

// What the person is asked outside the browser.
std::string question_of(const SignSet& set, const PersonSigner& key,
                        const std::vector<std::string>& stranded) {
  std::string words = "Sign as " + key.verifier().name() + ": ";
  if (set.is_folder) words += counted(set.reviews.size(), "statement") + ", the first: ";
  words += kind_in_words(set.reviews.front().statement) + ": " +
           summary_of(set.reviews.front().statement);
  const auto removed = removed_ids(set);
  if (!removed.empty()) words += ". Off the list: " + joined(removed);
  if (!stranded.empty()) words += ". NO LISTED SUCCESSOR: " + joined(stranded);
  return words;
}

Result<void> sign_file(StatementReview& review, const PersonSigner& key) {
  TRY_VOID(sign_note(review.note, key));
  TRY(verify_note(review.note, std::vector{key.verifier()}));
  return write_file(review.file, format_note(review.note), Secrecy::open);
}

void write_refused(HtmlWriter& html, const std::vector<Submission>& submissions) {
  Table table(html, "Refused", {"File", "Why", "Code"});
  for (const Submission& one : submissions) {
    if (*one.answer) continue;
    table.cell().text(one.file.filename().string());
    table.cell().text(one.answer->error().detail);
    table.cell().text(one.answer->error().code);
  }
}

// The log has it, whatever becomes of the file: that is told beside it.
void put_away(HtmlWriter& html, const Workplace& work, const SignSet& set) {
  const auto done = work.outbox.put_away(set.name);
  if (done) return;
  note_start(html, Tone::warn, "It still lies on this computer");
  html.element("p", done.error().detail);
  note_end(html);
}

Result<Page> send_one(const Workplace& work, const SignSet& set, const TrustPolicy& policy) {
  const StatementReview& review = set.reviews.front();
  const AcceptedEntry entry = TRY(submit_note(work.client, format_note(review.note), policy));
  Page page = begin_sign_page("It is in the log");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  put_away(html, work, set);
  html.markup("<p class=\"lead\">").text(summary_of(review.statement)).markup("</p>\n<p>It is ");
  write_link(html, Href("/entries").segment(entry.index.value),
             "entry " + std::to_string(entry.index.value));
  html.markup(", ").text(proof_text(entry.proven)).markup(".</p>\n");
  if (const auto* decision = std::get_if<Decision>(&review.statement.body)) {
    if (!decision->authorises.empty()) {
      html.markup("<p>Next, for the registrar: ");
      write_link(html, Href("/prepare/notice").query("decision", std::to_string(entry.index.value)),
                 "prepare the notice to the Service Desk");
      html.markup("</p>\n");
    }
  }
  return page;
}

Result<Page> send_many(const Workplace& work, const SignSet& set, const TrustPolicy& policy) {
  std::vector<std::filesystem::path> files;
  for (const StatementReview& review : set.reviews) files.push_back(review.file);
  const ManySubmitted done =
      TRY(submit_many(work.client, files, policy, [](std::size_t, std::size_t) {}));
  const auto accepted = static_cast<std::size_t>(
      std::count_if(done.submissions.begin(), done.submissions.end(),
                    [](const Submission& one) { return one.answer->has_value(); }));
  const bool is_all = accepted == done.submissions.size();
  Page page = begin_sign_page(is_all ? "They are in the log" : "Some were refused");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">").number(accepted).markup(" of ");
  html.number(done.submissions.size()).markup(" are in the log, ");
  html.text(proof_text(done.proven)).markup(".</p>\n");
  if (is_all) put_away(html, work, set);
  if (!is_all) write_refused(html, done.submissions);
  return page;
}

// The decision of the minutes in the same place.
const OutlineDecision* decision_at(const MinutesOutline& outline, const DecisionPlace& place) {
  for (const OutlineItem& item : outline.items) {
    for (const OutlineDecision& decision : item.decisions) {
      if (item.number == place.item && decision.ordinal == place.ordinal) return &decision;
    }
  }
  return nullptr;
}

void write_comparison(HtmlWriter& html, const Decision& decision, const OutlineDecision& minuted) {
  const bool is_same =
      minuted.text == decision.text.words && read_word<Verb>(minuted.verb) == decision.verb;
  html.markup("<p class=\"row\">");
  if (is_same) {
    write_tag(html, Tone::good, "The same words");
  } else {
    write_tag(html, Tone::bad, "Other words");
  }
  html.markup("</p>\n");
  Facts facts(html);
  write_said(facts.fact("In the statement"),
             decision.text.seal ? "(under seal)" : decision.text.words);
  write_said(facts.fact("In the minutes"), minuted.verb + ": " + minuted.text);
}

}  // namespace

Result<Page> take_statement(const Workplace& work, const SentForm& form) {
  const SentFile* const file = form.file("file");
  if (file == nullptr && form.field("note").empty()) {
    return malformed("statement-missing", "Choose a file, or paste a statement.");
  }
  if (file != nullptr) {
    if (const auto damage = damage_of(file->content, LineEnds::lf_only)) {
      return file_damaged(file->name, *damage);
    }
  }
  const Bytes text = file != nullptr ? file->content : pasted_text(form.field("note"));
  Page page;
  page.see_other = Href("/sign").segment(TRY(work.outbox.take(TRY(statement_note(text)))));
  return page;
}

Result<Page> sign_set_page(const Workplace& work, const std::string& name, const SentForm& form) {
  const CharterInForce charter = charter_in_force(work);
  SignSet set = TRY(read_sign_set(work.outbox, name, charter));
  TRY_VOID(check_is_for(set, TRY(origin_of(work))));
  TRY_VOID(check_shown(set, form));
  const PersonSigner* const key = TRY(signer_asked(set, work, charter, form.field("key")));
  const auto stranded = stranded_ids(set, work.source);
  TRY_VOID(check_ticked(stranded, form));
  TRY(newest_checkpoint(work));
  TRY_VOID(work.confirm(question_of(set, *key, stranded)));
  for (StatementReview& review : set.reviews) TRY_VOID(sign_file(review, *key));
  Page page;
  page.see_other = place_of(set);
  return page;
}

Result<Page> send_set_page(const Workplace& work, const std::string& name) {
  const SignSet set = TRY(read_sign_set(work.outbox, name, charter_in_force(work)));
  const TrustPolicy policy = TRY(read_policy_file(work.policy_file));
  return set.is_folder ? send_many(work, set, policy) : send_one(work, set, policy);
}

Result<Page> discard_set_page(const Workplace& work, const std::string& name) {
  TRY_VOID(work.outbox.discard(name));
  Page page;
  page.see_other = Href("/sign");
  return page;
}

Result<Page> compare_minutes_page(const Workplace& work, const std::string& name,
                                  const SentForm& form) {
  const SignSet set = TRY(read_sign_set(work.outbox, name, nullptr));
  const auto* decision = std::get_if<Decision>(&set.reviews.front().statement.body);
  const SentFile* const file = form.file("minutes");
  if (decision == nullptr || file == nullptr) {
    return malformed("minutes-missing", "Choose the file of the minutes.");
  }
  const MinutesOutline outline = TRY(read_minutes(file->content));
  Page page = begin_sign_page("The decision beside the minutes");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  const std::string place = "item " + std::to_string(decision->place.item) + ", decision " +
                            std::to_string(decision->place.ordinal);
  const bool is_meeting = decision->meeting && decision->meeting->meeting == outline.meeting.ref;
  const auto* minuted = is_meeting ? decision_at(outline, decision->place) : nullptr;
  if (minuted == nullptr) {
    html.markup("<p class=\"lead\">These are the minutes of ").text(outline.meeting.ref);
    html.markup(". The decision is not in them at ").text(place).markup(".</p>\n");
  } else {
    html.markup("<p class=\"lead\">").text(outline.meeting.ref).markup(", ").text(place);
    html.markup("</p>\n");
    write_comparison(html, *decision, *minuted);
  }
  html.markup("<p>");
  write_link(html, place_of(set), "Back to the statement");
  html.markup("</p>\n");
  return page;
}

}  // namespace cpl
