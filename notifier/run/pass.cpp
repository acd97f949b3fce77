// One pass over the rows of one audience. Owners take turns, and so do the rows of each, whatever
// they are called; none has more of a pass than its share.
#include "notifier/run/notifier.hpp"
#include "notifier/subscription/mended_times.hpp"
#include "notifier/subscription/verification.hpp"

namespace cpl {
namespace {

// What the pace of asking, or data that cannot be read, has a row wait beside the schedule.
constexpr std::uint64_t own_wait_millis =
    std::max(VerificationRateLimit::longest_millis, pack_again_millis);

std::optional<UnixMillis> earlier(std::optional<UnixMillis> one, std::optional<UnixMillis> other) {
  if (one && other) return std::min(*one, *other);
  return one ? one : other;
}

}  // namespace

std::optional<UnixMillis> Notifier::run_once() {
  const auto next = run_once(lane_of(Audience::service_desk));
  return earlier(next, run_once(lane_of(Audience::parties)));
}

std::optional<UnixMillis> Notifier::run_once(Lane& lane) {
  const auto view = view_();
  const UnixMillis now = clock_.now();
  const Lock lock(mutex_);
  take_in_outcomes(lane);
  Pass pass{lane, *view, now, now < lane.seen.value_or(now)};
  lane.seen = now;
  if (lane.audience == Audience::parties) {
    escalate(*view, now);
    pass.next = escalation_.next(now);
  }
  advisories_.follow();
  pass.next = earlier(pass.next, advisories_.next(now));
  for (const std::string& owner : owners_in_turn(lane)) serve_owner(pass, owner);
  return pass.next;
}

// Each pass begins with the owner after the one that was first in the last pass.
std::vector<std::string> Notifier::owners_in_turn(Lane& lane) const {
  std::vector<std::string> owners;
  auto at = rows_.lower_bound({lane.audience, "", ""});
  while (at != rows_.end() && at->first.audience == lane.audience) {
    owners.push_back(at->first.owner);
    at = rows_.lower_bound({lane.audience, owners.back() + '\0', ""});
  }
  const auto first = std::upper_bound(owners.begin(), owners.end(), lane.last_owner);
  if (first != owners.end()) std::rotate(owners.begin(), first, owners.end());
  lane.last_owner = owners.empty() ? "" : owners.front();
  return owners;
}

// From the row after the one whose turn was last, to that one.
void Notifier::serve_owner(Pass& pass, const std::string& owner) {
  const Audience audience = pass.lane.audience;
  const std::string last = pass.lane.last_rows[owner];
  Share share;
  const auto is_own = [&](Rows::iterator row) REQUIRES(mutex_) {
    return row != rows_.end() && row->first.audience == audience && row->first.owner == owner;
  };
  for (auto at = rows_.upper_bound({audience, owner, last}); is_own(at); at = yield_lock(at)) {
    serve(pass, share, at->first, at->second);
  }
  for (auto at = rows_.lower_bound({audience, owner, ""}); is_own(at) && at->first.id <= last;
       at = yield_lock(at)) {
    serve(pass, share, at->first, at->second);
  }
}

void Notifier::serve(Pass& pass, Share& share, const RowKey& key, Row& row) {
  const SubscriptionState state = row.subscription.state;
  const bool is_served =
      state == SubscriptionState::active || state == SubscriptionState::quarantined;
  if (is_served) look_for_advisory(pass.lane, row, pass.view, pass.now);
  if (row.subscription.rate_max > 0) {
    const auto shared = allowed_from_.find({key.audience, key.owner, row.subscription.url});
    if (shared != allowed_from_.end()) {
      const UnixMillis latest{pass.now.value + pause_at_rate(row.subscription.rate_max)};
      shared->second = std::min(shared->second, latest);
      row.not_before = std::max(row.not_before, shared->second);
    }
  }
  forget_future(pass, row);
  if (share.starts > 0 && share.entries > 0 && !row.in_flight) {
    const std::size_t entries_before = share.entries;
    start_due(pass, share, row);
    if (row.in_flight) --share.starts;
    if (row.in_flight || share.entries < entries_before) pass.lane.last_rows[key.owner] = key.id;
  }
  pass.next = earlier(pass.next, due_at(row, pass.view));
}

// Times that were set while the clock was ahead hold nobody up: none lies further from now than
// what may have set it.
void Notifier::forget_future(const Pass& pass, Row& row) const {
  Subscription& subscription = row.subscription;
  const UnixMillis now = pass.now;
  const auto at_most = [&](UnixMillis& time, std::uint64_t millis_from_now) {
    time = std::min(time, UnixMillis{now.value + millis_from_now});
  };
  if (pass.clock_went_back) {
    mend_times(subscription, now, options_.events, options_.canary_interval);
    // What was passed over as told while the clock was ahead is still to come.
    if (const auto entered = place_before(pass.view, EntryIndex{pass.view.size().value})) {
      const EndingPlace latest = std::max(*entered, place_behind(day_told_by(now)));
      subscription.endings_told = std::min(subscription.endings_told, latest);
    }
  }
  const UnixMillis latest = latest_attempt(subscription, now);
  at_most(subscription.next_attempt_at, std::max(latest.value - now.value, own_wait_millis));
  at_most(row.not_before, subscription.rate_max == 0 ? 0 : pause_at_rate(subscription.rate_max));
  at_most(row.verification_not_before, verification_pause_millis);
  if (!pass.clock_went_back) return;
  at_most(row.renewal_not_before, renewal_pause_millis);
  if (subscription.verified) at_most(*subscription.verified, 0);
  if (subscription.consented_late) at_most(*subscription.consented_late, 0);
}

// An owner's request waits for one row's work at most, and not the longer the more others have. It
// may change rows or take them away: a row that the pass has behind it is seen by the next one,
// since whoever changes one wakes it.
Notifier::Rows::iterator Notifier::yield_lock(Rows::iterator row) {
  if (!mutex_.is_wanted()) return std::next(row);
  const RowKey key = row->first;
  mutex_.unlock();
  mutex_.lock();
  return rows_.upper_bound(key);
}

}  // namespace cpl
