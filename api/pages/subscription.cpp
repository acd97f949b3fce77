// One subscription: how it fares, what went wrong, and all that its Party can do with it.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/pages/attempt_rows.hpp"
#include "api/pages/shared.hpp"
#include "api/pages/subscription_form.hpp"
#include "api/pages/subscription_keys.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view attempts_beside = "5";

// What a button does, and what is said when it is done.
struct Deed {
  std::string_view act;
  std::string_view done;
};
constexpr std::array<Deed, 8> deeds = {
    {{"test", "A test event is on its way. Load this page again to see what became of it."},
     {"pause", "It is paused. Nothing is sent until you resume it."},
     {"resume", "It goes on from where it was."},
     {"verify", "The receiver is asked now. Load this page again to see what it said."},
     {"confirm", "The code is right. The mailbox is sent events from now on."},
     {"replay", "It is sent again from that entry. The events have the same ids as before."},
     {"rotate", ""},
     {"change", "It is changed."}}};

const Deed* find_deed(std::string_view act) {
  const auto* const found =
      std::find_if(deeds.begin(), deeds.end(), [&](const Deed& deed) { return deed.act == act; });
  return found == deeds.end() ? nullptr : found;
}

Href own_page_of(std::string_view id) { return Href("/me/subscriptions").segment(id); }

void write_button(HtmlWriter& html, HtmlWriter::Markup act, std::string_view words) {
  html.markup("<button class=\"button second\" type=\"submit\" name=\"act\" value=\"");
  html.markup(act).markup("\">").text(words).markup("</button>\n");
}

// The newest failure, with what can be done about it.
void write_failure(HtmlWriter& html, Said subscription, const PageSource& source) {
  const std::string_view state = subscription["state"].text();
  const bool is_in_trouble = subscription["last_failure"].exists() && state != "retired";
  if (state == "pending" && !is_in_trouble) {
    note_start(html, Tone::warn, "The receiver has not said yet that it wants events");
    html.element("p", is_mailbox(subscription["url"].text())
                          ? "Type in the code that was mailed there."
                          : "Give it the secret, start it, and ask it again.");
    note_end(html);
  }
  if (!is_in_trouble) return;
  note_start(html, state == "quarantined" ? Tone::bad : Tone::warn, "What went wrong");
  html.markup("<p>");
  write_said(html, failure_words(subscription["last_failure"].text()));
  html.markup("</p>\n");
  const Href failed = Href("/v1/subscriptions")
                          .segment(subscription["id"].text())
                          .segment("deliveries")
                          .query("outcome", "failed")
                          .query("limit", "1");
  if (const auto json = source.get(failed)) {
    for (const Said& attempt : Said(*json)["deliveries"].items()) {
      html.markup("<p><strong>What to do:</strong> ").text(attempt_advice(attempt));
      html.markup("</p>\n<p>");
      write_link(html, attempt_page_of(subscription["id"].text(), attempt), "See the attempt");
      html.markup("</p>\n");
    }
  }
  html.element("p", state == "active" ? "Nothing is lost: it is tried again, and the rest follows."
                                      : subscription_state(state).sentence);
  note_end(html);
}

void write_standing(HtmlWriter& html, Said subscription, std::uint64_t log_size) {
  Facts facts(html);
  HtmlWriter& told = facts.fact("Told up to");
  if (const auto entry = entry_of(subscription["delivered"])) {
    told.markup("entry ");
    write_entry_link(told, *entry);
  } else {
    told.markup("nothing yet");
  }
  const std::uint64_t behind = log_size - std::min(log_size, subscription["cursor"].count());
  facts.fact("Behind the log", counted(behind, "entry"));
  facts.fact("Delivered", counted(subscription["deliveries"].count(), "event"));
  if (subscription["next_attempt"].exists()) {
    write_time(facts.fact("Next attempt"), subscription["next_attempt"].text());
  }
  if (const auto rate = subscription["requests_per_minute_max"].number()) {
    facts.fact("Allowed", counted(*rate, "request") + " a minute");
  }
  HtmlWriter& secret = facts.fact("Secret");
  secret.markup("number ").number(subscription["key_generation"].count() + 1);
  for (const Said& old : subscription["old_keys"].items()) {
    secret.markup("; number ").number(old["key_generation"].count() + 1);
    secret.markup(" signs beside it until ");
    write_time(secret, old["until"].text());
  }
  write_time(facts.fact("Made"), subscription["created"].text());
  if (subscription["verified"].exists()) {
    write_time(facts.fact("Receiver confirmed"), subscription["verified"].text());
  }
  write_filter(facts, subscription["filter"]);
}

