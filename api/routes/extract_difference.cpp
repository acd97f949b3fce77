// What became of each model between two published extracts.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/extracts.hpp"
#include "registry/extract/difference.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t models_max = 200'000;  // Of both together: they are read whole.
constexpr std::size_t told_max = 10'000;

Json difference_json(const Difference& difference) {
  Json json = {{"what", difference.what}, {"model", difference.model.text()}};
  if (difference.entry) json["entry"] = difference.entry->value;
  if (!difference.fields.empty()) json["fields"] = difference.fields;
  return json;
}

Json differences_json(const std::vector<Difference>& found) {
  Json counts = {{"added", 0}, {"removed", 0}, {"reinstated", 0}, {"changed", 0}, {"missing", 0}};
  Json list = Json::array();
  for (const Difference& difference : found) {
    Json& count = counts[std::string(difference.what)];
    count = count.get<std::uint64_t>() + 1;
    if (list.size() < told_max) list.push_back(difference_json(difference));
  }
  return {{"counts", std::move(counts)},
          {"differences", std::move(list)},
          {"differences_are_all", found.size() <= told_max}};
}

}  // namespace

Result<PublishedExtract> ExtractRoutes::version_asked(const std::string& number) const {
  const auto version = from_decimal(number);
  if (version && *version > 0 && shelf_ != nullptr) {
    const auto published = shelf_->published();
    if (*version <= published->size()) return (*published)[*version - 1];
  }
  return Error{Errc::not_found, "extract-not-found", "no such extract was published", 0};
}

Result<HttpResponse> ExtractRoutes::difference(const Call& call) const {
  const PublishedExtract older = TRY(version_asked(call.segment(0)));
  const PublishedExtract newer = TRY(version_asked(call.segment(1)));
  if (older.header.version >= newer.header.version) {
    return refuse("extract-older", "the second is no newer version: give the older one first");
  }
  if (older.listed + older.removed + newer.listed + newer.removed > models_max) {
    return Error{Errc::too_large, "extract-too-large",
                 "these extracts are too long to be compared here: cpl extract compare does it", 0};
  }
  const auto before = TRY(shelf_->file(older, ExtractForm::json, false));
  const auto after = TRY(shelf_->file(newer, ExtractForm::json, false));
  const Extract older_list = TRY(parse_extract(*before));
  const Extract newer_list = TRY(parse_extract(*after));
  Json json = differences_json(differences(older_list, newer_list));
  json["from"] = older.header.version;
  json["to"] = newer.header.version;
  json["log_size_from"] = older.header.log_size.value;
  json["log_size_to"] = newer.header.log_size.value;
  call.keep = Call::Keep::for_ever;
  return json_response(200, json);
}

}  // namespace cpl
