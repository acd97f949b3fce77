// The minutes reader against papers made from shapes: each decision is read exactly, or the paper
// says in that item that something was not placed.
//
//   CPL_PAPERS=10000     how many papers are tried
//   CPL_PAPERS_SEED=7    the first seed
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "registry/minutes/minutes.hpp"
#include "tests/registry/minutes/papers.hpp"
#include "tests/registry/minutes/pdf_fixture.hpp"

namespace cpl::testing::papers_test {

namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

bool is_exact(const PaperItem& truth, const OutlineItem& read) {
  return std::equal(truth.decisions.begin(), truth.decisions.end(), read.decisions.begin(),
                    read.decisions.end(), [](const PaperDecision& made, const auto& found) {
                      return made.verb == found.verb && made.text == found.text;
                    });
}

bool is_reported(const PaperItem& truth, const MinutesOutline& outline) {
  return std::any_of(outline.unplaced.begin(), outline.unplaced.end(), [&](const auto& unplaced) {
    return unplaced.line >= truth.first_line && unplaced.line <= truth.last_line;
  });
}

struct Tally {
  std::uint64_t exact = 0;
  std::uint64_t reported = 0;
  std::uint64_t refused = 0;
};

void check_item(const PaperItem& truth, const OutlineItem& read, const MinutesOutline& outline,
                Tally& tally) {
  const bool exact = is_exact(truth, read);
  const bool reported = is_reported(truth, outline);
  ++(exact ? tally.exact : tally.reported);
  // No decision is lost, cut or invented in silence.
  CHECK((exact || reported));
  // What is within the grammar is read, and needs nobody's eyes.
  CHECK((!truth.plain || exact));
  CHECK((!truth.plain || !reported));
}

void check_paper(const Paper& paper, Tally& tally) {
  const auto outline = read_minutes(paper.text());
  if (!outline) {
    ++tally.refused;
    return;
  }
  if (outline->items.size() != paper.items.size()) {
    CHECK_FALSE(outline->unplaced.empty());
    return;
  }
  for (std::size_t i = 0; i < paper.items.size(); ++i) {
    INFO("item " << i + 1 << " of: " << paper.items[i].shapes << "\n"
                 << paper.text() << minutes_outline_text(*outline));
    check_item(paper.items[i], outline->items[i], *outline, tally);
  }
}

// How a page is spoilt.
enum class Blemish : std::uint8_t { none, mark, side_column, raised_mark, footnote, picture };
constexpr std::uint64_t blemishes = 6;

std::string pdf_string(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    if (rest.starts_with("\u2022") || rest.starts_with("\uF0B7")) {
      out += "\\225";
      i += 2;
    } else if (rest.starts_with("\u2013")) {
      out += "\\226";
      i += 2;
    } else {
      if (text[i] == '(' || text[i] == ')') out += '\\';
      out += text[i];
    }
  }
  return out;
}

class Typesetter {
 public:
  Typesetter(PaperMaker& chance, Blemish blemish) : chance_(chance), blemish_(blemish) {
    pages_.emplace_back();
  }

  std::string set(const Paper& paper) {
    bool blank = true;
    for (const std::string& line : paper.lines) {
      if (line.empty()) {
        y_ -= blank ? 0 : 12;
        blank = true;
        continue;
      }
      if (y_ < 130) turn_page();
      blank = false;
      put(line);
      y_ -= 14;
    }
    finish_page();
    return make_pdf(pages_);
  }

 private:
  void put(const std::string& line) {
    const bool in_items = line_++ > 6;
    pages_.back().push_back({72, y_, pdf_string(line)});
    if (!in_items) return;
    if (blemish_ == Blemish::side_column && line.size() > 45 && chance_.one_in(3)) {
      pages_.back().push_back({480, y_, chance_.one_in(2) ? "SECAS" : "\\(by 19/04\\)"});
    }
    // A raised mark stands where the last letter ends: Poppler tells where that is by the glyphs.
    if (blemish_ == Blemish::raised_mark && line.ends_with('.')) {
      pages_.back().back().text +=
          ") Tj 4 Ts /F1 6 Tf (" + std::to_string(1 + chance_.below(9)) + ") Tj 0 Ts /F1 11 Tf (";
    }
  }

