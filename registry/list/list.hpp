// The list: the state that a log folds into. A reader of it answers the questions the rules ask; a
// Change is what one entry does to it. Records are kept by the store, by an auditor's memory, or in
// an overlay over either.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "registry/base/words.hpp"
#include "registry/list/work_record.hpp"

namespace cpl {

struct CharterRecord {
  Charter charter;
  EntryIndex entry;
};

enum class ModelStatus : std::uint8_t { listed, removed };
inline constexpr std::array<std::string_view, 2> model_status_words = {"listed", "removed"};
template <>
struct Words<ModelStatus> {
  static constexpr const auto& list = model_status_words;
};

// A certificate that no longer holds, as a statement said.
struct LapsedCertificate {
  CertificateEvent event{};  // Not `renewed`: that ends the lapse.
  Date date;
  EntryIndex entry;
};

// A device model by hashes of its canonical JSON: one of each certificate, and one of the rest.
struct ModelDigests {
  Hash record;
  std::array<std::optional<Hash>, certificate_kind_words.size()> certificates;

  std::optional<Hash>& of(CertificateKind kind) {
    return certificates[static_cast<std::size_t>(kind)];
  }
  const std::optional<Hash>& of(CertificateKind kind) const {
    return certificates[static_cast<std::size_t>(kind)];
  }
  bool operator==(const ModelDigests&) const = default;
};

struct ModelRecord {
  DeviceModel model;
  ModelStatus status{};
  EntryIndex added;                          // The addition's entry.
  EntryIndex changed_at;                     // The entry that last changed the status.
  std::optional<EntryIndex> changed_before;  // The one that had changed it before that.
  UnixMillis effective_from;
  std::optional<EntryIndex> decision;      // That the present status rests on.
  std::optional<EntryIndex> notice;        // Under way, or that led to the removal.
  std::optional<std::string> status_word;  // Withdrawn, Cancelled or Expired, once removed.
  std::map<CertificateKind, LapsedCertificate> lapsed;
  // Where of `model` no more than the identity is known.
  std::optional<ModelDigests> digests;
};

// Whether final minutes bear a decision out (rule 8).
enum class DecisionStanding : std::uint8_t { provisional, confirmed, contradicted };
inline constexpr std::array<std::string_view, 3> decision_standing_words = {
    "provisional", "confirmed", "contradicted"};
template <>
struct Words<DecisionStanding> {
  static constexpr const auto& list = decision_standing_words;
};
std::string to_string(DecisionStanding standing);

struct DecisionRecord {
  EntryIndex entry;
  Decision decision;
  DecisionStanding standing{};
  std::optional<EntryIndex> final_minutes;  // That confirm or contradict it.
};

struct MeetingRecord {
  MeetingRef meeting;
  std::vector<EntryIndex> drafts;
  std::vector<EntryIndex> decisions;        // Decision statements that cite this meeting.
  std::optional<EntryIndex> final_minutes;  // The newest.
  std::vector<MinutesDecision> minuted;     // What the final minutes hold.
  std::vector<EntryIndex> papers{};         // On the list's changes, for this meeting.
};

enum class NoticeState : std::uint8_t { issued, received, validated, rejected, applied, withdrawn };
inline constexpr std::array<std::string_view, 6> notice_state_words = {
    "issued", "received", "validated", "rejected", "applied", "withdrawn"};
template <>
struct Words<NoticeState> {
  static constexpr const auto& list = notice_state_words;
};
std::string to_string(NoticeState state);
// Nothing can be done on it any more, and no clock of it runs.
bool is_over(NoticeState state);

struct NoticeRecord {
  EntryIndex entry;
  UnixMillis issued;  // The entry's time.
  Notice notice;
  NoticeState state{};
  std::vector<EntryIndex> receipts;
  std::map<ModelId, EntryIndex> removals;
  std::optional<UnixMillis> validated;  // The time of the desk's receipt that says so.
  std::optional<EntryIndex> withdrawn_by{};

