#include "registry/store/store.hpp"

#include "registry/store/keyspace.hpp"

namespace cpl {

RowPages::RowPages(const StoreView& view, keyspace::Kind kind, std::size_t page)
    : view_(view), kind_(kind), page_(page), from_(keyspace::first(kind)) {}

Result<std::vector<KeyValue>> RowPages::next() {
  if (!more_) return std::vector<KeyValue>();
  auto rows = TRY(view_.scan(from_, keyspace::end_of(kind_), page_));
  more_ = !rows.empty() && rows.size() == page_;
  if (more_) from_ = rows.back().key + '\0';
  return rows;
}

Result<std::vector<KeyValue>> scan_all(const Store& store, keyspace::Kind kind) {
  const auto view = store.snapshot();
  auto rows = RowPages(*view, kind, std::numeric_limits<std::size_t>::max()).next();
  if (!rows && !store.damage().empty()) return std::vector<KeyValue>();
  return rows;
}

}  // namespace cpl
