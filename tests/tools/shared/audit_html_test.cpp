// The audit's page: complete in itself, told in words, and made of nothing that the log could turn
// into markup.
#include "tools/shared/audit_html.hpp"

#include "api/html/html_writer.hpp"
#include "tests/registry/audit/published_log.hpp"

namespace cpl::testing::audit_html_test {
namespace {

const std::string evil = "<script>alert(1)</script> & \"Sons\" 'Ltd'";

// A meter whose maker has such a name, removed by a decision that minutes confirm; a notice is
// open.
struct EvilStory : LogStory {
  EvilStory() {
    DeviceModel model = make_model();
    model.manufacturer_name = evil;
    DeviceModel other = make_display();
    other.manufacturer_name = evil;
    founds();
    adds(model);
    adds(other);
    const EntryIndex decision = decides({model.id(), make_display().id()});
    const EntryIndex notice = notifies_and_validates({model.id()}, decision);
    removes(model.id(), notice);
    minutes({minuted()});
  }
};

AuditReport report_on(const Published& files) {
  const auto report = audit(fetch_from(files), log_policy(), {});
  REQUIRE(report.has_value());
  return *report;
}

std::string page_of(const AuditReport& report) {
  return audit_html({report, at("2026-07-10T09:00:00Z"), 1234, "https://cpl.example", "cpl 1"});
}

bool has(const std::string& page, std::string_view text) { return page.find(text) != page.npos; }

std::size_t count(const std::string& page, std::string_view text) {
  std::size_t found = 0;
  for (auto at = page.find(text); at != page.npos; at = page.find(text, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("audit page: a maker's name with markup in it stays a name") {
  const AuditReport report = report_on(EvilStory().published());
  REQUIRE(report.removals.size() == 1);
  CHECK(report.removals[0].maker == evil);
  const std::string page = page_of(report);
  CHECK_FALSE(has(page, "<script"));
  CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Sons&quot; &#39;Ltd&#39;"));
}

TEST_CASE("audit page: it says the result in words, with the numbers and what was not checked") {
  const AuditReport report = report_on(EvilStory().published());
  const std::string page = page_of(report);
  CHECK(has(page, "<strong>Result: SOUND.</strong> nothing is wrong"));
  CHECK(has(page, "Entries replayed under the rules</th><td>9</td>"));
  CHECK(has(page, "service_desk</th><td>2</td>"));
  CHECK(has(page, "in 1234 ms, by cpl 1"));
  CHECK(has(page, "<th scope=\"row\">" + make_model().id().text()));
  CHECK(has(page, "<td>entry 7</td>"));
  CHECK(has(page, "<td>confirmed</td>"));
  CHECK(has(page, "the trust policy asks for no witness"));
  CHECK(has(page, "cpl audit https://cpl.example --policy policy.txt"));
}

TEST_CASE("audit page: what is found stands on it, beside the entry") {
  auto leaves = EvilStory().leaves();
  leaves[5] = altered(leaves[5], [](Entry& entry) { entry.state_root = sha256("x"); });
  const std::string page = page_of(report_on(MadeUpLog{leaves}.published()));
  CHECK(has(page, "<strong>Result: NOT SOUND.</strong>"));
  CHECK(has(page, "<th scope=\"row\">entry 5</th>"));
  CHECK(has(page, "state-root-mismatch"));
  CHECK(has(page, "Entries from 5 on"));
}

TEST_CASE("audit page: it stands alone, is valid in its nesting and named for screen readers") {
  const std::string page = page_of(report_on(EvilStory().published()));
  CHECK(page.starts_with("<!DOCTYPE html>\n<html lang=\"en-GB\">"));
  for (const std::string_view outside : {"http://", "src=", "href=", "url(", "@import"}) {
    CHECK_FALSE(has(page, outside));
  }
  CHECK(has(page, "default-src 'none'"));
  CHECK(has(page, "@media print"));
  CHECK(count(page, "<h1>") == 1);
  CHECK(count(page, "<table>") == count(page, "<caption>"));
  for (const std::string_view tag : {"table", "caption", "thead", "tbody", "tr", "td", "ul", "li",
                                     "main", "body", "html", "pre", "h1", "h2", "p"}) {
    INFO(tag);
    const std::string open = "<" + std::string(tag);
    CHECK(count(page, open + ">") + count(page, open + " ") ==
          count(page, "</" + std::string(tag) + ">"));
  }
}

TEST_CASE("html: text that is no UTF-8, or that controls a reader, is made visible") {
  const auto written = [](std::string_view text) { return HtmlWriter().text(text).html(); };
  CHECK(written("a\x1b[31mb\r") == "a[U+001B][31mb[U+000D]");
  CHECK(written("\xff<\u202E") == "[0xFF]&lt;[U+202E]");
  CHECK(written("a\nb") == "a\nb");
}

}  // namespace cpl::testing::audit_html_test
