// The list searched, in order of id. What few models answer is found by the indexes; where those do
// not tell, the list is read on until a bound, and the next request goes on from there.
#pragma once

#include "registry/query/model_filter.hpp"

namespace cpl {

struct ModelSearch {
  std::string after;  // The id after which it begins; empty: at the first.
  std::size_t limit = 0;
};

// Whether a model that the filter wants goes on the page.
using TakeModel = std::function<Result<bool>(const ModelRecord& record)>;

// Gives `take` those that match, as the list is now, until it took `limit`. The id from which the
// next page goes on; nothing where there are no more.
Result<std::optional<std::string>> search_models(const StoredList& list, const ModelFilter& filter,
                                                 const ModelSearch& search, const TakeModel& take);

}  // namespace cpl
