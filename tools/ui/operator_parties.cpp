// Parties and the tokens that speak for them: made, replaced, ended.
#include <nlohmann/json.hpp>

#include "api/html/said_time.hpp"
#include "api/pages/own_words.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/told.hpp"
#include "tools/ui/operator.hpp"

namespace cpl {
namespace {

const std::string parties_path = "/v1/operator/parties";
constexpr std::string_view json_type = "application/json";

Href page_of_party(std::string_view name) { return Href("/operator/parties").segment(name); }

std::string path_of_party(std::string_view name) {
  return Href("/v1/operator/parties").segment(name).text();
}

std::string audience_name(std::string_view audience) {
  return audience == "service_desk" ? "Service Desk" : "Party";
}

std::size_t tokens_in_use(Said party) {
  std::size_t count = 0;
  for (const Said& token : party["tokens"].items()) {
    if (!token["revoked"].exists()) ++count;
  }
  return count;
}

void write_add_form(HtmlWriter& html, const Workplace& work) {
  html.element("h2", "Add a Party");
  operator_form_start(html, work, Href("/operator/parties"));
  write_text_field(html, "name", "Name", "",
                   "Lower-case letters, digits, - and . such as example-energy");
  write_select(html, "audience", "It is",
               {{"party", "a Party"}, {"service_desk", "the DCC Service Desk"}}, "party");
  write_text_field(html, "label", "What its first token is for", "first", "Such as first, or 2026");
  operator_form_end(html, "Add it, and show its token");
}

Result<Page> parties_page(const Workplace& work) {
  Page page = begin_operator_page("Parties and their tokens");
  const Json parties = TRY(work.client.get_json(parties_path));
  const Json overseen = TRY(work.client.get_json("/v1/operator/subscriptions"));
  std::map<std::string, std::size_t, std::less<>> counts;
  std::map<std::string, std::size_t, std::less<>> failing;
  for (const Said& one : Said(overseen)["subscriptions"].items()) {
    ++counts[std::string(one["owner"].text())];
    if (one["state"].text() == "quarantined") ++failing[std::string(one["owner"].text())];
  }
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  {
    Table table(html, "Who has an account",
                {"Name", "Is", "Since", "#Tokens in use", "#Subscriptions", "Trouble"});
    for (const Said& party : Said(parties)["parties"].items()) {
      const std::string_view name = party["name"].text();
      write_link(table.cell(), page_of_party(name), name);
      table.cell().text(audience_name(party["audience"].text()));
      write_time(table.cell(), party["created"].text());
      table.cell().number(tokens_in_use(party));
      table.cell().number(counts[std::string(name)]);
      HtmlWriter& trouble = table.cell();
      if (failing[std::string(name)] > 0) {
        write_tag(trouble, overseen_state("quarantined"));
      } else {
        trouble.markup("none");
      }
    }
  }
  write_add_form(html, work);
  return page;
}

// The one time that a token is shown.
Result<Page> token_page(const std::string& name, const Json& made) {
  TRY_VOID(check_told(made, "party", name));
  const Said said(made);
  if (said["token"].text().empty()) return evidence_mismatch("the answer has no token");
  Page page = begin_operator_page("The token of " + name);
  page.crumbs.push_back({"Parties", Href("/operator/parties")});
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  note_start(html, Tone::warn, "Hand it over now, in private");
  html.markup("<p>It is shown on this page alone and can never be shown again.</p>");
  note_end(html);
  html.markup("<div class=\"row\"><code>").text(said["token"].text());
  html.markup("</code><button class=\"copy\" type=\"button\" hidden data-copy=\"");
  html.text(said["token"].text());
  html.markup("\">Copy<span class=\"hidden\"> it</span></button></div>\n");
  {
    Facts facts(html);
    facts.fact("Its name here", said["details"]["id"].text());
    facts.fact("For", said["details"]["label"].text());
  }
  html.markup("<p>");
  write_link(html, page_of_party(name), "Back to " + name);
  html.markup("</p>\n");
  return page;
}

Result<Page> add_party(const Workplace& work, const SentForm& form) {
  const std::string name(form.field("name"));
  const Json body = {
      {"name", name}, {"audience", form.field("audience")}, {"label", form.field("label")}};
  return token_page(
      name, TRY(json_of(TRY(work.client.create(parties_path, body.dump(), std::string(json_type),
                                               made_once_key(form))))));
}

void write_tokens(HtmlWriter& html, Said party) {
  const std::string_view name = party["name"].text();
  Table table(html, "What speaks for it", {"Token", "For", "Made", "State", "What you can do"});
  for (const Said& token : party["tokens"].items()) {
    const std::string_view id = token["id"].text();
    HtmlWriter& first = table.cell();
    first.markup("<code>").text(id).markup("</code>");
    if (token["certificate"].exists()) {
      first.markup("<br>certificate ");
      write_said(first, token["certificate"].text());
    }
    write_said(table.cell(), token["label"].text());
    write_time(table.cell(), token["created"].text());
    HtmlWriter& state = table.cell();
    HtmlWriter& act = table.cell();
    if (token["revoked"].exists()) {
      write_tag(state, Tone::grey, "Ended");
      act.markup("nothing: it ended on ");
      write_time(act, token["revoked"].text());
    } else {
      write_tag(state, Tone::good, "In use");
      write_link(act, Href(page_of_party(name)).segment("end").query("token", id),
                 "End " + std::string(id));
    }
  }
}

void write_party_subscriptions(HtmlWriter& html, const std::vector<Said>& own) {
  html.element("h2", "Its subscriptions");
  if (own.empty()) {
    html.markup("<p>None: it is told of nothing.</p>\n");
    return;
  }
  Table table(html, "Where it is told", {"Subscription", "Goes to", "State", "#Entries behind"});
  for (const Said& one : own) {
    write_link(table.cell(), Href("/operator/subscriptions").segment(one["id"].text()),
               one["id"].text());
    write_said(table.cell(), receiver_address(one["receiver"].text()));
    write_tag(table.cell(), overseen_state(one["state"].text()));
    table.cell().number(one["behind"].count());
  }
}

void write_new_token_forms(HtmlWriter& html, const Workplace& work, const std::string& name) {
  html.element("h2", "Give it another token");
  html.markup(
      "<p>To replace one: make another, hand it over, and end the old one when the Party uses the "
      "new.</p>\n");
  const Href action = page_of_party(name).segment("tokens");
  operator_form_start(html, work, action);
  write_text_field(html, "label", "What it is for", "", "Such as 2027");
  write_text_field(html, "certificate", "Or the subject of a client certificate", "",
                   "CN=example,O=Example Ltd. Empty: a token is made");
  operator_form_end(html, "Make it");
}

Result<Page> party_page(const Workplace& work, const std::string& name) {
  const Json party = TRY(work.client.get_json(path_of_party(name)));
  const Json overseen =
      TRY(work.client.get_json(Href("/v1/operator/subscriptions").query("owner", name).text()));
  Page page = begin_operator_page(name);
  page.crumbs.push_back({"Parties", Href("/operator/parties")});
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">").text(audience_name(Said(party)["audience"].text()));
  html.markup(", since ");
  write_time(html, Said(party)["created"].text());
  html.markup("</p>\n");
  write_tokens(html, Said(party));
  write_party_subscriptions(html, Said(overseen)["subscriptions"].items());
  write_new_token_forms(html, work, name);
  return page;
}

Result<Page> add_token(const Workplace& work, const std::string& name, const SentForm& form) {
  Json body = {{"label", form.field("label")}};
  if (!form.field("certificate").empty()) body["certificate"] = form.field("certificate");
  const Json made = TRY(json_of(TRY(work.client.create(
      path_of_party(name) + "/tokens", body.dump(), std::string(json_type), made_once_key(form)))));
  if (!body.contains("certificate")) return token_page(name, made);
  TRY_VOID(check_told(made, "party", name));
  Page page = begin_operator_page("");
  page.see_other = page_of_party(name);
  return page;
}

// What goes on and what ends, before it is done.
Result<Page> ask_to_end(const Workplace& work, const std::string& name, std::string_view token) {
  const Json party = TRY(work.client.get_json(path_of_party(name)));
  Page page = begin_operator_page("End " + std::string(token));
  page.crumbs.push_back({"Parties", Href("/operator/parties")});
  page.crumbs.push_back({name, page_of_party(name)});
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">At once it speaks for ").text(name);
  html.markup(
      " no more, and whoever is signed in with it is signed out. It cannot be brought back. "
      "Subscriptions go on: ");
  html.text(name).markup(" is told of changes as before.</p>\n");
  if (tokens_in_use(Said(party)) <= 1) {
    note_start(html, Tone::warn, "It is the last one");
    html.markup("<p>Afterwards nothing speaks for this Party until you make another.</p>");
    note_end(html);
  }
  operator_form_start(html, work, page_of_party(name).segment("end"));
  write_hidden(html, "token", token);
  operator_form_end(html, "End it");
  html.markup("<p>");
  write_link(html, page_of_party(name), "Go back, end nothing");
  html.markup("</p>\n");
  return page;
}