void write_code_form(HtmlWriter& html, const PageRequest& request, const Href& own) {
  form_start(html, own, request.form_key);
  html.markup("<div class=\"field\">");
  write_text_field(html, "code", "Code from the mail", "", "It holds for 15 minutes");
  html.markup("</div>\n<p class=\"row\">");
  write_button(html, "confirm", "Confirm the mailbox");
  html.markup("</p>\n</form>\n");
}

void write_buttons(HtmlWriter& html, const PageRequest& request, Said subscription,
                   const Href& own) {
  const std::string_view state = subscription["state"].text();
  const bool is_mail = is_mailbox(subscription["url"].text());
  if (state == "pending" && is_mail) write_code_form(html, request, own);
  form_start(html, own, request.form_key);
  html.markup("<p class=\"row\">");
  if (state == "pending") {
    write_button(html, "verify", is_mail ? "Mail a new code" : "Ask the receiver again");
  }
  if (subscription["verified"].exists()) write_button(html, "test", "Send a test");
  if (state == "active" || state == "quarantined") write_button(html, "pause", "Pause");
  if (state == "paused" || state == "quarantined") write_button(html, "resume", "Resume");
  html.markup("</p>\n</form>\n");
}

void write_replay_form(HtmlWriter& html, const PageRequest& request, const Href& own) {
  html.element("h2", "Send again");
  form_start(html, own, request.form_key);
  html.markup("<div class=\"field\">");
  write_text_field(html, "from", "From entry", request.asked("from"),
                   "A number; all from there on is sent again, with the same ids");
  html.markup("</div>\n<p>");
  write_button(html, "replay", "Send again");
  html.markup("</p>\n</form>\n");
}

void write_secret_form(HtmlWriter& html, const PageRequest& request, const Href& own) {
  html.element("h2", "New secret");
  form_start(html, own, request.form_key);
  html.markup("<div class=\"field\">");
  write_select(
      html, "grace", "The present one goes on signing beside it for",
      {{"86400", "24 hours"}, {"604800", "7 days"}, {"0", "no time at all: it was stolen"}},
      "86400");
  html.markup("</div>\n<p>");
  write_button(html, "rotate", "Make a new secret");
  html.markup("</p>\n</form>\n");
}

void write_deeds(HtmlWriter& html, const PageRequest& request, Said subscription) {
  if (subscription["state"].text() == "retired") return;
  const Href own = own_page_of(subscription["id"].text());
  write_buttons(html, request, subscription, own);
  write_replay_form(html, request, own);
  if (!is_mailbox(subscription["url"].text())) write_secret_form(html, request, own);
  html.element("h2", "Change or end it");
  html.markup("<p class=\"row\"><a class=\"button second\" href=\"");
  html.text(Href(own).segment("change").text());
  html.markup("\">Change address or filter</a><a class=\"button second\" href=\"");
  html.text(Href(own).segment("end").text()).markup("\">End it</a></p>\n");
}

Result<void> write_newest_attempts(HtmlWriter& html, std::string_view id,
                                   const PageSource& source) {
  const Href deliveries =
      Href("/v1/subscriptions").segment(id).segment("deliveries").query("limit", attempts_beside);
  const Json json = TRY(source.get(deliveries));
  html.element("h2", "Newest attempts");
  write_attempts(html, id, Said(json)["deliveries"].items());
  html.markup("<p>");
  write_link(html, own_page_of(id).segment("attempts"), "All attempts");
  html.markup("</p>\n");
  return {};
}

