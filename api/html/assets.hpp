// The files that pages name beside their own text: one stylesheet, small scripts, a sign. Each has
// its hash in its name, so that a browser may keep it for ever.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cpl {

struct Asset {
  std::string file;  // "cpl.3f9a0c1d2e4b.css"
  std::string_view type;
  std::string_view text;
};

// By the file's name with its hash; nothing else is here.
const Asset* find_asset(std::string_view file);

// "/assets/cpl.3f9a0c1d2e4b.css" of "cpl.css".
const std::string& asset_path(std::string_view name);

}  // namespace cpl
