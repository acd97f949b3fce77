#include "api/routes/described_path.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/base/http_tokens.hpp"
#include "registry/base/json.hpp"

namespace cpl {

extern const std::string_view openapi_document;  // api/openapi.json

namespace {

// By the position in HttpMethod.
constexpr std::array<std::string_view, 7> names = {"GET",   "HEAD",   "POST",   "PUT",
                                                   "PATCH", "DELETE", "OPTIONS"};

// Programs that keep the place in a stream send them always, with nothing in them at first; and a
// search form that is sent off empty looks for everything.
constexpr std::array<std::string_view, 3> may_be_empty = {"q", "last_event_id", "lastEventId"};

// "{index}", and "{page}.atom" or "{version}.{file}", stand for one segment; "{path}" at the end
// for all that follow.
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

bool is_rest(std::string_view pattern) { return pattern == "{path}"; }

bool matches(const DescribedPath& path, std::span<const std::string> segments) {
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

// The description has one word for GET and HEAD, and none for OPTIONS, which every path takes.
std::string operation_of(std::string_view method) {
  return method == "HEAD" ? "get" : ascii_lower(method);
}

std::string allow_field(const Json& operations) {
  std::string field;
  for (const std::string_view name : names) {
    if (name != "OPTIONS" && !operations.contains(operation_of(name))) continue;
    field += (field.empty() ? "" : ", ") + std::string(name);
  }
  return field;
}

std::vector<std::string> query_parameters(const Json& document, const Json& operation) {
  std::vector<std::string> found;
  for (const Json& item : operation.value("parameters", Json::array())) {
    const Json& parameter =
        item.contains("$ref")
            ? document.at(Json::json_pointer(item.at("$ref").get<std::string>().substr(1)))
            : item;
    if (parameter.at("in") == "query") found.push_back(parameter.at("name").get<std::string>());
  }
  return found;
}

DescribedPath describe(const Json& document, const std::string& path, const Json& operations) {
  DescribedPath described{split(path), allow_field(operations), {}};
  for (std::size_t method = 0; method < names.size(); ++method) {
    const auto operation = operations.find(operation_of(names[method]));
    if (operation == operations.end()) continue;
    described.parameters.emplace_back(static_cast<HttpMethod>(method),
                                      query_parameters(document, *operation));
  }
  return described;
}

// Those without a place to fill in first: they are meant where both would do.
std::vector<DescribedPath> describe_paths() {
  const auto document = parse_json(openapi_document);
  check(document.has_value());
  std::vector<DescribedPath> paths = {
      {{}, "GET, HEAD, OPTIONS", {{HttpMethod::get, {}}, {HttpMethod::head, {}}}}};
  for (const auto& [path, operations] : document->at("paths").items()) {
    paths.push_back(describe(*document, path, operations));
  }
  const auto is_literal = [](const DescribedPath& path) {
    return std::none_of(path.segments.begin(), path.segments.end(),
                        [](const std::string& one) { return one.find('{') != std::string::npos; });
  };
  std::stable_partition(paths.begin(), paths.end(), is_literal);
  return paths;
}

}  // namespace

bool DescribedPath::allows(HttpMethod method) const {
  const auto has_it = [method](const auto& taken) { return taken.first == method; };
  return method == HttpMethod::options || std::any_of(parameters.begin(), parameters.end(), has_it);
}

const DescribedPath* described_path(std::span<const std::string> segments) {
  static const std::vector<DescribedPath> paths = describe_paths();
  const auto found = std::find_if(paths.begin(), paths.end(), [&](const DescribedPath& path) {
    return matches(path, segments);
  });
  return found == paths.end() ? nullptr : &*found;
}

Error unknown_parameter(std::string_view name, std::span<const std::string_view> taken) {
  std::string list;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const char* before = i == 0 ? "" : i + 1 == taken.size() ? " and " : ", ";
    list.append(before).append(taken[i]);
  }
  return malformed("parameter-unknown",
                   "\"" + std::string(utf8_prefix(name, 64)) + "\" is not a parameter of this " +
                       "request, which takes " + (list.empty() ? "none" : list));
}

Result<void> check_query(const DescribedPath& path, const HttpRequest& request) {
  const auto taken = std::find_if(path.parameters.begin(), path.parameters.end(),
                                  [&](const auto& one) { return one.first == request.method; });
  if (taken == path.parameters.end()) return {};  // Another refusal comes first.
  const std::vector<std::string_view> known(taken->second.begin(), taken->second.end());
  for (auto at = request.query.begin(); at != request.query.end(); ++at) {
    const auto& [name, value] = *at;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return unknown_parameter(name, known);
    }
    const auto is_same = [&name = name](const auto& other) { return other.first == name; };
    if (std::any_of(std::next(at), request.query.end(), is_same)) {
      return malformed("parameter-repeated", name + " stands there more than once: say it once");
    }
    const bool needs_value =
        std::find(may_be_empty.begin(), may_be_empty.end(), name) == may_be_empty.end();
    if (value.empty() && needs_value) {
      return malformed("parameter-malformed", name + " has no value: leave it out, or give it one");
    }
  }
  return {};
}

}  // namespace cpl
