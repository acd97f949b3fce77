#include "api/pages/page_source.hpp"

#include <nlohmann/json.hpp>

#include "api/http/form.hpp"

namespace cpl {

Result<Json> ApiAnswer::json() const { return parse_json(body); }

Result<Json> PageSource::get(const Href& path) const { return TRY(answer({.path = path})).json(); }

Result<Json> PageSource::ask(const Href& path, const Json& question) const {
  const ApiRequest asked{.method = HttpMethod::post, .path = path, .body = question.dump()};
  return TRY(answer(asked)).json();
}

std::string_view PageRequest::asked(std::string_view name) const { return form_field(query, name); }

}  // namespace cpl
