// Small PDFs, written by hand: one font, text at given places, sizes and angles.
#pragma once

#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace cpl {

// A line of a PDF page, in points from its lower left corner, in Windows' Latin alphabet.
struct Shown {
  int x = 72;
  int y = 0;
  std::string text;
  int size = 11;
  double angle = 0;  // In degrees.
};

inline std::string page_content(const std::vector<Shown>& lines) {
  std::string content;
  for (const Shown& line : lines) {
    const double radians = line.angle * 3.14159265358979 / 180;
    std::array<char, 128> place{};
    std::snprintf(place.data(), place.size(), "BT /F1 %d Tf %.5f %.5f %.5f %.5f %d %d Tm (",
                  line.size, std::cos(radians), std::sin(radians), -std::sin(radians),
                  std::cos(radians), line.x, line.y);
    content += place.data() + line.text + ") Tj ET\n";
  }
  return content;
}

// One font, and a page for each list of lines.
inline std::string make_pdf(const std::vector<std::vector<Shown>>& pages) {
  std::vector<std::string> objects = {"<< /Type /Catalog /Pages 2 0 R >>", "",
                                      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
                                      "/Encoding /WinAnsiEncoding >>"};
  std::string kids;
  for (const auto& lines : pages) {
    const std::string content = page_content(lines);
    objects.push_back("<< /Length " + std::to_string(content.size()) + " >>\nstream\n" + content +
                      "endstream");
    objects.push_back("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents " +
                      std::to_string(objects.size()) +
                      " 0 R /Resources << /Font << /F1 3 0 R >> >> >>");
    kids += std::to_string(objects.size()) + " 0 R ";
  }
  objects[1] =
      "<< /Type /Pages /Count " + std::to_string(pages.size()) + " /Kids [" + kids + "] >>";
  std::string pdf = "%PDF-1.4\n";
  std::string xref = "0000000000 65535 f \n";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    std::array<char, 32> entry{};
    std::snprintf(entry.data(), entry.size(), "%010zu 00000 n \n", pdf.size());
    xref += entry.data();
    pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::string count = std::to_string(objects.size() + 1);
  const std::string start = std::to_string(pdf.size());
  return pdf + "xref\n0 " + count + "\n" + xref + "trailer << /Size " + count +
         " /Root 1 0 R >>\nstartxref\n" + start + "\n%%EOF\n";
}

}  // namespace cpl
