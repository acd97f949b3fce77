#include "tools/cpl/ui_source.hpp"

#include <nlohmann/json.hpp>

namespace cpl {

Result<ApiAnswer> UiSource::answer(const ApiRequest& asked) const {
  const bool is_read = asked.method == HttpMethod::get;
  check(is_read || (asked.method == HttpMethod::post && asked.key.empty()));
  const std::string& path = asked.path.text();
  HttpAnswer answered = TRY(is_read ? client_.get(path, json_answer_max)
                                    : client_.post(path, asked.body, "application/json"));
  TRY(json_of(answered));
  return ApiAnswer{std::move(answered.body), {}};
}

}  // namespace cpl