  UnixMillis effective_from() const { return effective_time(notice.effective_from, issued); }
};

// The sealed texts of one entry.
struct SealRecord {
  struct Seal {
    Hash seal;
    std::optional<EntryIndex> disclosed_by{};
    std::optional<Date> opens{};  // The day that was promised.
  };

  EntryIndex entry;
  std::optional<MeetingRef> meeting;  // Where the entry holds minutes: of which meeting.
  std::map<std::string, Seal> seals;  // By their place in the statement: "/text", for example.
};

// Reads answer `nullopt` for what is not there, and an error only where the store fails.
class List {
 public:
  virtual ~List() = default;
  virtual std::shared_ptr<const CharterRecord> charter() const = 0;  // Null before entry 0.
  virtual Result<std::optional<ModelRecord>> model(const ModelId& id) const = 0;
  virtual Result<std::optional<DecisionRecord>> decision(EntryIndex entry) const = 0;
  virtual Result<std::optional<MeetingRecord>> meeting(const MeetingRef& ref) const = 0;
  virtual Result<std::optional<NoticeRecord>> notice(EntryIndex entry) const = 0;
  virtual Result<std::optional<SealRecord>> seals(EntryIndex entry) const = 0;
  virtual Result<std::optional<WorkRecord>> work(const WorkKey& key) const = 0;
};

// The work record of a type, by its key.
template <class Record>
Result<std::optional<Record>> work_of(const List& list, const WorkKey& key) {
  auto record = TRY(list.work(key));
  if (!record) return std::optional<Record>();
  return std::optional(std::get<Record>(*std::move(record)));
}

// The records as they stand after the entry.
struct Change {
  std::shared_ptr<const CharterRecord> charter;
  std::vector<ModelRecord> models;
  std::vector<DecisionRecord> decisions;
  std::vector<MeetingRecord> meetings;
  std::vector<NoticeRecord> notices;
  std::vector<SealRecord> seals;
  std::vector<WorkRecord> work;
  // The one model of whose facts the entry changed any: its state record is new in the state tree.
  std::optional<ModelId> state_changed;
};

// Records in memory; what it does not hold it asks of `base`, if there is one. The sequencer lays
// one over the store for the statements of a batch; an auditor uses one alone.
class MemoryList final : public List {
 public:
  explicit MemoryList(const List* base = nullptr) : base_(base) {}

  std::shared_ptr<const CharterRecord> charter() const override;
  Result<std::optional<ModelRecord>> model(const ModelId& id) const override;
  Result<std::optional<DecisionRecord>> decision(EntryIndex entry) const override;
  Result<std::optional<MeetingRecord>> meeting(const MeetingRef& ref) const override;
  Result<std::optional<NoticeRecord>> notice(EntryIndex entry) const override;
  Result<std::optional<SealRecord>> seals(EntryIndex entry) const override;
  Result<std::optional<WorkRecord>> work(const WorkKey& key) const override;

  void put(const Change& change);
  const std::map<ModelId, ModelRecord>& models() const { return models_; }
  const std::map<EntryIndex, NoticeRecord>& notices() const { return notices_; }
  const std::map<EntryIndex, DecisionRecord>& decisions() const { return decisions_; }
  const std::map<MeetingRef, MeetingRecord>& meetings() const { return meetings_; }
  const std::map<EntryIndex, SealRecord>& seals() const { return seals_; }
  const std::map<WorkKey, WorkRecord>& work() const { return work_; }

 private:
  const List* base_;
  std::shared_ptr<const CharterRecord> charter_;
  std::map<ModelId, ModelRecord> models_;
  std::map<EntryIndex, DecisionRecord> decisions_;
  std::map<MeetingRef, MeetingRecord> meetings_;
  std::map<EntryIndex, NoticeRecord> notices_;
  std::map<EntryIndex, SealRecord> seals_;
  std::map<WorkKey, WorkRecord> work_;
};

}  // namespace cpl
