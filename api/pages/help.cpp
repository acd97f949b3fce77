// What people ask about the registry itself: how to read it, the words it uses, how to follow it.
#include "api/pages/shared.hpp"

namespace cpl {
namespace {

Page help_frame(std::string title) {
  Page page{.title = std::move(title), .main = {}, .crumbs = {{"Help", Href("/help")}}};
  page.main.element("h1", page.title);
  return page;
}

struct Word {
  std::string_view word;
  std::string_view meaning;
};
constexpr std::array<Word, 22> glossary = {{
    {"Agenda item",
     "The standing item of the Panel's meetings under which changes to the list are decided."},
    {"Charter",
     "The first entry of the log: whose keys may sign what, how many must sign, and the values "
     "of the rules. A new charter needs the signatures that the old one asks for."},
    {"Checkpoint",
     "A short text that says how long the log is and sums up all of it, signed by the log."},
    {"Confirmed", "Of a decision: final minutes hold its words."},
    {"Contradicted", "Of a decision: final minutes say something else. Nobody may act on it."},
    {"Cosignature",
     "A witness's signature under a checkpoint: it saw the log so, and never otherwise."},
    {"Decision", "What the Panel decided at an item of a meeting, signed by members of the Panel."},
    {"Device model",
     "Manufacturer, model, hardware version and firmware version together. A removal "
     "concerns one device model: all devices that run that firmware."},
    {"Entry",
     "One line of the log: a signed statement with the time at which it came in. Its number never "
     "changes."},
    {"Evidence",
     "One file that holds all that is needed to judge a question without asking anybody."},
    {"Extract", "The complete list at one moment, as a signed file."},
    {"Listed", "The model may be used."},
    {"Log",
     "The row of all entries. One can add to it, and cannot change it or take from it unseen."},
    {"Notice",
     "What the Code Administrator gives to the DCC Service Desk before a model is removed."},
    {"Panel", "The SEC Panel, or the committee to which it gave the decision."},
    {"Policy", "A file of your own that says whose signatures you believe."},
    {"Provisional", "Of a decision: the minutes that hold it are not final yet."},
    {"Receipt",
     "What the Service Desk signs about a notice: received, validated, rejected or applied."},
    {"Registrar", "The Code Administrator (SECAS), who prepares and enters changes."},
    {"Removed", "The model has left the list. The DCC suspends devices of it."},
    {"Statement",
     "A text that somebody signs in order to change the list, or to say something about it."},
    {"Witness", "Somebody independent who watches that the log only grows."},
}};

void write_glossary(HtmlWriter& html) {
  Facts facts(html);
  for (const Word& word : glossary) facts.fact(word.word, word.meaning);
}

}  // namespace

Result<Page> help_page(const PageRequest&, const PageSource&) {
  Page page{.title = "Help", .main = {}};
  HtmlWriter& html = page.main;
  html.markup(
      "<h1>Help</h1>\n<h2>What this is</h2>\n<p>The Certified Products List names the models of "
      "smart metering devices that may be used in Great Britain. When a model leaves the list, the "
      "DCC suspends every device of it. So each change here is signed by those who may make it, "
      "says on whose decision it was made, and can be checked by anybody.</p>\n"
      "<h2>What do you want to do?</h2>\n<dl class=\"facts\">"
      "<dt>Look up a model</dt><dd>Search on the <a href=\"/\">home page</a>, or go through "
      "<a href=\"/models\">the list</a>. A model's page says whether it may be used, on whose "
      "decision it was removed, and which firmware brings its devices back.</dd>\n"
      "<dt>See what will be removed</dt><dd><a href=\"/notices\">Removals under way</a> shows each "
      "notice, what is due next and by when.</dd>\n"
      "<dt>Be told of changes</dt><dd><a href=\"/help/follow\">Follow changes</a>: by mail, "
      "webhook, "
      "feed or event stream.</dd>\n"
      "<dt>Get the whole list</dt><dd><a href=\"/extracts\">Download</a> it, signed.</dd>\n"
      "<dt>Check that something is genuine</dt><dd><a href=\"/check\">Check a file</a> on your own "
      "computer.</dd>\n"
      "<dt>Ask about certificates</dt><dd><a href=\"/help/certificates\">Certificates, and who "
      "sees "
      "evidence</a>.</dd>\n"
      "<dt>Put a model onto the list</dt><dd><a href=\"/help/submission\">How to submit a "
      "model</a>, with an example.</dd>\n"
      "<dt>Understand a word</dt><dd><a href=\"/help/words\">Words used here</a>.</dd></dl>\n");
  return page;
}

Result<Page> help_words_page(const PageRequest&, const PageSource&) {
  Page page = help_frame("Words used here");
  write_glossary(page.main);
  return page;
}

Result<Page> help_follow_page(const PageRequest&, const PageSource&) {
  Page page = help_frame("Follow changes and miss none");
  page.main.markup(
      "<p class=\"lead\">Every entry of the log has a number, and the numbers have no gaps. "
      "Whoever "
      "keeps the last number seen can always ask for what came after.</p>\n"
      "<h2>Without an account</h2>\n<dl class=\"facts\">"
      "<dt>Feed reader</dt><dd>Subscribe to <a href=\"/v1/feed.atom\">the feed</a> (Atom). Older "
      "changes stay in its archive.</dd>\n"
      "<dt>Polling</dt><dd><code>GET /v1/changes?after=NUMBER</code> gives what came after that "
      "number, with a proof for each event.</dd>\n"
      "<dt>Event stream</dt><dd><code>GET /v1/changes/stream</code> tells of changes as they "
      "happen; "
      "a client that comes back goes on where it was.</dd>\n"
      "<dt>A program that checks</dt><dd><code>cpl listen</code> follows the stream, and proves "
      "each "
      "event and that none was left out.</dd></dl>\n"
      "<h2>As a Party</h2>\n<p>With a Party's token you can have changes sent to you: as signed "
      "calls of your own server (webhook), or by mail. You choose which: by manufacturer, by type "
      "of "
      "device, by model, by kind of change. The operator gives out tokens: <a "
      "href=\"/sign-in\">sign in</a> with yours. For programs, "
      "<code>cpl subscribe --help</code> says how, and <a href=\"/developers\">the page for "
      "developers</a> where to read on.</p>\n"
      "<h2>How do I know that I missed nothing?</h2>\n<p>Each message names its own number and "
      "that "
      "of the message before it. If the one before is not the last that you have, something is "
      "missing: ask for what came after your last number. Once a day you are sent a checkpoint, "
      "even when nothing has changed: if it does not come, ask.</p>\n");
  return page;
}

Result<Page> help_certificates_page(const PageRequest&, const PageSource&) {
  Page page = help_frame("Certificates, and who sees evidence");
  page.main.markup(
      "<h2>Which certificates does a model need?</h2>\n<p>It depends on the type of device: "
      "ZigBee, "
      "DLMS and CPA for meters. A model's page shows those that it has, with their days.</p>\n"
      "<h2>Must a firmware be certified again?</h2>\n<p>Not always. Where a certificate names "
      "another "
      "firmware than the submission, SECAS asks for evidence that maps one to the other, such as "
      "an "
      "extract of release notes. The model's page then says \"mapped to this firmware by "
      "evidence\".</p>\n"
      "<h2>Who sees the evidence?</h2>\n<p>Mapping evidence stays with SECAS for audit. Here only "
      "its SHA-256 stands, so that anybody who is shown the file can tell that it is the "
      "same.</p>\n"
      "<h2>What happens when a certificate ends?</h2>\n<p>The model's page says that it ended. The "
      "model leaves the list only by a removal, which goes the same way as any other: decision, "
      "notice, the Service Desk's check.</p>\n"
      "<h2>An entry is wrong</h2>\n<p>SECAS corrects it by a new, signed entry. The old one stays "
      "in "
      "the log, so that everybody can see what was changed and when: look at the history on the "
      "model's page.</p>\n");
  return page;
}

Result<Page> developers_page(const PageRequest&, const PageSource&) {
  Page page{.title = "For developers", .main = {}};
  page.main.markup(
      "<h1>For developers</h1>\n<p class=\"lead\">Everything on these pages is in the API, under "
      "<code>/v1</code>, as JSON.</p>\n<ul>"
      "<li><a href=\"/v1/openapi.json\">The API's description</a> (OpenAPI 3.1)</li>\n"
      "<li>Each page names the API path of the same facts in its head and in a <code>Link</code> "
      "field: <code>rel=\"alternate\"</code>.</li>\n"
      "<li>The log is published as C2SP tlog-tiles: <a href=\"/checkpoint\">/checkpoint</a> and "
      "<code>/tile</code>.</li>\n"
      "<li>Errors are problem details (RFC 9457) with a stable code.</li>\n"
      "<li>Webhooks are signed as Standard Webhooks; events are CloudEvents.</li></ul>\n");
  return page;
}

Result<Page> accessibility_page(const PageRequest&, const PageSource&) {
  Page page{.title = "Accessibility", .main = {}};
  page.main.markup(
      "<h1>Accessibility</h1>\n<p class=\"lead\">These pages are made to be used by everybody, and "
      "aim at WCAG 2.2, level AA.</p>\n<ul>"
      "<li>They need no JavaScript, work with the keyboard alone and with screen readers, and can "
      "be enlarged to 400 % without scrolling sideways.</li>\n"
      "<li>Colours follow your light or dark setting, and never say anything by themselves.</li>\n"
      "<li>Each picture has the same facts in words beside it.</li>\n"
      "<li>Every page prints as a paper.</li></ul>\n"
      "<p>If something does not work for you, tell the Code Administrator, and say which page it "
      "was.</p>\n");
  return page;
}

}  // namespace cpl