Result<Page> end_token(const Workplace& work, const std::string& name, const SentForm& form) {
  const std::string id(form.field("token"));
  const std::string path =
      Href(Href("/v1/operator/parties").segment(name).segment("tokens")).segment(id).text();
  const Json party = TRY(json_of(TRY(work.client.del(path))));
  TRY_VOID(check_told(party, "name", name));
  for (const Said& token : Said(party)["tokens"].items()) {
    if (token["id"].text() != id || !token["revoked"].exists()) continue;
    Page page = begin_operator_page("");
    page.see_other = page_of_party(name);
    return page;
  }
  return evidence_mismatch("the registry's answer does not say that the token has ended");
}

}  // namespace

Result<std::optional<Page>> parties_page_of(const Workplace& work, const OperatorRequest& asked) {
  const std::string name(asked.part(1));
  const std::string_view act = asked.part(2);
  const std::size_t depth = asked.segments.size();
  if (depth == 2) {
    return std::optional(
        TRY(asked.form == nullptr ? parties_page(work) : add_party(work, *asked.form)));
  }
  if (depth == 3 && asked.form == nullptr) return std::optional(TRY(party_page(work, name)));
  if (depth != 4) return std::optional<Page>();
  if (act == "tokens" && asked.form != nullptr) {
    return std::optional(TRY(add_token(work, name, *asked.form)));
  }
  if (act == "end") {
    return std::optional(TRY(asked.form == nullptr ? ask_to_end(work, name, asked.asked("token"))
                                                   : end_token(work, name, *asked.form)));
  }
  return std::optional<Page>();
}

}  // namespace cpl
