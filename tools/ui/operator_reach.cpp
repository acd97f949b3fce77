// Who was reached by what an entry says, Party by Party, and who was not and why.
#include <nlohmann/json.hpp>

#include "api/html/said_time.hpp"
#include "api/pages/own_words.hpp"
#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/csv.hpp"
#include "tools/ui/operator.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t entries_shown = 20;

StateWords delivery_words(std::string_view state) {
  if (state == "delivered") return {Tone::good, "Delivered", "It was taken by the receiver."};
  if (state == "waiting") return {Tone::info, "On its way", "It is not late yet."};
  if (state == "late") return {Tone::bad, "Late", "It should have been delivered by now."};
  if (state == "quarantined") {
    return {Tone::bad, "Quarantined", "Its receiver fails. Tell the Party by another way."};
  }
  if (state == "untold") {
    return {Tone::bad, "Not told",
            "No subscription of it in force tells of the entry: it is paused, not verified, made "
            "later, or asks for other things."};
  }
  return {Tone::grey, "No subscription", "It is told of nothing."};
}

// The worst first: who has to be told by another way.
int rank_of(Said row) {
  constexpr std::array<std::string_view, 6> order = {
      "quarantined", "late", "untold", "waiting", "no-subscription", "delivered"};
  const auto at = std::find(order.begin(), order.end(), row["state"].text());
  return static_cast<int>(at - order.begin());
}

void write_reach_counts(HtmlWriter& html, Said counts) {
  html.markup("<p class=\"lead\">");
  bool is_first = true;
  for (const auto& [state, count] : counts.members()) {
    if (count.count() == 0) continue;
    if (!is_first) html.markup(", ");
    is_first = false;
    html.text(delivery_words(state).word).markup(": ").number(count.count());
  }
  if (is_first) html.markup("There are no Parties yet");
  html.markup(".</p>\n");
}

void write_parties(HtmlWriter& html, const std::vector<Said>& rows) {
  Table table(html, "By Party, who has to be told by another way first",
              {"Party", "State", "What it means", "Delivered", "#Failed attempts"});
  for (const Said& row : rows) {
    const StateWords words = delivery_words(row["state"].text());
    write_link(table.cell(), Href("/operator/parties").segment(row["party"].text()),
               row["party"].text());
    write_tag(table.cell(), words);
    table.cell().text(words.sentence);
    HtmlWriter& delivered = table.cell();
    if (row["delivered"].exists()) {
      write_time(delivered, row["delivered"].text());
      if (row["delivered_late"].is_true()) delivered.markup(", late");
    } else {
      delivered.markup("not known");
    }
    table.cell().number(row["failed_attempts"].count());
  }
}

Download csv_of(std::uint64_t entry, const std::vector<Said>& rows) {
  std::string out;
  append_csv_row(out, std::vector<std::string>{"entry", "party", "legal_name", "audience", "state",
                                               "delivered", "failed_attempts"});
  for (const Said& row : rows) {
    append_csv_row(out, std::vector<std::string>{
                            std::to_string(entry), std::string(row["party"].text()),
                            text_for_spreadsheet(std::string(row["legal_name"].text())),
                            std::string(row["audience"].text()), std::string(row["state"].text()),
                            std::string(row["delivered"].text()),
                            std::to_string(row["failed_attempts"].count())});
  }
  return {"deliveries-" + std::to_string(entry) + ".csv", "text/csv; charset=utf-8",
          std::move(out)};
}

// The newest changes, each a way to who was told of it.
Result<void> write_choice(HtmlWriter& html, const Workplace& work) {
  html.markup("<form class=\"form\" method=\"get\" action=\"/deliveries\">\n");
  write_text_field(html, "entry", "Which entry?", "", "The number of a notice or a removal, say");
  html.markup("<p><button class=\"button\" type=\"submit\">Show</button></p></form>\n");
  const Json status = TRY(work.client.get_json("/v1/status"));
  const std::uint64_t size = Said(status)["log_size"].count();
  const std::uint64_t from = size - std::min(size, entries_shown);
  const Json json = TRY(work.client.get_json(Href("/v1/entries")
                                                 .query("from", std::to_string(from))
                                                 .query("limit", std::to_string(entries_shown))
                                                 .text()));
  Table table(html, "The newest entries", {"Entry", "What", "When"});
  for (const Said& entry : reversed(Said(json)["entries"].items())) {
    const std::string index = std::to_string(entry["index"].count());
    write_link(table.cell(), Href("/deliveries").query("entry", index), index);
    write_summary(table.cell(), entry["summary"].text());
    write_time(table.cell(), entry["time"].text());
  }
  return {};
}

}  // namespace

Result<Page> reach_page(const Workplace& work, const OperatorRequest& asked) {
  Page page = begin_operator_page("Who was reached");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  if (asked.asked("entry").empty()) {
    TRY_VOID(write_choice(html, work));
    return page;
  }
  const auto entry = from_decimal(asked.asked("entry"));
  if (!entry) return malformed("index-malformed", "An entry is named by its number.");
  const Json json = TRY(work.client.get_json(
      Href("/v1/operator/entries").segment(*entry).segment("deliveries").text()));
  auto rows = Said(json)["deliveries"].items();
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Said& a, const Said& b) { return rank_of(a) < rank_of(b); });
  if (asked.part(0) == "csv") {
    page.download = csv_of(*entry, rows);
    return page;
  }
  html.markup("<p>Entry ");
  write_entry_link(html, *entry);
  if (rows.empty()) {
    html.markup(" says nothing to subscribers: no Party is told of it.</p>\n");
  } else {
    html.markup(", to be told by ");
    write_time(html, Said(json)["due"].text());
    html.markup("</p>\n");
    write_reach_counts(html, Said(json)["counts"]);
    write_parties(html, rows);
    html.markup("<p>");
    write_link(html, Href("/deliveries/csv").query("entry", std::to_string(*entry)), "Save as CSV");
    html.markup("</p>\n");
  }
  html.markup("<p><a href=\"/deliveries\">Another entry</a></p>\n");
  return page;
}

}  // namespace cpl
