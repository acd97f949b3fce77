#include "tools/cpl/ui_source.hpp"

#include <nlohmann/json.hpp>

namespace cpl {

Result<Json> UiSource::get(const Href& path) const { return client_.get_json(path.text()); }

Result<Json> UiSource::ask(const Href& path, const Json& question) const {
  return json_of(TRY(client_.post(path.text(), question.dump(), "application/json")));
}

}  // namespace cpl
