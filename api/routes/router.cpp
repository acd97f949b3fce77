#include "api/routes/router.hpp"

#include <map>

#include "crypto/encoding.hpp"
#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

// Programs that keep the place in a stream send them always, with nothing in them at first; and a
// search form that is sent off empty looks for everything.
constexpr std::array<std::string_view, 3> may_be_empty = {"q", "last_event_id", "lastEventId"};

// "{index}", and "{page}.atom" or "{version}.{file}", stand for one segment.
bool stands_for(std::string_view pattern, std::string_view segment) {
  const auto open = pattern.find('{');
  if (open == pattern.npos) return pattern == segment;
  if (segment.size() <= open || !segment.starts_with(pattern.substr(0, open))) return false;
  const std::string_view after = pattern.substr(pattern.find('}') + 1);
  if (after.empty()) return true;
  for (std::size_t end = open + 1; end <= segment.size(); ++end) {
    if (stands_for(after, segment.substr(end))) return true;
  }
  return false;
}

bool matches(const Path& path, std::span<const std::string> segments) {
  const std::size_t fixed = path.segments.size() - (path.open_ended ? 1 : 0);
  if (path.open_ended ? segments.size() <= fixed : segments.size() != fixed) return false;
  return std::equal(path.segments.begin(), path.segments.begin() + static_cast<long>(fixed),
                    segments.begin(), stands_for);
}

Path path_of(std::string_view pattern) {
  Path path;
  for (std::string_view rest = pattern; !rest.empty();) {
    rest.remove_prefix(1);  // The slash.
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    if (segment.empty()) continue;
    if (segment.find('{') != segment.npos) path.places.push_back(path.segments.size());
    path.segments.emplace_back(segment);
  }
  path.open_ended = !path.segments.empty() && path.segments.back() == "{path}";
  return path;
}

std::string allow_field(const Path& path) {
  std::string field;
  for (std::size_t method = 0; method < path.rows.size(); ++method) {
    if (path.rows[method] == nullptr) continue;
    field.append(name_of(static_cast<HttpMethod>(method))).append(", ");
  }
  return field.append("OPTIONS");  // Which every path takes.
}

// Those without a place to fill in first: they are meant where both would do.
std::vector<Path> make_paths() {
  std::vector<Path> paths;
  std::map<std::string_view, std::size_t> known;
  for (const Route& route : routes()) {
    const auto [at, is_new] = known.try_emplace(route.pattern, paths.size());
    if (is_new) paths.push_back(path_of(route.pattern));
    auto& rows = paths[at->second].rows;
    rows[static_cast<std::size_t>(route.method)] = &route;
    if (route.method == HttpMethod::get) rows[static_cast<std::size_t>(HttpMethod::head)] = &route;
  }
  for (Path& path : paths) path.allowed = allow_field(path);
  std::stable_partition(paths.begin(), paths.end(),
                        [](const Path& path) { return path.places.empty(); });
  return paths;
}

std::string listed(std::span<const std::string_view> words, const char* last) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char* before = i == 0 ? "" : i + 1 == words.size() ? last : ", ";
    list.append(before).append(words[i]);
  }
  return list;
}

// Whether a range of Accept holds the type: who reads JSON or XML reads what is built on them.
bool holds_type(std::string_view range, std::string_view type) {
  if (range == "*/*" || range == type) return true;
  if (range == "application/json" && type.ends_with("+json")) return true;
  if (range.ends_with("/xml") && type.ends_with("+xml")) return true;
  return range.ends_with("/*") && type.starts_with(range.substr(0, range.size() - 1));
}

// A body whose type is not said is taken for what it should be.
Result<void> check_content_type(const Route& route, const HttpRequest& request) {
  const auto type = request.headers.find("content-type");
  if (!type || route.takes.empty() || request.body.empty()) return {};
  const std::vector<std::string_view> taken = words_of(route.takes);
  const std::string sent = media_type(*type);
  if (std::find(taken.begin(), taken.end(), sent) != taken.end()) return {};
  return malformed("media-type-unsupported", "the body must be " + listed(taken, " or ") +
                                                 ", and Content-Type says " +
                                                 std::string(utf8_prefix(sent, 64)));
}

