#include "api/accounts/answer_book.hpp"

#include <limits>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/log/log_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t forgotten_at_once = 100;  // In the batch of somebody who waits for it.
constexpr std::size_t principal_size = 1 + sizeof(Hash);

BytesView principal_of(BytesView key) { return key.substr(0, principal_size); }

// No two names give the same octets.
Bytes key_of(const RequestName& name) {
  Bytes octets;
  const auto append = [&](const std::string& part) {
    append_u64(octets, part.size());
    octets += part;
  };
  append(name.method);
  append_u64(octets, name.path.size());
  for (const std::string& segment : name.path) append(segment);
  append(name.key);
  return store_keys::answer(name.principal, sha256(octets));
}

// What the sealed answer is bound to.
Bytes label_of(const Bytes& key, const Hash& fingerprint, UnixMillis at) {
  Bytes label = key + Bytes(fingerprint.view());
  append_u64(label, at.value);
  return label;
}

// Of a damaged row too: it goes when it would have gone.
UnixMillis written_at(BytesView value, UnixMillis now) {
  return std::min(now, UnixMillis{read_big_endian(value.substr(0, sizeof(now.value)))});
}

Error no_room() {
  return Error{Errc::overloaded, "rate-limited",
               "too many requests are stored for replay; try again when the oldest expires"};
}

}  // namespace

AnswerBook::Turn::Turn(Turn&& other) noexcept
    : book_(std::exchange(other.book_, nullptr)),
      key_(std::move(other.key_)),
      fingerprint_(other.fingerprint_),
      given_(std::move(other.given_)),
      in_hand_(other.in_hand_),
      at_(other.at_),
      octets_(other.octets_),
      forgotten_(std::move(other.forgotten_)) {}

AnswerBook::Turn::~Turn() {
  if (book_ == nullptr || !in_hand_) return;
  const Lock lock(book_->mutex_);
  book_->in_hand_.erase(key_);
  for (const Bytes& key : forgotten_) book_->in_hand_.erase(key);
}

void AnswerBook::Turn::remember(BytesView answer, WriteBatch& batch) {
  check(in_hand_);
  at_ = book_->clock_.now();
  const Bytes value = encode(
      key_,
      {at_, fingerprint_, book_->sealing_key_.seal(answer, label_of(key_, fingerprint_, at_))});
  octets_ = value.size();
  batch.put(key_, value);
  const Lock lock(book_->mutex_);
  forgotten_ = book_->expired(forgotten_at_once);
  for (const Bytes& key : forgotten_) {
    book_->in_hand_.insert(key);
    batch.deletes.push_back(key);
  }
}

void AnswerBook::Turn::done() {
  check(octets_ > 0);
  const Lock lock(book_->mutex_);
  for (const Bytes& key : forgotten_) book_->drop(key);
  book_->add(key_, {at_, octets_});
}

Result<std::unique_ptr<AnswerBook>> AnswerBook::open(Store& store, const Clock& clock,
                                                     BytesView master_key, Limits limits) {
  std::unique_ptr<AnswerBook> book(new AnswerBook(store, clock, master_key, limits));
  TRY_VOID(book->read_back());
  return book;
}

Result<void> AnswerBook::read_back() {
  if (!store_.damage().empty()) return {};  // It takes nothing that could be asked for again.
  const auto view = store_.snapshot();
  const Lock lock(mutex_);
  RowPages pages(*view, keyspace::Kind::answer);
  for (bool more = true; more;) {
    const auto rows = TRY(pages.next());
    for (const KeyValue& row : rows) {
      add(row.key, {written_at(row.value, clock_.now()), row.value.size()});
    }
    more = !rows.empty();
  }
  if (!store_.is_writable()) return {};
  return forget_expired();
}

UnixMillis AnswerBook::end_of(UnixMillis at) const {
  const std::chrono::milliseconds kept = limits_.kept;
  return UnixMillis{at.value + static_cast<std::uint64_t>(kept.count())};
}

bool AnswerBook::is_over(UnixMillis at) const { return end_of(at) <= clock_.now(); }

