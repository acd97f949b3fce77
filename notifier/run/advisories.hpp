// Who is told that a restricted text may be read: each subscription of a reader's that asks for the
// text's class, once. Nothing is queued: what is still to be told follows from the openings that
// are kept and from what was told, so that one that is destroyed is told to nobody any more, and
// one that nobody could be told of is told as soon as somebody can.
#pragma once

#include <set>

#include "notifier/event/event_reader.hpp"
#include "notifier/subscription/service_event.hpp"
#include "registry/shelf/opening_shelf.hpp"

namespace cpl {

// All that a reader of openings goes by.
std::vector<std::string> reader_names(const std::string& party, Audience audience);

// What a subscription is to be told of the openings, and how long that stays so.
struct AdvisoryOutlook {
  std::uint64_t revision = 0;  // Of the openings that it was made from; 0: of none.
  UnixMillis until;
  std::optional<Advisory> next;
};

class Advisories {
 public:
  // `openings` null: nobody is told of anything.
  explicit Advisories(std::shared_ptr<const OpeningShelf> openings)
      : openings_(std::move(openings)) {}

  // Takes from the store whom an earlier life told of what.
  Result<void> load(const Store& store);
  // Takes over the openings as they are kept now.
  void follow();
  bool holds(const AdvisoryOutlook& outlook, UnixMillis now) const {
    return outlook.revision == revision_ && now < outlook.until;
  }
  Result<AdvisoryOutlook> look(const Subscription& subscription, const LogView& log,
                               EventReader& reader, UnixMillis now) const;
  void told(const std::string& subscription, const SentAdvisory& sent, WriteBatch& batch);
  void forget(const std::string& subscription, WriteBatch& batch);
  // When the next opening will be readable for somebody.
  std::optional<UnixMillis> next(UnixMillis now) const;

 private:
  const std::shared_ptr<const OpeningShelf> openings_;
  std::uint64_t revision_ = 0;
  std::vector<KeptOpening> kept_;  // Without words and salts: what is not here cannot be sent.
  std::set<UnixMillis> times_;
  std::set<Bytes> told_;  // Keys of the store.
};

}  // namespace cpl