bool accepts_one_of(const std::string& accept, std::span<const std::string_view> types) {
  std::string_view rest = accept;
  bool names_any = false;
  while (const auto element = take_element(rest)) {
    names_any = true;
    if (weight_of(*element) == 0) continue;
    const std::string range = media_type(*element);
    if (std::any_of(types.begin(), types.end(),
                    [&](std::string_view type) { return holds_type(range, type); })) {
      return true;
    }
  }
  return !names_any;
}

}  // namespace

const Route* Path::row(HttpMethod method) const {
  const auto at = static_cast<std::size_t>(method);
  return at < rows.size() ? rows[at] : nullptr;
}

const Path* find_path(std::span<const std::string> segments) {
  static const std::vector<Path> paths = make_paths();
  const auto found = std::find_if(paths.begin(), paths.end(),
                                  [&](const Path& path) { return matches(path, segments); });
  return found == paths.end() ? nullptr : &*found;
}

Error no_such_path() {
  return Error{Errc::not_found, "not-found",
               "there is nothing at this path; / names those there are"};
}

Error method_not_allowed(const Path& path) {
  return malformed("method-not-allowed", "this path takes " + path.allowed + ", and no more");
}

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (const auto word = take_element(list, ' ')) words.push_back(*word);
  return words;
}

Error unknown_parameter(std::string_view name, std::span<const std::string_view> taken) {
  const std::string list = listed(taken, " and ");
  return malformed("parameter-unknown",
                   "\"" + std::string(utf8_prefix(name, 64)) + "\" is not a parameter of this " +
                       "request, which takes " + (list.empty() ? "none" : list));
}

Result<void> check_query(const Route& route, const HttpRequest& request) {
  if (request.query.empty()) return {};
  const std::vector<std::string_view> known = words_of(route.query);
  for (auto at = request.query.begin(); at != request.query.end(); ++at) {
    const auto& [name, value] = *at;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return unknown_parameter(name, known);
    }
    const auto is_same = [&name = name](const auto& other) { return other.first == name; };
    if (std::any_of(std::next(at), request.query.end(), is_same)) {
      return malformed("parameter-repeated", name + " is given more than once: give it once");
    }
    // What a form leaves empty is sent, too.
    const bool needs_value =
        route.page == nullptr &&
        std::find(may_be_empty.begin(), may_be_empty.end(), name) == may_be_empty.end();
    if (value.empty() && needs_value) {
      return malformed("parameter-malformed", name + " has no value: leave it out, or give it one");
    }
  }
  return {};
}

Result<void> check_media_types(const Route& route, const HttpRequest& request) {
  TRY_VOID(check_content_type(route, request));
  if (route.gives.empty() || request.headers.count("accept") == 0) return {};
  const std::vector<std::string_view> given = words_of(route.gives);
  if (accepts_one_of(request.headers.list("accept"), given)) return {};
  return malformed("not-acceptable", "this path answers with " + listed(given, " or ") +
                                         ", and Accept allows nothing of that");
}

bool asks_for_page(const HttpRequest& request) {
  const std::string accept = request.headers.list("accept");
  std::string_view rest = accept;
  while (const auto element = take_element(rest)) {
    if (media_type(*element) == "text/html" && weight_of(*element) > 0) return true;
  }
  return false;
}

std::string index_text() {
  std::string text = "Certified Products List registry\n\n";
  for (const Route& route : routes()) {
    if (route.about.empty()) continue;
    constexpr std::size_t column = 22;
    std::string line(route.pattern);
    line.resize(std::max(line.size() + 1, column), ' ');
    text.append(line).append(route.about).append("\n");
  }
  return text;
}

}  // namespace cpl