void write_outcome(HtmlWriter& html, const PageRequest& request, const Error* refused) {
  if (refused != nullptr) {
    note_start(html, Tone::bad, "That was not done");
    html.markup("<p>").text(refused->detail).markup(".</p>\n");
    html.markup("<p class=\"small muted\">Code: <code>").text(refused->code);
    html.markup("</code></p>\n");
    note_end(html);
    return;
  }
  const Deed* const deed = find_deed(request.asked("done"));
  if (deed == nullptr) return;
  note_start(html, Tone::good, "Done");
  html.element("p", deed->done);
  note_end(html);
}

// `refused` is null, or why what was asked for was not done.
Result<Page> standing_page(const PageRequest& request, const PageSource& source,
                           const Error* refused) {
  const std::string_view id = request.place();
  const Href path = Href("/v1/subscriptions").segment(id);
  const Json json = TRY(source.get(path));
  const Json status = TRY(source.get(Href("/v1/status")));
  const Said subscription(json);
  const StateWords state = subscription_state(subscription["state"].text());
  Page page{.title = std::string(receiver_address(subscription["url"].text())),
            .main = {},
            .status = refused == nullptr ? 200 : status_of(*refused),
            .crumbs = {{"Your notifications", Href("/me")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  write_outcome(html, request, refused);
  html.markup("<h1 class=\"address\">").text(page.title).markup("</h1>\n<p class=\"row\">");
  write_tag(html, state);
  html.markup("<span>").text(receiver_kind(subscription)).markup(", since ");
  write_time(html, subscription["state_since"].text());
  html.markup("</span></p>\n");
  write_failure(html, subscription, source);
  write_standing(html, subscription, Said(status)["log_size"].count());
  write_deeds(html, request, subscription);
  TRY_VOID(write_newest_attempts(html, id, source));
  return page;
}

// What the API is sent for a button; the others have no members.
Result<Json> body_of_deed(const PageRequest& request, std::string_view act) {
  Json body = Json::object();
  if (act == "confirm") body["code"] = request.asked("code");
  if (act == "rotate") body["grace_seconds"] = from_decimal(request.asked("grace")).value_or(0);
  if (act == "replay") {
    const auto from = from_decimal(request.asked("from"));
    if (!from) return malformed("entry-malformed", "An entry's number is needed, such as 42");
    body["from"] = *from;
  }
  return body;
}

Result<Page> done_deed(const PageRequest& request, const PageSource& source, std::string_view act) {
  const Json body = TRY(body_of_deed(request, act));
  const Href path = Href("/v1/subscriptions").segment(request.place()).segment(act);
  const ApiAnswer answered = TRY(source.answer(
      {.method = HttpMethod::post, .path = path, .body = body.dump(), .key = request.sent_form}));
  if (act == "rotate") {
    const Json rotated = TRY(answered.json());
    return subscription_keys_page("The new secret", Said(rotated));
  }
  Page page;
  page.see_other = own_page_of(request.place()).query("done", act);
  return page;
}

}  // namespace

Result<Page> subscription_page(const PageRequest& request, const PageSource& source) {
  if (!request.is_sent) return standing_page(request, source, nullptr);
  const Deed* const deed = find_deed(request.asked("act"));
  if (deed == nullptr || deed->act == "change") {
    return malformed("act-unknown", "This form asks for nothing that can be done here.");
  }
  auto done = done_deed(request, source, deed->act);
  if (done) return done;
  const Error refused = done.error();
  const bool is_told_here = refused.errc == Errc::conflict || refused.errc == Errc::invalid ||
                            refused.errc == Errc::unauthorized;
  if (!is_told_here) return refused;
  return standing_page(request, source, &refused);
}

}  // namespace cpl
