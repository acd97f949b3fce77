#include "registry/query/cover_forecast.hpp"

#include "registry/query/months.hpp"

namespace cpl {
namespace {

// What one question may cost.
constexpr std::size_t counted_max = 20'000;
constexpr std::size_t lapsed_max = 500;
constexpr std::size_t rows_max = 200'000;
constexpr std::size_t ends_at_once = 1000;
constexpr std::size_t successors_max = 200;

class Forecaster {
 public:
  Forecaster(const StoredList& list, const ForecastQuestion& question)
      : list_(list), question_(question) {
    std::string month = month_of(question.today);
    for (unsigned i = 0; i < question.months; ++i, month = month_plus(month, 1)) {
      forecast_.months.push_back({month});
    }
    // Beyond the last day that any month has.
    forecast_.counted_to = forecast_.months.back().month + "-31";
  }

  Result<Forecast> run() {
    ModelIndex::EndRow after;
    for (std::size_t rows = 0; rows < rows_max; rows += ends_at_once) {
      const auto found = TRY(
          list_.index().cover_ends("", forecast_.months.back().month + "-31", ends_at_once, after));
      for (const auto& row : found) {
        if (counted_ == counted_max) return stopped_at(row);
        if (is_asked_for(row.id)) TRY_VOID(take(row));
      }
      if (found.size() < ends_at_once) return std::move(forecast_);
      after = found.back();
    }
    return stopped_at(after);
  }

 private:
  Forecast stopped_at(const ModelIndex::EndRow& row) {
    forecast_.counted_to = row.date;
    return std::move(forecast_);
  }

  bool is_asked_for(const std::string& id) const {
    const auto parsed = ModelId::parse(id);
    if (!parsed) return false;
    if (question_.device_type && parsed->device_type() != *question_.device_type) return false;
    return question_.manufacturer_id.empty() ||
           parsed->manufacturer_id() == question_.manufacturer_id;
  }

  Result<void> take(const ModelIndex::EndRow& row) {
    if (row.date < question_.today.text()) return take_lapsed(row.id);
    ++counted_;
    const auto month =
        std::find_if(forecast_.months.begin(), forecast_.months.end(),
                     [&](const ForecastMonth& one) { return row.date.starts_with(one.month); });
    if (month == forecast_.months.end()) return {};
    ++month->ending;
    if (!TRY(has_listed_successor(list_, row.id))) ++month->without_successor;
    return {};
  }

  Result<void> take_lapsed(const std::string& id) {
    if (forecast_.lapsed.size() == lapsed_max) {
      forecast_.lapsed_are_all = false;
      return {};
    }
    auto record = TRY(list_.model(TRY(ModelId::parse(id))));
    const auto end = record ? first_cover_end(*record) : std::nullopt;
    if (!end) return corrupt("the index of cover ends names " + id + ", whose cover does not end");
    forecast_.lapsed.push_back({*std::move(record), *end});
    return {};
  }

  const StoredList& list_;
  const ForecastQuestion& question_;
  Forecast forecast_;
  std::size_t counted_ = 0;
};

}  // namespace

Result<Forecast> cover_forecast(const StoredList& list, const ForecastQuestion& question) {
  check(question.months > 0);
  return Forecaster(list, question).run();
}

Result<std::vector<ModelRecord>> successors_of(const StoredList& list, const ModelId& id,
                                               std::size_t count_max) {
  std::vector<ModelRecord> successors;
  for (const std::string& one :
       TRY(list.index().with(ModelFact::predecessor, id.text(), count_max))) {
    auto record = TRY(list.model(TRY(ModelId::parse(one))));
    if (!record) return corrupt("an index names the model " + one + ", which is not there");
    successors.push_back(*std::move(record));
  }
  return successors;
}

Result<bool> has_listed_successor(const StoredList& list, std::string_view id) {
  for (const std::string& one :
       TRY(list.index().with(ModelFact::predecessor, id, successors_max))) {
    const auto row = TRY(list.index().of_status(ModelStatus::listed, one, one + '\0', 1));
    if (!row.empty()) return true;
  }
  return false;
}

}  // namespace cpl
