// A page before its frame: what one function of api/pages makes.
#pragma once

#include <vector>

#include "api/html/href.hpp"

namespace cpl {

// Which part of the site a page belongs to: the mark in the navigation.
enum class Section : std::uint8_t { none, list, changes, notices, decisions, extracts, check };

struct Crumb {
  std::string words;
  Href to;
};

struct Page {
  std::string title;  // Without the registry's name.
  HtmlWriter main;    // Begins with its h1.
  Section section = Section::none;
  std::vector<Crumb> crumbs = {};  // The pages above it, from home's child down.
  std::string alternate = {};  // Where programs find the same: "/v1/models/…". Empty: nowhere.
};

}  // namespace cpl
