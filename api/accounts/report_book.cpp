#include "api/accounts/report_book.hpp"

#include "registry/log/log_keys.hpp"

namespace cpl {
namespace {

Error no_report(std::uint64_t number) {
  return Error{Errc::not_found, "report-not-found", "there is no report " + std::to_string(number)};
}

}  // namespace

Result<std::unique_ptr<ReportBook>> ReportBook::open(Store& store, const Clock& clock,
                                                     Limits limits) {
  std::unique_ptr<ReportBook> book(new ReportBook(store, clock, limits));
  const Lock lock(book->mutex_);
  TRY_VOID(book->read_back());
  return book;
}

Result<void> ReportBook::read_back() {
  std::map<std::uint64_t, Report> found;
  for (const KeyValue& row : TRY(scan_all(store_, keyspace::Kind::report))) {
    Report report = TRY(decode_report(row.value));
    if (row.key != store_keys::report(report.number)) {
      return corrupt("a stored report has another's number, " + std::to_string(report.number));
    }
    found.emplace(report.number, std::move(report));
  }
  reports_ = std::move(found);
  next_ = reports_.empty() ? 1 : reports_.rbegin()->first + 1;
  unsure_ = false;
  return {};
}

// Where the outcome of a write is not known, the store knows: with the report its answer may be
// there, which is given to who asks again, so its number must not be given to another.
Result<void> ReportBook::keep(const WriteBatch& batch) {
  auto written = store_.commit(batch, Durability::synced);
  if (written || written.error().errc != Errc::indeterminate) return written;
  unsure_ = !read_back();
  return written;
}

// The number of the newest stays taken, so none is given twice.
Result<void> ReportBook::make_room(WriteBatch& batch,
                                   std::optional<std::uint64_t>& forgotten) const {
  if (reports_.size() < limits_.kept) return {};
  for (const auto& [number, report] : reports_) {
    if (report.waits() || number + 1 == next_) continue;
    batch.deletes.push_back(store_keys::report(number));
    forgotten = number;
    return {};
  }
  return Error{Errc::overloaded, "reports-full",
               "too many reports wait for an answer: try again when some are answered"};
}

Result<Report> ReportBook::add(const PartyId& owner, ReportContent content,
                               const ExtraWrites<Report>& extra_writes) {
  const Lock lock(mutex_);
  if (unsure_) TRY_VOID(read_back());
  const auto waiting = std::count_if(reports_.begin(), reports_.end(), [&](const auto& one) {
    return one.second.owner == owner.name && one.second.waits();
  });
  if (static_cast<std::size_t>(waiting) >= limits_.waiting_of_one) {
    return refuse("reports-waiting", std::to_string(waiting) +
                                         " reports of yours wait for an answer: no more are taken "
                                         "before one has it");
  }
  WriteBatch batch;
  std::optional<std::uint64_t> forgotten;
  TRY_VOID(make_room(batch, forgotten));
  Report report{next_, owner.name, clock_.now(), std::move(content), {}};
  batch.put(store_keys::report(report.number), encode(report));
  if (extra_writes) extra_writes(report, batch);
  TRY_VOID(keep(batch));
  if (forgotten) reports_.erase(*forgotten);
  ++next_;
  reports_.emplace(report.number, report);
  return report;
}

Result<Report> ReportBook::answer(std::uint64_t number, ReportAnswer answer,
                                  const ExtraWrites<Report>& extra_writes) {
  const Lock lock(mutex_);
  if (unsure_) TRY_VOID(read_back());
  const auto found = reports_.find(number);
  if (found == reports_.end()) return no_report(number);
  Report report = found->second;
  if (report.answers.size() >= limits_.answers) {
    return refuse("answers-full", "report " + std::to_string(number) + " has " +
                                      std::to_string(report.answers.size()) +
                                      " answers, and takes no more");
  }
  report.answers.push_back(std::move(answer));
  WriteBatch batch;
  batch.put(store_keys::report(number), encode(report));
  if (extra_writes) extra_writes(report, batch);
  TRY_VOID(keep(batch));
  found->second = report;
  return report;
}

Result<Report> ReportBook::find(std::uint64_t number) const {
  const Lock lock(mutex_);
  const auto found = reports_.find(number);
  if (found == reports_.end()) return no_report(number);
  return found->second;
}

Result<Report> ReportBook::find(const PartyId& owner, std::uint64_t number) const {
  Report report = TRY(find(number));
  if (report.owner != owner.name) return no_report(number);
  return report;
}

std::vector<Report> ReportBook::select(std::uint64_t after, std::size_t count_max,
                                       const std::function<bool(const Report&)>& wanted) const {
  const Lock lock(mutex_);
  std::vector<Report> found;
  for (auto at = reports_.upper_bound(after); at != reports_.end() && found.size() < count_max;
       ++at) {
    if (wanted(at->second)) found.push_back(at->second);
  }
  return found;
}

std::vector<Report> ReportBook::list(std::uint64_t after, std::size_t count_max,
                                     bool waiting_only) const {
  return select(after, count_max,
                [&](const Report& report) { return !waiting_only || report.waits(); });
}

std::vector<Report> ReportBook::of_owner(const PartyId& owner, std::uint64_t after,
                                         std::size_t count_max) const {
  return select(after, count_max, [&](const Report& report) { return report.owner == owner.name; });
}

std::size_t ReportBook::waiting() const {
  const Lock lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      reports_.begin(), reports_.end(), [](const auto& one) { return one.second.waits(); }));
}

}  // namespace cpl
