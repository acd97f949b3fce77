// Restricted texts that have become readable, told beside the events of the log.
#include "notifier/run/notifier.hpp"

namespace cpl {

void Notifier::look_for_advisory(Lane& lane, Row& row, const LogView& view, UnixMillis now) {
  const Subscription& subscription = row.subscription;
  if (subscription.filter.classifications.empty()) return;
  if (advisories_.holds(row.outlook, now)) return;
  row.outlook = {};
  // Where the store cannot be read, the next pass looks again.
  if (auto outlook = advisories_.look(subscription, view, lane.reader, now)) {
    row.outlook = *std::move(outlook);
  }
}

void Notifier::note_advised(Row& row, const SentAdvisory& sent, WriteBatch& batch) {
  advisories_.told(row.subscription.id, sent, batch);
  row.outlook = {};
}

// What goes before the events of the log, in the order in which it was to be told.
std::optional<Parcel> Notifier::pack_beside(const Row& row) const {
  if (auto news = pack_news(row.subscription, options_.events)) return news;
  if (!row.outlook.next) return std::nullopt;
  return pack_advisory(*row.outlook.next, options_.events);
}

}  // namespace cpl
