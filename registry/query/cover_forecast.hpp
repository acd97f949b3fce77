// What is coming: how many listed models' certificates end, month by month; and which have ended
// while the model stayed on the list, since nothing of it removes a model by itself (rule 10).
#pragma once

#include "registry/list/certificate_cover.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

struct ForecastQuestion {
  Date today;
  unsigned months = 12;  // Calendar months, that of today first.
  std::optional<DeviceType> device_type;
  std::string manufacturer_id;  // Empty: of any.
};

struct ForecastMonth {
  std::string month;  // "2027-03"
  std::uint64_t ending = 0;
  std::uint64_t without_successor = 0;  // Of those: no listed model names it as predecessor.
};

struct LapsedModel {
  ModelRecord record;
  CoverEnd end;  // The first of its certificates that ended, before today.
};

struct Forecast {
  std::vector<ForecastMonth> months;  // A model counts where its first end is, from today on.
  std::vector<LapsedModel> lapsed;    // The longest ago first.
  bool lapsed_are_all = true;
  // The day up to which everything was counted; the last month's end unless that were too many.
  std::string counted_to;
};

Result<Forecast> cover_forecast(const StoredList& list, const ForecastQuestion& question);

// The models that name it as predecessor, on the list or not; and whether any is listed.
Result<std::vector<ModelRecord>> successors_of(const StoredList& list, const ModelId& id,
                                               std::size_t count_max);
Result<bool> has_listed_successor(const StoredList& list, std::string_view id);

}  // namespace cpl
