// Which certificates' ends are told on which day: folded from the log, day by day, as the list
// stood when the day began in London. Any thread.
#pragma once

#include "crypto/mutex.hpp"
#include "notifier/event/event_filter.hpp"
#include "registry/event/cover_ending.hpp"
#include "registry/list/list.hpp"

namespace cpl {

// A place among the endings of all days, as text that sorts as they do: "2027-03-01_ESME-…_06" is
// behind that one, "2027-03-01~" behind all of that day. Empty: before all.
using EndingPlace = std::string;

EndingPlace place_behind(const CoverEnding& ending);
EndingPlace place_behind(const Date& day);
bool is_ending_place(std::string_view text);
// The last day whose endings are told by now: an hour after it began, when no entry of the day
// before can come any more.
Date day_told_by(UnixMillis now);

// Between two entries: an ending comes before the entries of its day, and after those of the day
// before. `next` is the first entry that was not looked at; there is one before it.
Result<EndingPlace> place_before(const LogView& log, EntryIndex next);

class CoverEndings {
 public:
  explicit CoverEndings(std::vector<unsigned> months_ahead);
  CoverEndings(const CoverEndings&) = delete;
  CoverEndings& operator=(const CoverEndings&) = delete;

  // The first behind `after`, of a day up to `up_to`, that the filter wants.
  Result<std::optional<CoverEnding>> next(const LogView& log, const EventFilter& filter,
                                          const EndingPlace& after, const Date& up_to);

 private:
  struct Row {
    EndingPlace place;
    CoverEnding ending;
  };

  // Of no model more than its identity, its status and its CPA certificate.
  struct Folded {
    ModelRecord record;
    EntryIndex said;  // The entry whose statement gave that certificate.
    std::optional<Date> end{};
  };

  Result<void> follow(const LogView& log) REQUIRES(mutex_);
  Result<void> fold(const Entry& entry) REQUIRES(mutex_);
  void tell_days(const Date& done, const Date& last, std::vector<Row>& rows) const REQUIRES(mutex_);
  void tell_day(const Date& day, std::vector<Row>& rows) const REQUIRES(mutex_);

  const std::vector<unsigned> months_;  // The day itself among them; the most first.

  Mutex mutex_;
  TreeSize folded_ GUARDED_BY(mutex_);
  std::map<ModelId, Folded> models_ GUARDED_BY(mutex_);
  std::map<Date, std::set<ModelId>> by_end_ GUARDED_BY(mutex_);  // Those that hold, and end.
  std::optional<Date> told_to_ GUARDED_BY(mutex_);               // The day of the newest entry.
  std::vector<Row> rows_ GUARDED_BY(mutex_);                     // Of the days up to there.
  std::vector<Row> since_ GUARDED_BY(mutex_);        // Of the days since, while no entry comes,
  std::optional<Date> since_to_ GUARDED_BY(mutex_);  // up to this one.
};

}  // namespace cpl
