#include "tools/cpl/told_source.hpp"

#include <nlohmann/json.hpp>

namespace cpl {

Result<Json> ToldSource::get(const Href& path) const { return client_.get_json(path.text()); }

Result<Json> ToldSource::ask(const Href& path, const Json& question) const {
  return json_of(TRY(client_.post(path.text(), question.dump(), "application/json")));
}

}  // namespace cpl
