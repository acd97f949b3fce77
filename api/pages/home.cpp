// Home: look something up, what is new, what is under way, how to check it.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t newest_max = 10;

Result<void> write_under_way(HtmlWriter& html, const PageSource& source) {
  const Json json = TRY(source.get(Href("/v1/notices").query("state", "open")));
  const auto notices = Said(json)["notices"].items();
  html.element("h2", "Removals under way");
  if (notices.empty()) {
    html.element("p", "None. No notice to the DCC Service Desk is open.");
    return {};
  }
  html.markup("<p class=\"lead\">").number(notices.size());
  if (notices.size() == 1) {
    html.markup(" notice to the DCC Service Desk is open. ");
  } else {
    html.markup(" notices to the DCC Service Desk are open. ");
  }
  html.markup("<a href=\"/notices?state=open\">See what is due</a></p>\n");
  return {};
}

Result<void> write_newest(HtmlWriter& html, const PageSource& source) {
  const Json all = TRY(source.get(Href("/v1/models").query("limit", "1")));
  const std::uint64_t size = Said(all)["log_size"].count();
  html.element("h2", "What is new");
  if (size == 0) {
    html.element("p", "Nothing yet: the registry has no entry. It begins with its charter.");
    return {};
  }
  const std::uint64_t from = size > newest_max ? size - newest_max : 0;
  const Json json = TRY(source.get(Href("/v1/entries")
                                       .query("from", std::to_string(from))
                                       .query("limit", std::to_string(newest_max))));
  write_entries(html, "The newest entries of the log", reversed(Said(json)["entries"].items()));
  html.markup("<p><a href=\"/changes\">All changes, by day</a></p>\n");
  return {};
}

}  // namespace

Result<Page> home_page(const PageRequest&, const PageSource& source) {
  Page page{.title = "Home", .main = {}, .is_live = true};
  HtmlWriter& html = page.main;
  html.element("h1", "The Certified Products List");
  html.markup(
      "<p class=\"lead\">Which models of smart metering devices may be used, with every decision "
      "to remove one, signed and kept so that nobody can change it unseen.</p>\n");
  write_search_form(html, "");
  TRY_VOID(write_under_way(html, source));
  TRY_VOID(write_newest(html, source));
  html.element("h2", "Do not take our word for it");
  html.markup(
      "<p>Each answer here can be checked on your own computer, without trusting this site: "
      "<a href=\"/check\">check a file</a>, <a href=\"/extracts\">download the signed list</a>, or "
      "read <a href=\"/help/follow\">how to follow changes and miss none</a>.</p>\n");
  return page;
}

}  // namespace cpl
