// What pages are written with: addresses that lead nowhere else, times that people read, tables
// that are closed whatever they hold.
#include <catch2/catch.hpp>

#include "api/html/assets.hpp"
#include "api/html/parts.hpp"
#include "api/html/said_time.hpp"

namespace cpl::testing::html_test {

TEST_CASE("href: what is filled in stays in its place") {
  CHECK(Href("/models").segment("a/b?c#d").text() == "/models/a%2Fb%3Fc%23d");
  CHECK(Href("/models").segment("..").segment(7).text() == "/models/../7");
  CHECK(Href("/models").query("q", "a&b=c d\xC3\xA9").query("after", "x").text() ==
        "/models?q=a%26b%3Dc%20d%C3%A9&after=x");
  CHECK(Href("/help").fragment("words").text() == "/help#words");
}

TEST_CASE("text area: lines as a form sent them are lines again, without a mark at their ends") {
  HtmlWriter html;
  write_text_area(html, "ids", "Models", "one\r\ntwo", "One to a line");
  CHECK(html.html().find("one\ntwo") != std::string::npos);
  CHECK(html.html().find("U+000D") == std::string::npos);
}

TEST_CASE("said time: British, with the zone, and UTC for programs beside it") {
  CHECK(said_time(*parse_time("2026-07-09T10:15:30Z")) == "11:15:30 BST, 9 July 2026");
  CHECK(said_time(*parse_time("2026-12-31T23:59:59Z")) == "23:59:59 GMT, 31 December 2026");
  CHECK(said_time(*parse_time("2026-06-30T23:30:00Z")) == "00:30:00 BST, 1 July 2026");
  CHECK(said_day(*Date::parse("2026-10-25")) == "25 October 2026");
  CHECK(said_month("2026-02") == "February 2026");
  CHECK(said_month("never") == "never");
  HtmlWriter html;
  write_time(html, "2026-07-09T10:15:30.123Z");
  write_time(html, "2026-07-09");
  write_time(html, "<soon>");
  CHECK(html.html() ==
        "<time datetime=\"2026-07-09T10:15:30.123Z\">11:15:30 BST, 9 July 2026</time>"
        "<time datetime=\"2026-07-09\">9 July 2026</time>&lt;soon&gt;");
}

TEST_CASE("parts: a number is grouped, names are joined") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1513) == "1,513");
  CHECK(grouped(1'000'000) == "1,000,000");
  CHECK(joined({}).empty());
  CHECK(joined({"a"}) == "a");
  CHECK(joined({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("parts: a table closes what it opened, full or empty") {
  HtmlWriter html;
  {
    Table table(html, "Two <kinds>", {"Name", "#Size"});
    table.cell().text("a");
    table.cell().number(1200);
    table.cell().text("b");
    table.cell();
  }
  CHECK(html.html() ==
        "<div class=\"scroll\"><table class=\"stack\"><caption>Two &lt;kinds&gt;</caption>"
        "<thead><tr><th scope=\"col\">Name</th><th scope=\"col\" class=\"num\">Size</th></tr>"
        "</thead><tbody>\n<tr><th scope=\"row\">a</th><td class=\"num\" data-name=\"Size\">1,200"
        "</td></tr>\n<tr><th scope=\"row\">b</th><td class=\"num\" data-name=\"Size\"></td></tr>\n"
        "</tbody></table></div>\n");
}

TEST_CASE("assets: each is found by its name with its hash, and by nothing else") {
  const std::string path = asset_path("cpl.css");
  CHECK(path.starts_with("/assets/cpl."));
  REQUIRE(find_asset(path.substr(8)) != nullptr);
  CHECK(find_asset(path.substr(8))->type == "text/css; charset=utf-8");
  CHECK(find_asset("cpl.css") == nullptr);
  CHECK(find_asset("") == nullptr);
}

}  // namespace cpl::testing::html_test
