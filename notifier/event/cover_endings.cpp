#include "notifier/event/cover_endings.hpp"

#include "registry/base/london.hpp"
#include "registry/list/certificate_cover.hpp"
#include "registry/list/record_fold.hpp"
#include "registry/list/state_record.hpp"

namespace cpl {
namespace {

constexpr std::size_t fold_window = 256;  // Entries read at a time.
constexpr std::uint64_t hour_millis = 3'600'000;
constexpr std::uint64_t day_millis = 24 * hour_millis;
constexpr std::size_t place_size_max = 100;

Date day_after(const Date& day) { return Date::of(UnixMillis{day.midnight().value + day_millis}); }

std::string two_digits(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// Those that hold and end: what a statement has recorded of a certificate ends nothing any more.
std::optional<Date> end_ahead(const ModelRecord& record) {
  if (record.status != ModelStatus::listed) return std::nullopt;
  for (const CoverEnd& end : all_cover_ends(record)) {
    const bool is_ahead =
        end.kind == CoverEndKind::expires || end.kind == CoverEndKind::renewal_due;
    if (end.certificate == CertificateKind::cpa && is_ahead) return end.date;
  }
  return std::nullopt;
}

// The one model whose record on the list the statement changes, if it changes any.
std::optional<ModelId> model_changed_by(const StatementBody& body) {
  return std::visit(
      [](const auto& typed) -> std::optional<ModelId> {
        if constexpr (requires { typed.model.id(); }) {
          return typed.model.id();
        } else if constexpr (requires { typed.model; }) {
          return typed.model;
        } else {
          return std::nullopt;
        }
      },
      body);
}

}  // namespace

EndingPlace place_behind(const CoverEnding& ending) {
  return told_on(ending).text() + "_" + ending.model.text() + "_" + two_digits(ending.months);
}

EndingPlace place_behind(const Date& day) { return day.text() + "~"; }

bool is_ending_place(std::string_view text) {
  constexpr std::size_t day_size = 10;
  if (text.size() <= day_size || text.size() > place_size_max) return false;
  return Date::parse(text.substr(0, day_size)) &&
         (text.substr(day_size) == "~" || text[day_size] == '_');
}

Date day_told_by(UnixMillis now) {
  return london_day(UnixMillis{now.value - std::min(now.value, hour_millis)});
}

Result<EndingPlace> place_before(const LogView& log, EntryIndex next) {
  // What is published may be behind the log that a cursor is of.
  const std::uint64_t looked_at = std::min(next.value, log.size().value);
  if (looked_at == 0) return EndingPlace();
  return place_behind(london_day(TRY(log.entry(EntryIndex{looked_at - 1})).time));
}

CoverEndings::CoverEndings(std::vector<unsigned> months_ahead)
    : months_([&months_ahead] {
        months_ahead.push_back(0);
        std::sort(months_ahead.rbegin(), months_ahead.rend());
        months_ahead.erase(std::unique(months_ahead.begin(), months_ahead.end()),
                           months_ahead.end());
        return months_ahead;
      }()) {}

Result<void> CoverEndings::follow(const LogView& log) {
  while (folded_ < log.size()) {
    for (const Bytes& leaf : TRY(log.leaves(EntryIndex{folded_.value}, fold_window))) {
      const Entry entry = TRY(parse_entry(leaf));
      const Date day = london_day(entry.time);
      // As the list stood before the entry, which may be of a later day than the one before it.
      if (told_to_) tell_days(*told_to_, day, rows_);
      if (!told_to_ || *told_to_ < day) told_to_ = day;
      TRY_VOID(fold(entry));
      ++folded_.value;
      since_.clear();
      since_to_.reset();
    }
  }
  return {};
}

Result<void> CoverEndings::fold(const Entry& entry) {
  const Statement statement = TRY(read_signed(entry.statement));
  const auto changed = model_changed_by(statement.body);
  if (!changed) return {};
  const ModelId& id = *changed;
  Folded& folded = models_.try_emplace(id, Folded{record_of_id(id), {}}).first->second;
  ModelRecord& record = folded.record;
  apply_to_record(record, statement.body, {entry.index, entry.time, {}});
  DeviceModel slim = record_of_id(id).model;
  slim.cpa = record.model.cpa;
  record.model = std::move(slim);
  record.digests.reset();
  if (cpa_given(statement.body, id)) folded.said = entry.index;

  if (folded.end) {
    const auto before = by_end_.find(*folded.end);
    before->second.erase(id);
    if (before->second.empty()) by_end_.erase(before);
  }
  folded.end = end_ahead(record);
  if (folded.end) by_end_[*folded.end].insert(id);
  return {};
}

// The days behind `done`, up to `last`.
void CoverEndings::tell_days(const Date& done, const Date& last, std::vector<Row>& rows) const {
  for (Date day = done; day < last;) {
    day = day_after(day);
    tell_day(day, rows);
  }
}

void CoverEndings::tell_day(const Date& day, std::vector<Row>& rows) const {
  std::vector<Row> found;
  for (const unsigned months : months_) {
    for (const Date& end : days_told_on(day, months)) {
      const auto models = by_end_.find(end);
      if (models == by_end_.end()) continue;
      for (const ModelId& id : models->second) {
        const Folded& folded = models_.at(id);
        CoverEnding ending{id, folded.record.model.cpa->kind, end, months, folded.said};
        EndingPlace place = place_behind(ending);
        found.push_back({std::move(place), std::move(ending)});
      }
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Row& a, const Row& b) { return a.place < b.place; });
  std::move(found.begin(), found.end(), std::back_inserter(rows));
}

Result<std::optional<CoverEnding>> CoverEndings::next(const LogView& log, const EventFilter& filter,
                                                      const EndingPlace& after, const Date& up_to) {
  if (!wanted(filter.kinds, cover_ending_kind)) return std::optional<CoverEnding>();
  const Lock lock(mutex_);
  TRY_VOID(follow(log));
  if (!told_to_) return std::optional<CoverEnding>();
  const Date done = since_to_.value_or(*told_to_);
  if (done < up_to) {
    tell_days(done, up_to, since_);
    since_to_ = up_to;
  }
  for (const std::vector<Row>* rows : {&rows_, &since_}) {
    auto at = std::upper_bound(
        rows->begin(), rows->end(), after,
        [](const EndingPlace& place, const Row& row) { return place < row.place; });
    for (; at != rows->end() && told_on(at->ending) <= up_to; ++at) {
      if (filter.concerns({at->ending.model})) return std::optional(at->ending);
    }
  }
  return std::optional<CoverEnding>();
}

}  // namespace cpl
