#include "api/html/frame.hpp"

#include "api/html/assets.hpp"
#include "api/html/parts.hpp"
#include "api/html/said_time.hpp"
#include "api/http/problem.hpp"

namespace cpl {
namespace {

constexpr std::string_view content_policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'";

constexpr std::array<Place, 6> places = {{{Section::list, "/models", "The list"},
                                          {Section::changes, "/changes", "Changes"},
                                          {Section::notices, "/notices", "Removals under way"},
                                          {Section::decisions, "/decisions", "Decisions"},
                                          {Section::extracts, "/extracts", "Download"},
                                          {Section::check, "/check", "Check a file"}}};

void write_head(HtmlWriter& html, const Page& page, const SiteFacts& site) {
  html.markup(
      "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
  html.text(page.title).markup(" - ").text(site.name).markup("</title>\n");
  html.markup("<link rel=\"stylesheet\" href=\"").text(asset_path("cpl.css")).markup("\">\n");
  html.markup("<link rel=\"icon\" type=\"image/svg+xml\" href=\"").text(asset_path("icon.svg"));
  html.markup("\">\n");
  if (!page.alternate.empty()) {
    html.markup("<link rel=\"alternate\" type=\"application/json\" href=\"").text(page.alternate);
    html.markup("\">\n");
  }
  html.markup(
      "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Changes\" "
      "href=\"/v1/feed.atom\">\n</head>\n");
}

void write_signed_in(HtmlWriter& html, const SignedIn& signed_in) {
  html.markup("<div class=\"who\"><p>Signed in: <a href=\"/me\">").text(signed_in.party);
  html.markup("</a></p>");
  if (!signed_in.sign_out_key.empty()) {
    form_start(html, Href("/sign-out"), signed_in.sign_out_key);
    html.markup("<button type=\"submit\">Sign out</button></form>");
  }
  html.markup("</div>");
}

void write_banner(HtmlWriter& html, const SiteFacts& site) {
  html.markup(
      "<body>\n<a class=\"skip\" href=\"#main\">Skip to main content</a>\n"
      "<header class=\"head\"><div class=\"width\"><a href=\"/\">"
      "<svg width=\"22\" height=\"24\" viewBox=\"0 0 22 24\" aria-hidden=\"true\" "
      "focusable=\"false\"><path fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.4\" "
      "d=\"M2 2h18v20H2zM6 8h10M6 13h10M6 18h4m3-1 2 2 4-5\"/></svg>");
  html.text(site.name).markup("</a>");
  if (site.signed_in) {
    write_signed_in(html, *site.signed_in);
  } else {
    html.markup("<p class=\"where\">");
    html.text(site.own_machine ? "These pages are served by this computer"
                               : "Public register: reading needs no account");
    html.markup("</p>");
    if (!site.own_machine) html.markup("<p class=\"who\"><a href=\"/sign-in\">Sign in</a></p>");
  }
  html.markup("</div></header>\n");
}

void write_place(HtmlWriter& html, const Place& place, Section section) {
  html.markup("<li><a href=\"").text(place.path).markup("\"");
  if (place.section == section) html.markup(" aria-current=\"page\"");
  html.markup(">").text(place.words).markup("</a></li>");
}

void write_navigation(HtmlWriter& html, const SiteFacts& site, Section section) {
  html.markup("<nav class=\"nav\" aria-label=\"Main\"><div class=\"width\"><ul>");
  if (site.own_machine) {
    for (const Place& place : site.own_machine->places) write_place(html, place, section);
  }
  for (const Place& place : places) write_place(html, place, section);
  html.markup("</ul></div></nav>\n");
}

// Which log the page is from, and on whose word.
void write_strip(HtmlWriter& html, const Page& page, const SiteFacts& site) {
  html.markup("<section class=\"proof\" aria-label=\"The log that this page is from\"><p>");
  if (site.own_machine) {
    write_tag(html, Tone::good, "Checked on this computer");
    html.markup(" ");
  }
  html.markup("Log <span class=\"id\">").text(site.origin).markup("</span>: ").number(site.size);
  html.markup(" entries");
  if (site.last_entry) {
    html.markup(", the last at <time data-ago datetime=\"").text(format_time(*site.last_entry));
    html.markup("\">").text(said_time(*site.last_entry)).markup("</time>");
  }
  if (site.cosignatures > 0) {
    html.markup(". Cosigned by ").number(site.cosignatures);
    if (site.cosignatures == 1) {
      html.markup(" witness");
    } else {
      html.markup(" witnesses");
    }
    if (site.cosigned) html.markup(" at ").text(said_time(*site.cosigned));
  }
  if (site.own_machine && !site.own_machine->signers.empty()) {
    html.markup(". Signing as <strong>").text(site.own_machine->signers).markup("</strong>");
  }
  html.markup(". ");
  if (site.own_machine && !page.is_proven) {
    html.markup("What is below is as the registry tells. ");
  }
  html.markup("<a href=\"/log\">About the log</a></p></section>\n");
}

void write_refusal(HtmlWriter& html, const SiteFacts& site) {
  if (!site.refusal) return;
  note_start(html, Tone::bad, "Nothing new is taken");
  html.element("p", site.refusal->detail + ". What you read here may be old.");
  html.markup("<p class=\"small\">Code: <code>").text(site.refusal->code).markup("</code></p>");
  note_end(html);
}

void write_crumbs(HtmlWriter& html, const Page& page) {
  if (page.crumbs.empty()) return;
  html.markup(
      "<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><ol><li><a href=\"/\">Home</a></li>");
  for (const Crumb& crumb : page.crumbs) {
    html.markup("<li>");
    write_link(html, crumb.to, crumb.words);
    html.markup("</li>");
  }
  html.markup("<li aria-current=\"page\">").text(page.title).markup("</li></ol></nav>\n");
}

void write_script(HtmlWriter& html, std::string_view name) {
  html.markup("<script type=\"module\" src=\"").text(asset_path(name)).markup("\"></script>\n");
}

void write_foot(HtmlWriter& html, const SiteFacts& site, const Page& page, bool is_live) {
  html.markup(
      "</div>\n<footer class=\"foot\"><div class=\"width\"><ul><li><a href=\"/help\">Help</a></li>"
      "<li><a href=\"/help/words\">Words used here</a></li>"
      "<li><a href=\"/accessibility\">Accessibility</a></li>"
      "<li><a href=\"/log\">The log and its witnesses</a></li>"
      "<li><a href=\"/developers\">For developers</a></li></ul>\n"
      "<p>Everything here is also in the <a href=\"/v1/openapi.json\">API</a>, and can be checked "
      "<a href=\"/check\">without trusting this site</a>.</p>\n");
  if (!site.help_contact.empty()) {
    html.markup("<p>Questions: ").text(site.help_contact).markup("</p>\n");
  }
  html.markup("</div></footer>\n");
  write_script(html, "copy.js");
  write_script(html, "time.js");
  if (is_live) write_script(html, "live.js");
  if (page.is_moving) write_script(html, "progress.js");
  html.markup("</body>\n</html>\n");
}

void add_headers(HttpResponse& response, const Page& page) {
  const auto add = [&](const char* name, std::string value) {
    response.headers.emplace_back(name, std::move(value));
  };
  add("Content-Security-Policy",
      page.whole ? page.whole->content_policy : std::string(content_policy));
  add("X-Content-Type-Options", "nosniff");
  add("Referrer-Policy", "same-origin");
  add("Cross-Origin-Opener-Policy", "same-origin");
  add("Cross-Origin-Resource-Policy", "same-origin");
  add("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  if (!page.alternate.empty()) {
    add("Link", "<" + page.alternate + ">; rel=\"alternate\"; type=\"application/json\"");
  }
}

}  // namespace

HttpResponse framed(const Page& page, const SiteFacts& site) {
  if (page.whole) {
    HttpResponse response =
        text_response(200, "text/html; charset=utf-8", Bytes(page.whole->octets));
    add_headers(response, page);
    return response;
  }
  HtmlWriter html;
  write_head(html, page, site);
  write_banner(html, site);
  write_navigation(html, site, page.section);
  html.markup("<div class=\"width\">\n");
  write_strip(html, page, site);
  write_crumbs(html, page);
  write_refusal(html, site);
  html.markup("<main id=\"main\" tabindex=\"-1\"");
  const bool is_live = page.is_live && site.size > 0;
  if (is_live) html.markup(" data-live=\"").text(site.cursor).markup("\"");
  html.markup(">\n").append(page.main).markup("</main>\n");
  write_foot(html, site, page, is_live);
  HttpResponse response = text_response(page.status, "text/html; charset=utf-8", html.take());
  add_headers(response, page);
  return response;
}

HttpResponse download_response(const Download& download) {
  HttpResponse response = text_response(200, download.type, Bytes(download.octets));
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + download.name + "\"");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace cpl
