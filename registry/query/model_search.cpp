#include "registry/query/model_search.hpp"

namespace cpl {
namespace {

// What one request may cost: rows of an index, rows of the list that are passed over, and rows that
// are read, which takes twenty times as long; and places where reading starts anew.
constexpr std::size_t few_rows = 2000;
constexpr std::size_t ending_rows = 3000;
constexpr std::size_t index_rows = 4000;
constexpr std::size_t list_rows = 20'000;
constexpr std::size_t reads_max = 4000;
constexpr std::size_t starts_max = 250;
constexpr std::size_t records_at_once = 200;

class Searcher {
 public:
  Searcher(const StoredList& list, const ModelFilter& filter, const ModelSearch& search,
           const TakeModel& take)
      : list_(list), filter_(filter), limit_(search.limit), take_(take), after_(search.after) {}

  Result<std::optional<std::string>> run() {
    const bool is_removed = filter_.status == ModelStatus::removed;
    if (is_removed && filter_.cover_ends_by) return std::nullopt;
    where_ = TRY(where_to_look(list_.index(), filter_));
    const bool was_few = is_removed && TRY(walk_few_removed());
    if (!was_few) TRY_VOID(walk());
    if (!more_) return std::nullopt;
    return after_;
  }

 private:
  bool is_full() const { return taken_ == limit_; }
  bool is_spent() const { return is_full() || reads_ >= reads_max || starts_ >= starts_max; }
  bool has_ended() const { return place_ == where_.ranges.size(); }

  Result<void> walk() {
    if (where_.text_is_open) return walk_list();
    if (!filter_.status && !filter_.cover_ends_by) return walk_list();
    TRY_VOID(walk_index(few_rows));
    if (filter_.cover_ends_by && !is_spent() && !has_ended() && TRY(walk_few_ending())) return {};
    return walk_index(index_rows);
  }

  // Where only few are removed, they are looked at one by one.
  Result<bool> walk_few_removed() {
    std::vector<std::string> ids;
    for (auto& row :
         TRY(list_.index().of_status(ModelStatus::removed, start_of(""), "", few_rows))) {
      ids.push_back(std::move(row.id));
    }
    if (ids.size() == few_rows) return false;
    TRY_VOID(walk_ids(ids));
    return true;
  }

  // Where only few end by that day, likewise.
  Result<bool> walk_few_ending() {
    std::vector<std::string> ids;
    const auto rows = TRY(list_.index().cover_ends("", filter_.cover_ends_by->text(), ending_rows));
    if (rows.size() == ending_rows) return false;
    for (const auto& row : rows) {
      if (row.id > after_) ids.push_back(row.id);
    }
    std::sort(ids.begin(), ids.end());
    TRY_VOID(walk_ids(ids));
    return true;
  }

  Result<void> walk_ids(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      if (is_spent()) return {};
      if (is_where(id)) TRY_VOID(read(id));
    }
    more_ = is_full();
    return {};
  }

  bool is_where(const std::string& id) const {
    const auto& ranges = where_.ranges;
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), id,
                                        [](const auto& a, const IdRange& b) { return a < b.from; });
    if (after == ranges.begin()) return false;
    const IdRange& range = *std::prev(after);
    return range.to.empty() || id < range.to;
  }

  Result<void> walk_index(std::size_t rows_max) {
    const ModelStatus status =
        filter_.cover_ends_by ? ModelStatus::listed : filter_.status.value_or(ModelStatus::listed);
    return walk_ranges(rows_max, [&](const IdRange& range, std::size_t count) -> Result<Walked> {
      const auto rows = TRY(list_.index().of_status(status, start_of(range.from), range.to, count));
      for (const auto& row : rows) {
        if (is_spent()) return Walked{rows.size(), false};
        after_ = row.id;
        if (may_end(row.cover_end)) TRY_VOID(read(row.id));
      }
      return Walked{rows.size(), rows.size() < count};
    });
  }

  bool may_end(const std::string& day) const {
    return !filter_.cover_ends_by || (!day.empty() && day <= filter_.cover_ends_by->text());
  }

  Result<void> walk_list() {
    const auto wanted = [this](BytesView stored) { return filter_.may_match(stored); };
    return walk_ranges(list_rows, [&](const IdRange& range, std::size_t count) -> Result<Walked> {
      // What is certain to match is read no further than it is taken.
      if (!where_.text_is_open) count = std::min(count, limit_ - taken_);
      const auto scan = TRY(list_.scan_models(start_of(range.from), range.to, count, wanted));
      for (const ModelRecord& record : scan.records) {
        if (is_spent()) return Walked{scan.scanned, false};
        after_ = record.model.id().text();
        TRY_VOID(consider(record));
      }
      if (!is_full() && scan.scanned > 0) after_ = scan.last;
      return Walked{scan.scanned, scan.scanned < count};
    });
  }

  struct Walked {
    std::size_t rows = 0;
    bool to_the_end = false;  // Of the range.
  };
  template <class Step>
  Result<void> walk_ranges(std::size_t rows_max, Step step) {
    for (std::size_t rows = 0; !has_ended() && !is_spent() && rows < rows_max;) {
      const IdRange& range = where_.ranges[place_];
      const bool is_behind = !range.to.empty() && start_of(range.from) >= range.to;
      Walked walked{0, true};
      if (!is_behind) {
        ++starts_;
        walked = TRY(step(range, records_at_once));
      }
      rows += walked.rows;
      if (!walked.to_the_end) continue;
      pass(range);
      ++place_;
    }
    more_ = !has_ended() || is_full();
    return {};
  }

  // From there, or after what was looked at before.
  std::string start_of(const std::string& from) const {
    return after_ < from ? from : after_.empty() ? std::string() : after_ + '\0';
  }

  // That the next page goes on behind a range in which nothing stood.
  void pass(const IdRange& range) {
    for (const std::string_view type : device_type_words) {
      const std::string last = std::string(type) + "-FFFF-FFFFFFFF-FFFFFFFF";
      if (range.from.empty() || range.from.size() > last.size()) continue;
      const std::string filled = range.from + last.substr(range.from.size());
      if (ModelId::parse(filled) && !is_full()) after_ = std::max(after_, filled);
    }
  }

  Result<void> read(const std::string& id) {
    const auto record = TRY(list_.model(TRY(ModelId::parse(id))));
    if (!record) return corrupt("an index names the model " + id + ", which is not there");
    after_ = id;
    return consider(*record);
  }

  Result<void> consider(const ModelRecord& record) {
    ++reads_;
    if (filter_.matches_now(record) && TRY(take_(record))) ++taken_;
    return {};
  }

  const StoredList& list_;
  const ModelFilter& filter_;
  const std::size_t limit_;
  const TakeModel& take_;
  WhereToLook where_;
  std::size_t place_ = 0;  // Of the range that is walked.
  std::string after_;      // The id that was looked at last.
  std::size_t taken_ = 0;
  std::size_t reads_ = 0;
  std::size_t starts_ = 0;
  bool more_ = true;
};

}  // namespace

Result<std::optional<std::string>> search_models(const StoredList& list, const ModelFilter& filter,
                                                 const ModelSearch& search, const TakeModel& take) {
  return Searcher(list, filter, search, take).run();
}

}  // namespace cpl
