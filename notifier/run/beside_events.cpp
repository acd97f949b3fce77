// A step of a removal is late: those who are named for it hear of it.
#include "notifier/run/notifier.hpp"

namespace cpl {

// On every subscription of the Party that takes anything; whether one of them did.
bool Notifier::tell_party(const std::string& party, const ClockNews& news, WriteBatch& batch) {
  bool told = false;
  for_rows_of(rows_, party, [&](Rows::value_type& row) {
    Subscription& subscription = row.second.subscription;
    if (subscription.state != SubscriptionState::active) return;
    told = add_news(subscription, news, batch) || told;
  });
  return told;
}

// Who has no subscription that takes anything is told once there is one, while the step is late.
void Notifier::escalate(const LogView& view, UnixMillis now) {
  untold_ = 0;
  const auto steps = escalation_.late(view, now);
  if (!steps) return;  // The store cannot be read: the next pass tries again.
  for (const LateStep& step : *steps) {
    WriteBatch batch;
    if (!tell_party(step.party, step.news, batch)) {
      ++untold_;
      continue;
    }
    batch.put(step.key(), "");
    if (store_.commit(batch, Durability::synced)) {
      escalation_.told(step);
      wake();  // Somebody of the other audience may have been told.
    } else {
      ++failed_;
    }
  }
}

}  // namespace cpl
