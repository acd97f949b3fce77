#include "registry/log/publication.hpp"

#include "crypto/merkle.hpp"
#include "registry/log/log_keys.hpp"

namespace cpl {

namespace {

// What was published before the log's key was changed bears no line of the new key. It stays what
// it is, and the log is asked whether it has that root: the next one that is published is signed
// by the new key.
Result<SignedCheckpoint> open_published(const Bytes& message, const NoteVerifier& log_key,
                                        const std::string& origin) {
  const Note note = TRY(parse_note(message));
  const auto verified = verify_note(note, std::span(&log_key, 1));
  if (!verified && verified.error().code != "signature-missing") return verified.error();
  SignedCheckpoint published{TRY(parse_checkpoint(note.text)), message};
  if (published.checkpoint.origin != origin) {
    return corrupt("the published checkpoint is of another log, \"" + published.checkpoint.origin +
                   "\"");
  }
  return published;
}

}  // namespace

Publication::Publication(Log& log, Store& store) : log_(log), store_(store) {}

Result<std::unique_ptr<Publication>> Publication::open(Log& log, Store& store,
                                                       const NoteVerifier& log_key) {
  std::unique_ptr<Publication> publication(new Publication(log, store));
  TRY_VOID(publication->read_back(log_key));
  return publication;
}

Result<std::optional<std::string>> Publication::stored_alarm(const Store& store) {
  return store.snapshot()->get(store_keys::witness_alarm());
}

Result<void> Publication::clear_alarm(Store& store) {
  WriteBatch batch;
  batch.deletes.push_back(store_keys::witness_alarm());
  return store.commit(batch, Durability::synced);
}

void Publication::show(std::shared_ptr<const LogView> view) {
  const Lock lock(mutex_);
  view_ = std::move(view);
}

Result<void> Publication::read_back(const NoteVerifier& log_key) {
  const auto stored = store_.snapshot();
  const auto newest = log_.view();
  if (!store_.damage().empty()) {
    show(newest);  // Unsigned, as all of a damaged log.
    return {};
  }
  if (auto alarm = TRY(stored->get(store_keys::witness_alarm()))) halt(*std::move(alarm));
  const std::string& origin = newest->checkpoint().origin;
  const auto note = TRY(stored->get(store_keys::published_checkpoint()));
  if (newest->checkpoint_note().empty() || (!note && newest->size().value == 0)) {
    show(newest);  // A log that was rolled back shows no checkpoint; an empty one has it all.
  } else if (note) {
    show(TRY(log_.view_at(TRY(open_published(*note, log_key, origin)))));
  } else {
    const Checkpoint nothing{origin, TreeSize{0}, merkle_empty_root(), {}};
    show(std::make_shared<const LogView>(SignedCheckpoint{nothing, {}}, stored, nullptr));
  }
  return {};
}

std::shared_ptr<const LogView> Publication::view() const {
  const Lock lock(mutex_);
  return view_;
}

Result<void> Publication::publish(const LogView& head, Bytes note) {
  check(view()->size() <= head.size() && alarm().empty());
  WriteBatch batch;
  batch.put(store_keys::published_checkpoint(), note);
  TRY_VOID(store_.commit(batch, Durability::synced));
  auto view = head.under(std::move(note));
  const Lock lock(mutex_);
  view_ = std::move(view);
  return {};
}

Result<void> Publication::raise_alarm(std::string what) {
  WriteBatch batch;
  batch.put(store_keys::witness_alarm(), what);
  halt(std::move(what));
  return store_.commit(batch, Durability::synced);
}

void Publication::halt(std::string what) {
  log_.halt("witness-alarm", what);
  const Lock lock(mutex_);
  alarm_ = std::move(what);
}

std::string Publication::alarm() const {
  const Lock lock(mutex_);
  return alarm_;
}

}  // namespace cpl
