// The reports that Parties sent, and what became of them. Any thread.
#pragma once

#include <map>

#include "api/accounts/report.hpp"
#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"
#include "registry/store/extra_writes.hpp"
#include "registry/store/store.hpp"

namespace cpl {

class ReportBook {
 public:
  struct Limits {
    std::size_t waiting_of_one = 100;  // Reports of one Party that have no answer yet.
    std::size_t kept = 10'000;         // Of all; an answered one is forgotten for a new one.
    std::size_t answers = report_answers_max;  // To one report.
  };

  // The references outlive the book.
  static Result<std::unique_ptr<ReportBook>> open(Store& store, const Clock& clock, Limits limits);
  ReportBook(const ReportBook&) = delete;
  ReportBook& operator=(const ReportBook&) = delete;

  // Durable before it returns, as the next.
  Result<Report> add(const PartyId& owner, ReportContent content,
                     const ExtraWrites<Report>& extra_writes = {});
  Result<Report> answer(std::uint64_t number, ReportAnswer answer,
                        const ExtraWrites<Report>& extra_writes = {});
  // Another Party's report is as one that is not there.
  Result<Report> find(const PartyId& owner, std::uint64_t number) const;
  Result<Report> find(std::uint64_t number) const;  // For the operator, as the next.
  // Up to `count_max` from number `after` + 1 on, in their order.
  std::vector<Report> list(std::uint64_t after, std::size_t count_max, bool waiting_only) const;
  std::vector<Report> of_owner(const PartyId& owner, std::uint64_t after,
                               std::size_t count_max) const;
  std::size_t waiting() const;

 private:
  ReportBook(Store& store, const Clock& clock, Limits limits)
      : store_(store), clock_(clock), limits_(limits) {}

  Result<void> read_back() REQUIRES(mutex_);
  Result<void> keep(const WriteBatch& batch) REQUIRES(mutex_);
  std::vector<Report> select(std::uint64_t after, std::size_t count_max,
                             const std::function<bool(const Report&)>& wanted) const;
  Result<void> make_room(WriteBatch& batch, std::optional<std::uint64_t>& forgotten) const
      REQUIRES(mutex_);

  Store& store_;  // Constant after construction, as the next two.
  const Clock& clock_;
  const Limits limits_;

  mutable Mutex mutex_;
  std::map<std::uint64_t, Report> reports_ GUARDED_BY(mutex_);
  std::uint64_t next_ GUARDED_BY(mutex_) = 1;
  // A write may have done what is not seen here: the store is read first.
  bool unsure_ GUARDED_BY(mutex_) = false;
};

}  // namespace cpl
