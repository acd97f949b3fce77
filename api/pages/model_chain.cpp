// On whose word a model stands as it does: step by step, and for a removal as a picture.
#include <nlohmann/json.hpp>

#include "api/pages/model_parts.hpp"
#include "api/pictures/authority_chain.hpp"

namespace cpl {
namespace {

std::vector<Said> links_of(Said chain, std::string_view step) {
  std::vector<Said> found;
  for (const Said& link : chain["links"].items()) {
    if (link["step"].text() == step) found.push_back(link);
  }
  return found;
}

void write_link_facts(HtmlWriter& html, Said link) {
  const std::uint64_t entry = link["entry"].count();
  write_link(html, Href("/entries").segment(entry), "Entry " + std::to_string(entry));
  html.markup(", ");
  write_time(html, link["time"].text());
  html.markup(", signed by ").text(signers_words(link["signed_by"]));
  html.markup(" (").number(link["needed"].count()).markup(" of ").number(link["of"].count());
  html.markup(" are needed)");
}

std::string step_name(std::string_view step) {
  if (step == "addition") return "Put on the list";
  if (step == "decision") return "Decision";
  if (step == "notice") return "Notice to the DCC Service Desk";
  if (step == "receipt") return "The Service Desk's receipt";
  if (step == "removal") return "Removal";
  if (step == "reinstatement") return "Reinstatement";
  return std::string(step);
}

void write_step(HtmlWriter& html, Steps& steps, Said link) {
  const std::string_view step = link["step"].text();
  steps.step(step_name(step), false);
  if (step == "receipt") write_tag(html, notice_state(link["status"].text()));
  html.markup("</p><p>");
  write_link_facts(html, link);
  html.markup("</p>");
  if (step == "decision") {
    html.markup("<p>");
    write_words(html, link["text"], "");
    html.markup("</p>");
  }
  if (step == "notice") {
    html.markup("<p>");
    write_link(html, Href("/notices").segment(link["entry"].count()), "Read the notice");
    html.markup("</p>");
  }
}

void write_minutes_step(HtmlWriter& html, Steps& steps, Said decision) {
  const bool is_final = decision["final_minutes"].exists();
  steps.step("Panel minutes", !is_final);
  write_tag(html, standing_words(decision["standing"].text()));
  html.markup("</p><p>");
  write_minuted_place(html, decision["reference"]);
  if (is_final) {
    html.markup(", final in entry ");
    write_entry_link(html, decision["final_minutes"].count());
  } else {
    html.markup(
        ". When final minutes with these words are in the log, the decision is confirmed; with "
        "other words it is contradicted.");
  }
  html.markup("</p>");
}

LinkState minutes_link_state(Said decision) {
  const std::string_view standing = decision["standing"].text();
  if (standing == "confirmed") return LinkState::holds;
  return standing == "contradicted" ? LinkState::broken : LinkState::open;
}

AuthorityLink picture_link(std::string name, Said link, std::vector<std::string> lines) {
  return {.name = std::move(name),
          .place = "entry " + std::to_string(link["entry"].count()),
          .lines = std::move(lines),
          .quorum = grouped(link["signed_by"].items().size()) + " signed, " +
                    grouped(link["needed"].count()) + " needed",
          .signers = link["signed_by"].texts()};
}

AuthorityLink minutes_link(Said decision) {
  const Said place = decision["reference"];
  const StateWords state = standing_words(decision["standing"].text());
  return {.name = "Panel minutes",
          .place = decision["final_minutes"].exists()
                       ? "final, entry " + std::to_string(decision["final_minutes"].count())
                       : "not final yet",
          .lines = {std::string(place["meeting"].text()), "item " + grouped(place["item"].count()) +
                                                              ", decision " +
                                                              grouped(place["ordinal"].count())},
          .quorum = state.word,
          .signers = {},
          .state = minutes_link_state(decision)};
}

void write_picture(HtmlWriter& html, Said model, Said chain) {
  const auto decisions = links_of(chain, "decision");
  const auto notices = links_of(chain, "notice");
  const auto receipts = links_of(chain, "receipt");
  const auto removals = links_of(chain, "removal");
  if (decisions.empty() || notices.empty() || receipts.empty() || removals.empty()) return;
  const Said decision = decisions.back();
  std::vector<std::string> said;
  said.reserve(receipts.size());
  for (const Said& receipt : receipts) said.emplace_back(receipt["status"].text());
  write_authority_chain(
      html,
      {minutes_link(model["authority"]),
       picture_link("Decision", decision, {shortened(decision["summary"].text(), 21)}),
       picture_link("Notice to DCC", notices.back(), {}),
       picture_link("Desk receipts", receipts.back(), said),
       picture_link("Removal", removals.back(), {std::string(model["dcc_status"].text())})},
      "Panel minutes, the decision, the notice, the Service Desk's receipts and the removal, each "
      "with who signed it. All keys are named by the charter in entry " +
          std::to_string(decision["charter"].count()) + ".");
}

}  // namespace

Result<void> write_authority(HtmlWriter& html, Said model, const PageSource& source) {
  const Json json =
      TRY(source.get(Href("/v1/models").segment(model["id"].text()).segment("chain")));
  const Said chain(json);
  const bool is_removed = model["status"].text() == "removed";
  html.markup("<h2 id=\"why\">");
  html.text(is_removed ? "Why it was removed, and on whose decision"
                       : "On whose word it is on the list");
  html.markup("</h2>\n");
  write_picture(html, model, chain);
  Steps steps(html);
  for (const Said& link : chain["links"].items()) {
    const std::string_view step = link["step"].text();
    if (step == "charter" || step == "minutes") continue;
    if (step == "decision" && model["authority"].exists()) {
      write_minutes_step(html, steps, model["authority"]);
    }
    write_step(html, steps, link);
  }
  return {};
}

}  // namespace cpl
