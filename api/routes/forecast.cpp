#include "api/routes/forecast.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/asked.hpp"
#include "api/routes/views.hpp"
#include "registry/base/london.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t months_default = 12;
constexpr std::uint64_t months_max = 36;
constexpr std::size_t kept_max = 64;

Json forecast_json(const ForecastQuestion& question, const Forecast& forecast) {
  Json months = Json::array();
  for (const ForecastMonth& one : forecast.months) {
    months.push_back({{"month", one.month},
                      {"ending", one.ending},
                      {"without_successor", one.without_successor}});
  }
  Json lapsed = Json::array();
  for (const LapsedModel& one : forecast.lapsed) {
    Json model = model_summary(one.record);
    model["since"] = one.end.date.text();
    model["certificate"] = word_of(one.end.certificate);
    model["what"] = word_of(one.end.kind);
    lapsed.push_back(std::move(model));
  }
  return {{"day", question.today.text()},
          {"months", std::move(months)},
          {"counted_to", forecast.counted_to},
          {"lapsed", std::move(lapsed)},
          {"lapsed_are_all", forecast.lapsed_are_all}};
}

}  // namespace

Result<HttpResponse> ForecastRoute::get(const Call& call) const {
  ForecastQuestion question{.today = london_day(clock_.now()),
                            .months = 0,
                            .device_type = std::nullopt,
                            .manufacturer_id = {}};
  question.months =
      static_cast<unsigned>(TRY(call.number("months", months_default, 1, months_max)));
  question.device_type = TRY(device_type_asked(call.request));
  question.manufacturer_id = TRY(manufacturer_id_asked(call.request));
  Json json = *TRY(counted(call.log, question));
  json["log_size"] = call.log.size().value;
  return json_response(200, json);
}

Result<std::shared_ptr<const Json>> ForecastRoute::counted(const LogView& log,
                                                           const ForecastQuestion& question) const {
  const std::string type = question.device_type ? to_string(*question.device_type) : "";
  const std::string name =
      std::to_string(question.months) + " " + type + " " + question.manufacturer_id;
  const std::string day = question.today.text();
  {
    const Lock lock(mutex_);
    const bool is_of_now = kept_size_ == log.size() && kept_day_ == day;
    const auto found = kept_.find(name);
    if (is_of_now && found != kept_.end()) return found->second;
  }
  const Forecast forecast = TRY(cover_forecast(log.list(), question));
  auto json = std::make_shared<const Json>(forecast_json(question, forecast));
  const Lock lock(mutex_);
  if (kept_size_ != log.size() || kept_day_ != day || kept_.size() >= kept_max) kept_.clear();
  kept_size_ = log.size();
  kept_day_ = day;
  kept_.insert_or_assign(name, json);
  return json;
}

}  // namespace cpl
