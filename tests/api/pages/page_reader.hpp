// Pages as a strict reader takes them apart: every element closed where it was opened, one heading
// of the first rank, no markup but this program's.
#pragma once

#include <catch2/catch.hpp>
#include <set>

#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing {

inline HttpResponse look_at(TestApi& registry, const std::string& target) {
  return registry.get_with(target, "Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
}

struct ReadPage {
  std::vector<std::string> links;     // What href, src and action name.
  std::vector<std::string> elements;  // Names, in order.
  std::string words;                  // What stands between the tags.
};

// Throws away nothing: what is not well-formed fails the test.
class PageReader {
 public:
  explicit PageReader(const std::string& html) : rest_(html) {}

  ReadPage read() {
    REQUIRE(rest_.starts_with("<!DOCTYPE html>\n"));
    rest_.remove_prefix(16);
    while (!rest_.empty()) {
      const auto tag = std::min(rest_.find('<'), rest_.size());
      page_.words += rest_.substr(0, tag);
      rest_.remove_prefix(tag);
      if (!rest_.empty()) read_tag();
    }
    CHECK(open_.empty());
    CHECK(std::count(page_.elements.begin(), page_.elements.end(), "h1") == 1);
    return std::move(page_);
  }

 private:
  void read_tag() {
    const auto end = rest_.find('>');
    REQUIRE(end != rest_.npos);
    std::string_view tag = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    REQUIRE(tag.find('<') == tag.npos);
    if (tag.starts_with('/')) return close(tag.substr(1));
    const bool is_closed = tag.ends_with('/');
    const std::string name(tag.substr(0, tag.find_first_of(" /")));
    page_.elements.push_back(name);
    read_attributes(tag.substr(name.size()));
    static const std::set<std::string> empty = {"meta", "link", "input", "br"};
    if (!is_closed && !empty.contains(name)) open_.push_back(name);
  }

  void close(std::string_view name) {
    REQUIRE_FALSE(open_.empty());
    REQUIRE(open_.back() == name);
    open_.pop_back();
  }

  void read_attributes(std::string_view text) {
    std::set<std::string> seen;
    while (!text.empty()) {
      if (text.front() == ' ' || text.front() == '/') {
        text.remove_prefix(1);
        continue;
      }
      const std::string name(text.substr(0, text.find_first_of(" =")));
      text.remove_prefix(name.size());
      CHECK(seen.insert(name).second);
      CHECK(name != "style");
      CHECK_FALSE(name.starts_with("on"));
      if (!text.starts_with("=\"")) continue;
      text.remove_prefix(2);
      const auto end = text.find('"');
      REQUIRE(end != text.npos);
      keep(name, std::string(text.substr(0, end)));
      text.remove_prefix(end + 1);
    }
  }

  void keep(const std::string& name, const std::string& value) {
    if (name == "id") CHECK(ids_.insert(value).second);
    if (name != "href" && name != "src" && name != "action") return;
    std::string link = value;
    for (auto at = link.find("&amp;"); at != link.npos; at = link.find("&amp;", at)) {
      link.replace(at, 5, "&");
    }
    page_.links.push_back(link);
  }

  std::string_view rest_;
  std::vector<std::string> open_;
  std::set<std::string> ids_;
  ReadPage page_;
};

inline ReadPage read_page(const HttpResponse& response) {
  CHECK(header(response, "Content-Type") == "text/html; charset=utf-8");
  const std::string html(*response.body);
  return PageReader(html).read();
}

}  // namespace cpl::testing
