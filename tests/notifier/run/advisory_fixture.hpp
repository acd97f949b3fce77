// A notifier whose log has notices with sealed reasons, and the shelf of what opens them.
#pragma once

#include "registry/shelf/opening_shelf.hpp"
#include "tests/notifier/run/notifier_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing {

inline const std::string sealed_words = "A flaw that is not mended everywhere yet.";
inline const Bytes seal_salt(32, 's');

class AdvisoryFixture : public NotifierFixture {
 public:
  AdvisoryFixture() {
    auto opened = OpeningShelf::open(folder_.path() / "openings");
    REQUIRE(opened);
    shelf = *std::move(opened);
    openings = shelf;
    notice = append_notices(1).front();
    open();
  }

  // Notices of a model each, with sealed reasons.
  std::vector<EntryIndex> append_notices(std::uint64_t count) {
    std::vector<Bytes> notes;
    std::vector<ModelId> models;
    for (std::uint64_t i = 0; i < count; ++i) {
      notes.push_back(addition_note(100 + next_model_));
      models.push_back(small_id(100 + next_model_++));
    }
    log.append(notes);
    const EntryIndex decision = log.append({decision_note(models)});
    std::vector<EntryIndex> notices;
    for (const ModelId& model : models) {
      notices.push_back(log.append({sign(Notice{{model},
                                                decision,
                                                RemovalBasis::panel_decision,
                                                start_time,
                                                Text(sealed_reason().seal())},
                                         log_keys().registrar)}));
    }
    return notices;
  }

  static const Opening& sealed_reason() {
    static const Opening made{"/reason", seal_salt, sealed_words};
    return made;
  }
  // Kept for these readers, each from so many hours on.
  void keep(EntryIndex entry, const std::string& classification,
            const std::vector<std::pair<std::string, std::uint64_t>>& readers) {
    KeptOpening kept{entry, sealed_reason(), classification, {}};
    for (const auto& [who, hours] : readers) {
      kept.readers.push_back({who, UnixMillis{log.clock.now().value + hours * hour}});
    }
    REQUIRE(shelf->keep(*log.view(), {kept}));
  }
  void keep(const std::string& classification,
            const std::vector<std::pair<std::string, std::uint64_t>>& readers) {
    keep(notice, classification, readers);
  }

  // That asks for these classes, and is told of no entry that there is.
  Subscription subscribe_to(std::vector<std::string> classes, const std::string& owner,
                            const std::string& url, Audience audience = Audience::parties) {
    EventFilter filter;
    filter.classifications = std::move(classes);
    const auto made = notifier->subscribe(owner, audience, {url, std::move(filter)},
                                          EntryIndex{log.view()->size().value});
    REQUIRE(made);
    settle();
    return *made;
  }
  void pass(std::uint64_t hours) {
    log.clock.advance(hours * hour);
    settle();
  }
  // The advisories that an endpoint was sent, attempt by attempt.
  std::vector<OutgoingMessage> sent(const std::string& url) {
    std::vector<OutgoingMessage> advisories;
    for (const OutgoingMessage& message : endpoint(url).messages) {
      const Json event = Json::parse(message.body);
      if (event["type"] == "example.cpl.advisory.published.v1") advisories.push_back(message);
    }
    return advisories;
  }
  std::size_t told(const std::string& url) { return sent(url).size(); }

  std::shared_ptr<OpeningShelf> shelf;
  EntryIndex notice;

 private:
  TemporaryFolder folder_;
  std::uint64_t next_model_ = 0;
};

}  // namespace cpl::testing