void AnswerBook::add(const Bytes& key, Kept kept) {
  drop(key);
  Share& share = shares_[Bytes(principal_of(key))];
  ++share.answers;
  share.octets += kept.octets;
  ++all_.answers;
  all_.octets += kept.octets;
  by_age_.emplace(kept.at, key);
  kept_.emplace(key, kept);
}

void AnswerBook::drop(const Bytes& key) {
  const auto found = kept_.find(key);
  if (found == kept_.end()) return;
  const auto share = shares_.find(principal_of(key));
  --share->second.answers;
  share->second.octets -= found->second.octets;
  if (share->second.answers == 0) shares_.erase(share);
  --all_.answers;
  all_.octets -= found->second.octets;
  by_age_.erase({found->second.at, key});
  kept_.erase(found);
}

bool AnswerBook::has_room(BytesView principal) const {
  const auto share = shares_.find(principal);
  const Share own = share == shares_.end() ? Share{} : share->second;
  return own.answers < limits_.answers_per_principal && own.octets < limits_.octets_per_principal &&
         all_.answers < limits_.answers && all_.octets < limits_.octets;
}

std::vector<Bytes> AnswerBook::expired(std::size_t count_max) const {
  std::vector<Bytes> keys;
  for (const auto& [at, key] : by_age_) {
    if (keys.size() == count_max || !is_over(at)) break;
    if (!in_hand_.contains(key)) keys.push_back(key);
  }
  return keys;
}

// Forgets what is over, with no batch of anybody's to do it in. Not synced: what comes back after a
// crash is over all the same.
Result<void> AnswerBook::forget_expired() {
  WriteBatch batch;
  batch.deletes = expired(std::numeric_limits<std::size_t>::max());
  if (!batch.empty()) TRY_VOID(store_.commit(batch, Durability::buffered));
  for (const Bytes& key : batch.deletes) drop(key);
  return {};
}

Result<AnswerBook::Turn> AnswerBook::begin(const RequestName& name, const Hash& fingerprint) {
  Turn turn(*this, key_of(name), fingerprint);
  const Lock lock(mutex_);
  if (in_hand_.contains(turn.key_)) {
    return refuse("request-in-progress",
                  "the first request with this Idempotency-Key is still under way: ask again soon");
  }
  // In the store, and not in memory: what became of a write whose outcome was not known is seen
  // there.
  if (const auto value = TRY(store_.snapshot()->get(turn.key_))) {
    const RememberedAnswer kept = TRY(decode_remembered_answer(turn.key_, *value));
    if (!is_over(kept.at)) {
      TRY_VOID(replay(turn, kept));
      if (!kept_.contains(turn.key_)) add(turn.key_, {kept.at, value->size()});
      return turn;
    }
  }
  const BytesView principal = principal_of(turn.key_);
  if (!has_room(principal)) TRY_VOID(forget_expired());
  if (!has_room(principal)) return no_room();
  in_hand_.insert(turn.key_);
  turn.in_hand_ = true;
  return turn;
}

Result<void> AnswerBook::replay(Turn& turn, const RememberedAnswer& kept) const {
  if (kept.fingerprint != turn.fingerprint_) {
    return refuse("idempotency-key-reused",
                  "this Idempotency-Key was used for a request with another body: give each "
                  "request a key of its own");
  }
  auto answer = sealing_key_.open(kept.sealed, label_of(turn.key_, kept.fingerprint, kept.at));
  if (!answer) {
    return refuse("answer-lost",
                  "the request was carried out, but its answer cannot be read any more since the "
                  "service's key was changed: see what there is, and use a new Idempotency-Key");
  }
  turn.given_ = *std::move(answer);
  return {};
}

UnixMillis AnswerBook::room_from(const std::string& principal) const {
  const Bytes own = store_keys::answers_to(principal);
  const Lock lock(mutex_);
  UnixMillis oldest = by_age_.empty() ? clock_.now() : by_age_.begin()->first;
  const bool all_full = all_.answers >= limits_.answers || all_.octets >= limits_.octets;
  if (all_full || !shares_.contains(own)) return end_of(oldest);
  oldest = clock_.now();
  for (auto at = kept_.lower_bound(own); at != kept_.end() && at->first.starts_with(own); ++at) {
    oldest = std::min(oldest, at->second.at);
  }
  return end_of(oldest);
}

}  // namespace cpl
