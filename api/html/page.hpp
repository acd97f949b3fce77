// A page before its frame: what one function of api/pages makes.
#pragma once

#include <optional>
#include <vector>

#include "api/html/href.hpp"

namespace cpl {

// Which part of the site a page belongs to: the mark in the navigation.
enum class Section : std::uint8_t {
  none,
  today,  // The first six only where the pages are served by the reader's own machine.
  desk,
  prepare,
  sign,
  audit,
  operate,
  list,
  changes,
  notices,
  decisions,
  extracts,
  check
};

struct Crumb {
  std::string words;
  Href to;
};

// A file in place of a page.
struct Download {
  std::string name;       // "models.csv"
  std::string_view type;  // "text/csv; charset=utf-8"
  std::string octets;
};

// A document that is complete by itself, sent to the letter.
struct WholePage {
  std::string_view octets;
  std::string content_policy;  // What scripts it may run, and whom it may ask.
};

struct Page {
  std::string title;  // Without the registry's name.
  HtmlWriter main;    // Begins with its h1.
  unsigned status = 200;
  Section section = Section::none;
  std::vector<Crumb> crumbs = {};      // The pages above it, from home's child down.
  std::optional<Href> see_other = {};  // Shown instead, at once.
  bool is_proven = false;  // By the machine that serves it, not told by the registry alone.
  bool is_live = false;    // Tells of new entries while somebody looks at it.
  bool is_moving = false;  // Shows how far a piece of work is.
  std::optional<Download> download = {};
  std::optional<WholePage> whole = {};  // In place of all else, the frame too.
  std::string alternate = {};  // Where programs find the same: "/v1/models/…". Empty: nowhere.
};

}  // namespace cpl
