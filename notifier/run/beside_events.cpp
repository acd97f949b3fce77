// A step of a removal is late: those who are named for it hear of it.
#include "notifier/run/notifier.hpp"

namespace cpl {

// On every subscription of the Party that takes anything; whether one of them did.
bool Notifier::tell_party(const LateStep& step, WriteBatch& batch) {
  bool told = false;
  for_rows_of(rows_, step.party, [&](Rows::value_type& row) {
    Subscription& subscription = row.second.subscription;
    if (subscription.state != SubscriptionState::active) return;
    if (step.tickets_only && !subscription.ticket) return;
    told = add_news(subscription, step.news, batch) || told;
  });
  return told;
}

// A late step belongs into the notice's ticket, whoever else is to hear of it.
std::vector<std::string> Notifier::ticket_owners() const {
  std::vector<std::string> owners;
  const auto desks = rows_.lower_bound(RowKey{Audience::service_desk, "", ""});
  for (auto at = desks; at != rows_.end(); ++at) {
    const bool tells = at->second.subscription.ticket &&
                       at->second.subscription.state == SubscriptionState::active;
    if (tells && (owners.empty() || owners.back() != at->first.owner)) {
      owners.push_back(at->first.owner);
    }
  }
  return owners;
}

// Who has no subscription that takes anything is told once there is one, while the step is late.
void Notifier::escalate(const LogView& view, UnixMillis now) {
  untold_ = 0;
  const auto steps = escalation_.late(view, now, ticket_owners());
  if (!steps) return;  // The store cannot be read: the next pass tries again.
  for (const LateStep& step : *steps) {
    WriteBatch batch;
    if (!tell_party(step, batch)) {
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