  void turn_page() {
    finish_page();
    if (blemish_ == Blemish::picture && pages_.size() == 1) pages_.emplace_back();
    pages_.emplace_back();
    y_ = 780;
  }

  void finish_page() {
    const std::string number = std::to_string(pages_.size());
    if (blemish_ == Blemish::footnote) {
      pages_.back().push_back({72, 90, number + " The list is kept under Section F2.", 7});
    }
    if (blemish_ == Blemish::mark) {
      const double angles[] = {30, 45, 60, -40, 15};
      pages_.back().push_back({150, 350, "DRAFT", 70, angles[chance_.below(5)]});
    }
    pages_.back().push_back({250, 40, "SECP_44_1204 | Page " + number + " of 9"});
  }

  PaperMaker& chance_;
  Blemish blemish_;
  std::vector<std::vector<Shown>> pages_;
  int y_ = 780;
  int line_ = 0;
};

void check_pdf(std::uint64_t seed, Tally& tally) {
  PaperMaker maker(seed);
  const auto blemish = static_cast<Blemish>(seed % blemishes);
  const Paper paper = maker.make_plain(blemish == Blemish::side_column ? 64 : 78);
  const auto outline = read_minutes(Typesetter(maker, blemish).set(paper));
  REQUIRE(outline);
  REQUIRE(outline->items.size() == paper.items.size());
  for (std::size_t i = 0; i < paper.items.size(); ++i) {
    INFO("blemish " << seed % blemishes << ", item " << i + 1 << " of: " << paper.items[i].shapes
                    << "\n"
                    << paper.text() << minutes_outline_text(*outline));
    CHECK(is_exact(paper.items[i], outline->items[i]));
    ++tally.exact;
  }
  const bool spoilt = blemish == Blemish::mark || blemish == Blemish::footnote;
  INFO("blemish " << seed % blemishes << "\n" << minutes_outline_text(*outline));
  if (blemish == Blemish::none) CHECK(outline->unplaced.empty());
  if (spoilt) CHECK_FALSE(outline->unplaced.empty());
  CHECK(outline->meeting.status ==
        (blemish == Blemish::mark ? std::nullopt : std::optional(MinutesStatus::final)));
}

}  // namespace

TEST_CASE("minutes: papers of all shapes are read exactly or reported") {
  const std::uint64_t count = number_from("CPL_PAPERS", 400);
  const std::uint64_t first = number_from("CPL_PAPERS_SEED", 1);
  Tally tally;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    INFO("replay with CPL_PAPERS=1 CPL_PAPERS_SEED=" << seed);
    check_paper(PaperMaker(seed).make(), tally);
  }
  std::cout << count << " papers from seed " << first << ": " << tally.exact << " items exact, "
            << tally.reported << " reported, " << tally.refused << " papers refused\n";
  // A reader that reported everything would lose nothing either.
  if (count >= 100) CHECK(tally.exact > tally.reported);
}

TEST_CASE("minutes: papers in the grammar's shapes are read exactly from spoilt PDFs") {
  const std::uint64_t count = std::max<std::uint64_t>(1, number_from("CPL_PAPERS", 400) / 10);
  const std::uint64_t first = number_from("CPL_PAPERS_SEED", 1);
  Tally tally;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    INFO("replay with CPL_PAPERS=1 CPL_PAPERS_SEED=" << seed);
    check_pdf(seed, tally);
  }
  std::cout << count << " PDFs from seed " << first << ": " << tally.exact << " items exact\n";
}

}  // namespace cpl::testing::papers_test
