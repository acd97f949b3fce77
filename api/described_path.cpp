#include "api/allowed_methods.hpp"

#include <nlohmann/json.hpp>

#include "registry/json.hpp"

namespace cpl {

extern const std::string_view openapi_document;  // api/openapi.json

namespace {

// By the position in HttpMethod.
constexpr std::array<std::string_view, 7> names = {"GET",   "HEAD",   "POST",   "PUT",
                                                   "PATCH", "DELETE", "OPTIONS"};

struct Described {
  std::vector<std::string> segments;
  std::string allowed;
};

// "{index}", and "{page}.atom" or "extract.{file}", stand for one segment; "{path}" at the end for
// all that follow.
bool stands_for(std::string_view pattern, std::string_view segment) {
  const auto open = pattern.find('{');
  if (open == pattern.npos) return pattern == segment;
  const std::string_view before = pattern.substr(0, open);
  const std::string_view after = pattern.substr(pattern.find('}') + 1);
  return segment.size() > before.size() + after.size() && segment.starts_with(before) &&
         segment.ends_with(after);
}

bool is_rest(std::string_view pattern) { return pattern == "{path}"; }

bool matches(const Described& path, std::span<const std::string> segments) {
  const bool open_ended = !path.segments.empty() && is_rest(path.segments.back());
  const std::size_t fixed = path.segments.size() - (open_ended ? 1 : 0);
  if (open_ended ? segments.size() <= fixed : segments.size() != fixed) return false;
  return std::equal(path.segments.begin(), path.segments.begin() + static_cast<long>(fixed),
                    segments.begin(), stands_for);
}

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // The slash.
    const std::string_view segment = path.substr(0, path.find('/'));
    if (!segment.empty()) segments.emplace_back(segment);
    path.remove_prefix(segment.size());
  }
  return segments;
}

std::string allow_field(const Json& operations) {
  std::string field;
  for (const std::string_view name : names) {
    std::string key(name);
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char c) { return static_cast<char>(c | 0x20); });
    if (key == "head") key = "get";
    if (operations.contains(key)) field += (field.empty() ? "" : ", ") + std::string(name);
  }
  return field;
}

// Those without a place to fill in first: they are meant where both would do.
std::vector<Described> describe_paths() {
  const auto document = parse_json(openapi_document);
  check(document.has_value());
  std::vector<Described> paths = {{{}, "GET, HEAD"}};
  for (const auto& [path, operations] : document->at("paths").items()) {
    paths.push_back({split(path), allow_field(operations)});
  }
  const auto is_literal = [](const Described& path) {
    return std::none_of(path.segments.begin(), path.segments.end(),
                        [](const std::string& one) { return one.find('{') != std::string::npos; });
  };
  std::stable_partition(paths.begin(), paths.end(), is_literal);
  return paths;
}

}  // namespace

const std::string& allowed_methods(std::span<const std::string> segments) {
  static const std::vector<Described> paths = describe_paths();
  static const std::string none;
  const auto found = std::find_if(paths.begin(), paths.end(),
                                  [&](const Described& path) { return matches(path, segments); });
  return found == paths.end() ? none : found->allowed;
}

bool allows(std::string_view allowed, HttpMethod method) {
  const auto place = static_cast<std::size_t>(method);
  if (place >= names.size()) return false;
  for (std::string_view rest = allowed; !rest.empty();) {
    const auto end = std::min(rest.find(", "), rest.size());
    if (rest.substr(0, end) == names[place]) return true;
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return false;
}

}  // namespace cpl
