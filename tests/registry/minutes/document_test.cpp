// Minutes as documents: pages, line ends, PDF, and what is no document of minutes at all.
#include <catch2/catch.hpp>

#include "registry/minutes/minutes.hpp"
#include "registry/minutes/pdf_text.hpp"
#include "tests/registry/minutes/pdf_fixture.hpp"

namespace cpl::testing::document_test {

namespace {

const std::string heading =
    "SEC Panel Meeting 30\nMeeting SECP_30_1103, 11th March 2016\n\n"
    "Hall 1, London\n\nFinal Minutes\n\n";

MinutesOutline outline_of(const std::string& text) {
  auto outline = read_minutes(text);
  INFO((outline ? "" : outline.error().detail));
  REQUIRE(outline);
  return *std::move(outline);
}

std::string first_decision(const std::string& text) {
  const MinutesOutline outline = outline_of(text);
  CHECK(outline.unplaced.empty());
  REQUIRE(outline.items.at(0).decisions.size() == 1);
  return outline.items[0].decisions[0].text;
}

std::string refusal(BytesView document) {
  const auto outline = read_minutes(document);
  return outline ? "read" : outline.error().code;
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string sample_pdf() {
  return make_pdf({{{72, 800, "SEC Panel Meeting 30"},
                    {72, 786, "Meeting SECP_30_1103, 11th March 2016"},
                    {72, 760, "Hall 1, London"},
                    {72, 734, "Final Minutes"},
                    {72, 708, "Attendees:"},
                    {72, 694, "Large Suppliers"},
                    {300, 694, "Tobias Wren"},
                    {300, 680, "Priya Natarajan \\(Alternate\\)"},
                    {72, 654, "1. Removals"},
                    {72, 640, "The Panel:"},
                    {90, 614, "\\225  NOTED the contents of the paper; and"},
                    {90, 588, "\\225  APPROVED the removal of a"},
                    {250, 40, "SECP_30_1103 | Page 1 of 2"}},
                   {{72, 800, "Final Minutes"},
                    {72, 774, "Device Model that nobody makes any"},
                    {72, 760, "more from the List."},
                    {72, 734, "ACTION SECP30/01: SECAS to tell the DCC."},
                    {250, 40, "SECP_30_1103 | Page 2 of 2"}}});
}

}  // namespace

TEST_CASE("minutes: the furniture of pages does not break a sentence") {
  const std::string begin = heading + "1. One\nThe Panel NOTED that the Device Models of the";
  const std::string end = "DCC are on the List.\n";
  const std::string whole = "NOTED that the Device Models of the DCC are on the List";
  for (const std::string between :
       {"\n", "\n\nSECP_30_1103 | Page 3 of 9\n\n", "\n\n3\n\fSEC Panel Meeting 30\n\n",
        "\n\nPage 3\n\nSECP_30_1103 Final Minutes\n\n", "\n\f", "\r\n\r\n- 3 -\r\n\f",
        " \n \f \n"}) {
    INFO(between);
    CHECK(first_decision(begin + between + end) == whole);
  }
}

TEST_CASE("minutes: running headers and footers of any wording are known by repetition") {
  const std::string text = heading +
                           "1. One\nThe Panel NOTED that the\nCode Body 1 March 2016\n\f"
                           "Kept by the Code Body\nDCC reads the\nCode Body 2 March 2016\n\f"
                           "Kept by the Code Body\nList.\n";
  CHECK(first_decision(text) == "NOTED that the DCC reads the List");
}

TEST_CASE("minutes: decisions that repeat at the edges of pages are not furniture") {
  const MinutesOutline outline =
      outline_of(heading +
                 "1. One\nText.\n\nThe Panel NOTED the contents of the paper.\n\f2. Two\nText.\n\n"
                 "The Panel NOTED the contents of the paper.\n\f3. Three\nText.\n");
  CHECK(outline.items.at(0).decisions.size() == 1);
  CHECK(outline.items.at(1).decisions.size() == 1);
}

TEST_CASE("minutes: a complete sentence ends with its page") {
  const MinutesOutline outline = outline_of(
      heading +
      "1. One\nThe report is public.\n The Panel:\n\n• NOTED the report.\n It is long.\n");
  REQUIRE(outline.items[0].decisions.size() == 1);
  CHECK(outline.items[0].decisions[0].text == "NOTED the report");
}

TEST_CASE("minutes: line ends, tabs, no-break spaces and a byte order mark change nothing") {
  const std::string text = heading +
                           "1. One\nThe Panel AGREED to do the cross-\nchecking of the List.\n\n"
                           "ACTION SECP30/01: SECAS to act.\n";
  const std::string windows = "\xEF\xBB\xBF" + replace_all(text, "\n", " \t\r\n");
  CHECK(first_decision(text) == "AGREED to do the cross-checking of the List");
  CHECK(minutes_outline_text(outline_of(text)) == minutes_outline_text(outline_of(windows)));
  CHECK(first_decision(replace_all(text, " List", "\u00A0List")) ==
        "AGREED to do the cross-checking of the List");
}

TEST_CASE("minutes: a PDF is read line by line, across its pages") {
  const MinutesOutline outline = outline_of(sample_pdf());
  CHECK(outline.unplaced.empty());
  CHECK(outline.meeting.date == "2016-03-11");
  CHECK(outline.meeting.place == "Hall 1, London");
  CHECK(outline.meeting.status == MinutesStatus::final);
  REQUIRE(outline.attendance.size() == 1);
  CHECK(outline.attendance[0].names ==
        std::vector<std::string>{"Tobias Wren", "Priya Natarajan (Alternate)"});
  const OutlineItem& item = outline.items.at(0);
  REQUIRE(item.decisions.size() == 2);
  CHECK(item.decisions[0].text == "NOTED the contents of the paper");
  CHECK(item.decisions[1].text ==
        "APPROVED the removal of a Device Model that nobody makes any more from the List");
  CHECK(item.actions.at(0).ref == "SECP30/01");
}

TEST_CASE("pdf text: lines, paragraphs, columns and pages keep their structure") {
  const auto text = pdf_text(make_pdf({{{72, 700, "left"},
                                        {300, 700, "right"},
                                        {72, 686, "second line"},
                                        {72, 672, "third"},
                                        {72, 646, "new paragraph"}},
                                       {{72, 700, "next page"}}}));
  REQUIRE(text);
  CHECK(text->text == "left   right\nsecond line\nthird\n\nnew paragraph\n\fnext page\n");
}

TEST_CASE("minutes: another document than minutes is refused with its reason") {
  CHECK(refusal("") == "minutes-empty");
  CHECK(refusal("\x01\x02\xFF junk") == "minutes-not-text");
  CHECK(refusal("caf\xE9") == "minutes-not-text");
  CHECK(refusal("A letter.\n\n1. One\nText.\n") == "minutes-meeting-missing");
  CHECK(refusal(heading) == "minutes-without-items");
  CHECK(refusal(std::string(1 << 20, 'x')) == "minutes-line-too-long");
  CHECK(refusal(std::string(minutes_size_max + 1, '\n')) == "minutes-too-large");
  CHECK(refusal("%PDF-1.4\nnothing more") == "pdf-unreadable");
  CHECK(refusal(make_pdf({{}})) == "pdf-unreadable");
  const std::string pdf = sample_pdf();
  CHECK(refusal(pdf.substr(0, pdf.size() / 3)) != "read");
}

TEST_CASE("minutes: text made to be slow is read or reported at once") {
  const auto repeated = [](const std::string& part) {
    std::string text = heading + "1. One\n";
    while (text.size() < (std::size_t{1} << 20)) text += part;
    return text;
  };
  for (const std::string part :
       {"NOTED and ", "the Panel, ", "were agreed ", "and also ", "a.", "SECP30/01, ", "\n\n",
        "(\n", "The Panel:\n", "• NOTED\n", "1. ", "2. Two\n\n", "\f\f", "Page 1 of 2\n\n",
        "ACTION \n", "by the 24th ", "cross-\n", "present \n"}) {
    std::string wrapped = repeated(part);
    for (std::size_t at = 80; at < wrapped.size(); at += 80) {
      if (wrapped[at] == ' ') wrapped[at] = '\n';
    }
    INFO(part);
    const std::string code = refusal(wrapped);
    CHECK((code == "read" || code == "minutes-line-too-long"));
  }
}

}  // namespace cpl::testing::document_test
