#include "api/html/assets.hpp"

#include <map>
#include <vector>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {

extern const std::string_view cpl_css;
extern const std::string_view copy_js;
extern const std::string_view time_js;
extern const std::string_view live_js;
extern const std::string_view progress_js;
extern const std::string_view icon_svg;

namespace {

struct Assets {
  std::vector<Asset> all;
  std::map<std::string, std::string, std::less<>> paths;

  void add(const std::string& stem, const std::string& extension, std::string_view type,
           std::string_view text) {
    const std::string hash = to_hex(sha256(text)).substr(0, 12);
    const std::string file = stem + "." + hash + "." + extension;
    all.push_back({file, type, text});
    paths.emplace(stem + "." + extension, "/assets/" + file);
  }
};

const Assets& assets() {
  static const Assets known = [] {
    Assets made;
    made.add("cpl", "css", "text/css; charset=utf-8", cpl_css);
    made.add("copy", "js", "text/javascript; charset=utf-8", copy_js);
    made.add("time", "js", "text/javascript; charset=utf-8", time_js);
    made.add("live", "js", "text/javascript; charset=utf-8", live_js);
    made.add("progress", "js", "text/javascript; charset=utf-8", progress_js);
    made.add("icon", "svg", "image/svg+xml", icon_svg);
    return made;
  }();
  return known;
}

}  // namespace

const Asset* find_asset(std::string_view file) {
  for (const Asset& asset : assets().all) {
    if (asset.file == file) return &asset;
  }
  return nullptr;
}

const std::string& asset_path(std::string_view name) {
  const auto found = assets().paths.find(name);
  check(found != assets().paths.end());
  return found->second;
}

}  // namespace cpl
