#include "notifier/run/advisories.hpp"

#include <limits>

#include "registry/log/log_keys.hpp"

namespace cpl {

std::vector<std::string> reader_names(const std::string& party, Audience audience) {
  std::vector<std::string> names = {party, std::string(readers_all_parties)};
  if (audience == Audience::service_desk) names.emplace_back(readers_service_desk);
  return names;
}

Result<void> Advisories::load(const Store& store) {
  for (KeyValue& row : TRY(scan_all(store, keyspace::Kind::advisory)))
    told_.insert(std::move(row.key));
  return {};
}

// The revision is read first: where the shelf changes in between, the next pass looks again.
void Advisories::follow() {
  if (!openings_) return;
  const std::uint64_t revision = openings_->revision();
  if (revision == revision_) return;
  kept_ = openings_->list();
  times_.clear();
  for (const KeptOpening& kept : kept_) {
    for (const OpeningReader& reader : kept.readers) times_.insert(reader.from);
  }
  revision_ = revision;
}

Result<AdvisoryOutlook> Advisories::look(const Subscription& subscription, const LogView& log,
                                         EventReader& reader, UnixMillis now) const {
  AdvisoryOutlook outlook;
  outlook.revision = revision_;
  outlook.until = next(now).value_or(UnixMillis{std::numeric_limits<std::uint64_t>::max()});
  const auto names = reader_names(subscription.owner, subscription.audience);
  for (const KeptOpening& kept : kept_) {
    // Before the entry is read: of most classes no subscription wants anything.
    if (!subscription.filter.wants_advisory(kept.classification, {})) continue;
    const auto since = kept.readable_since(names, now);
    if (!since) continue;
    const FieldMark mark = mark_of(kept.opening.field);
    if (told_.contains(store_keys::advisory(subscription.id, kept.entry, mark))) continue;
    if (kept.entry.value >= log.size().value) {  // Kept before its entry was published.
      outlook.until = now;
      continue;
    }
    const auto event = TRY(reader.read(log, kept.entry, subscription.audience));
    const std::vector<ModelId> named = event ? event->models : std::vector<ModelId>();
    if (!subscription.filter.wants_advisory(kept.classification, named)) continue;
    outlook.next = Advisory{kept.entry, mark, kept.classification, *since};
    break;
  }
  return outlook;
}

void Advisories::told(const std::string& subscription, const SentAdvisory& sent,
                      WriteBatch& batch) {
  Bytes key = store_keys::advisory(subscription, sent.entry, sent.mark);
  batch.put(key, "");
  told_.insert(std::move(key));
}

void Advisories::forget(const std::string& subscription, WriteBatch& batch) {
  const Bytes prefix = store_keys::advisories(subscription);
  auto at = told_.lower_bound(prefix);
  while (at != told_.end() && at->starts_with(prefix)) {
    batch.deletes.push_back(*at);
    at = told_.erase(at);
  }
}

std::optional<UnixMillis> Advisories::next(UnixMillis now) const {
  const auto after = times_.upper_bound(now);
  return after == times_.end() ? std::nullopt : std::optional(*after);
}

}  // namespace cpl
