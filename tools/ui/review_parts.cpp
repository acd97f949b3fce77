#include "tools/ui/review_parts.hpp"

#include "api/pages/content.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

struct KindInWords {
  std::string operator()(const Charter&) const { return "a charter: who may sign what"; }
  std::string operator()(const Minutes& minutes) const {
    return std::string(minutes.is_final ? "final" : "draft") + " minutes of a meeting";
  }
  std::string operator()(const Decision&) const { return "a decision of the Panel"; }
  std::string operator()(const Addition&) const { return "the addition of a model"; }
  std::string operator()(const Notice&) const { return "a notice of removal to the Service Desk"; }
  std::string operator()(const Receipt&) const { return "a receipt of the Service Desk"; }
  std::string operator()(const Removal&) const { return "the removal of a model"; }
  std::string operator()(const Reinstatement&) const { return "the reinstatement of a model"; }
  std::string operator()(const Correction&) const { return "the correction of a model's record"; }
  std::string operator()(const CertificateChange&) const { return "the change of a certificate"; }
  std::string operator()(const Disclosure&) const { return "the disclosure of a sealed text"; }
  std::string operator()(const Withdrawal&) const { return "the withdrawal of a notice"; }
  std::string operator()(const Loading&) const { return "the DCC's word on a version of the list"; }
  std::string operator()(const Deployment&) const { return "the DCC's count of devices"; }
  std::string operator()(const MeetingCalendar&) const { return "the calendar of meetings"; }
  std::string operator()(const MeetingPaper&) const { return "a paper for a meeting"; }
  std::string operator()(const ActionUpdate&) const { return "what became of an action"; }
  std::string operator()(const Specifications&) const { return "the table of specifications"; }
};

std::string_view act_in_words(Act act) {
  switch (act) {
    case Act::remove:
      return "It authorises the removal of:";
    case Act::reinstate:
      return "It authorises the return to the list of:";
    case Act::withdraw:
      return "It takes back the notice to remove:";
  }
  return "It authorises:";
}

void write_decision_words(HtmlWriter& html, const Decision& decision) {
  html.markup("<p class=\"lead\">").text(to_string(decision.verb)).markup(": ");
  if (decision.text.seal) {
    html.markup("its words are under seal");
  } else {
    html.markup("&ldquo;");
    write_said(html, decision.text.words);
    html.markup("&rdquo;");
  }
  html.markup("</p>\n");
  for (const Authorisation& one : decision.authorises) {
    html.markup("<p><strong>").text(act_in_words(one.act)).markup("</strong></p>\n<ul>");
    for (const ModelId& model : one.models) {
      html.markup("<li>");
      write_model_link(html, model.text());
      html.markup("</li>");
    }
    html.markup("</ul>\n");
  }
  if (decision.authorises.empty()) html.markup("<p>It changes nothing on the list.</p>\n");
}

void write_sealed(HtmlWriter& html, const std::vector<SealedWords>& sealed) {
  if (sealed.empty()) return;
  html.element("h2", "Under seal, opened by the file beside it");
  Facts facts(html);
  for (const SealedWords& one : sealed) {
    HtmlWriter& fact = facts.fact(one.place);
    if (one.fits) {
      write_said(fact, one.words);
    } else {
      write_tag(fact, Tone::bad, "The file of seals does not fit");
    }
  }
}

}  // namespace

std::string kind_in_words(const Statement& statement) {
  return std::visit(KindInWords(), statement.body);
}

void write_signatures(HtmlWriter& html, const StatementReview& review) {
  html.markup("<p class=\"row\">");
  for (const SignaturesOf& one : review.standing) {
    write_tag(html, one.missing() == 0 ? Tone::good : Tone::info,
              std::to_string(one.given) + " of " + counted(one.needed, one.whose + " signature"));
  }
  if (review.standing.empty()) {
    write_tag(html, Tone::warn, "Signatures not checked: no charter is known");
  }
  if (!review.verified.empty()) {
    html.markup("<span>Signed by ").text(joined(review.verified)).markup("</span>");
  }
  if (!review.unchecked.empty() && !review.standing.empty()) {
    write_tag(html, Tone::warn, "Do not count: by keys not in the charter");
    html.markup("<span>").text(joined(review.unchecked)).markup("</span>");
  }
  html.markup("</p>\n");
}

Result<void> write_review(HtmlWriter& html, const StatementReview& review) {
  if (const auto* decision = std::get_if<Decision>(&review.statement.body)) {
    write_decision_words(html, *decision);
  }
  html.element("h2", "What it says");
  const Json content = to_json(review.statement.body);
  write_content(html, Said(content));
  write_sealed(html, TRY(sealed_words(review)));
  html.markup("<h2>What is signed, to the letter</h2>\n<div class=\"statement\"><pre>");
  html.text(review.note.text).markup("</pre></div>\n<p class=\"small muted\">Its id is ");
  write_hash(html, to_hex(statement_id(review.note.text)));
  html.markup("</p>\n");
  return {};
}

}  // namespace cpl
