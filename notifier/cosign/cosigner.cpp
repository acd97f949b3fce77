#include "notifier/cosign/cosigner.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "notifier/send/target_rules.hpp"

namespace cpl {
namespace {

using std::chrono::milliseconds;

constexpr unsigned attempts_max = 3;  // Of one round, where the witness tells another size.
constexpr milliseconds first_again{10};
constexpr unsigned again_factor = 5;
constexpr milliseconds pause_max{60'000};
constexpr milliseconds retry_after_max{300'000};
constexpr milliseconds misconfigured_pause{600'000};
constexpr milliseconds idle_wait{60'000};
constexpr unsigned hurried_max = 3;

UnixMillis after(UnixMillis time, milliseconds wait) {
  return UnixMillis{time.value + static_cast<std::uint64_t>(wait.count())};
}

// Notes of our own making: signed by the log, or read back and verified.
Note note_of(const LogView& view) {
  auto note = parse_note(view.checkpoint_note());
  check(note.has_value());
  return *std::move(note);
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

WitnessAnswer answer_in(const Delivered& delivered) {
  return {delivered.status, delivered.content_type.value_or(""), delivered.body};
}

// Whether a time that was set at most `ahead` in advance has come. Where it is further ahead, the
// clock was set back since: waiting for it could take for ever.
bool has_come(UnixMillis time, UnixMillis now, milliseconds ahead) {
  return time <= now || time > after(now, ahead);
}

// Seconds only: a date would need a clock that both agree on.
milliseconds pause_asked_for(const Delivered& delivered) {
  const auto seconds = from_decimal(delivered.retry_after.value_or(""));
  if (!seconds || *seconds > static_cast<std::uint64_t>(retry_after_max.count() / 1000)) {
    return seconds ? retry_after_max : milliseconds(0);
  }
  return milliseconds(*seconds * 1000);
}

std::vector<std::string> cosigned_since(const std::vector<WitnessStatus>& witnesses,
                                        UnixMillis since) {
  std::vector<std::string> names;
  for (const WitnessStatus& witness : witnesses) {
    if (witness.last_success && *witness.last_success >= since) names.push_back(witness.name);
  }
  return names;
}

std::optional<UnixMillis> quorum_as_of(const std::vector<WitnessStatus>& witnesses,
                                       const TrustPolicy& policy) {
  std::optional<UnixMillis> newest;
  for (const WitnessStatus& witness : witnesses) {
    if (!witness.last_success || witness.last_success < newest) continue;
    if (policy.quorum_holds(cosigned_since(witnesses, *witness.last_success))) {
      newest = witness.last_success;
    }
  }
  return newest;
}

}  // namespace

Cosigner::Cosigner(const Log& log, Publication& publication, Transport& transport,
                   const Clock& clock, TrustPolicy policy, CosignerOptions options,
                   std::function<void()> on_change)
    : log_(log),
      publication_(publication),
      transport_(transport),
      clock_(clock),
      policy_(std::move(policy)),
      options_(std::move(options)),
      on_change_(std::move(on_change)) {
  const auto published = publication_.view();
  const bool shown = !published->checkpoint_note().empty();
  const Note note = shown ? note_of(*published) : Note{};
  for (const TrustPolicy::Witness& witness : policy_.witnesses()) {
    // Whoever cosigned what was published knows that size at least.
    const bool known = line_of(note, witness.key) != nullptr;
    rows_.push_back({witness.name,
                     without_slash(witness.url),
                     {witness.key, known ? published->size() : TreeSize{0}}});
  }
  const auto trusted = trust_checkpoint(published->checkpoint_note(), policy_);
  has_quorum_ = trusted.has_value();
  if (trusted && trusted->witness_time) renewed_at_ = UnixMillis{*trusted->witness_time * 1000};
}

Cosigner::~Cosigner() { stop(); }

void Cosigner::start() {
  check(!thread_.joinable());
  thread_ = std::thread([this] { run(); });
}

void Cosigner::stop() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  // Requests in flight call back into this object: it must not go before them.
  Lock lock(mutex_);
  wake_.wait(lock, [&]() REQUIRES(mutex_) { return in_flight_ == 0; });
}

void Cosigner::run() {
  while (true) {
    const auto next = run_once();
    Lock lock(mutex_);
    const std::uint64_t now = clock_.now().value;
    auto wait = idle_wait;
    if (next) wait = std::min(wait, milliseconds(next->value > now ? next->value - now : 0));
    wake_.wait_for(lock, wait, [&]() REQUIRES(mutex_) { return stopping_ || !answers_.empty(); });
    if (stopping_) return;
  }
}

std::optional<UnixMillis> Cosigner::run_once() {
  Requests requests;
  std::optional<UnixMillis> next;
  bool changed = false;
  std::vector<std::string> failures;
  {
    const Lock lock(mutex_);
    next = collect(requests);
    changed = std::exchange(changed_, false);
    failures.swap(untold_);
  }
  for (const std::string& failure : failures) {
    if (options_.tell_failure) options_.tell_failure(failure);
  }
  for (auto& [message, done] : requests) transport_.send(std::move(message), std::move(done));
  if (changed) on_change_();
  return next;
}

std::optional<UnixMillis> Cosigner::collect(Requests& requests) {
  const UnixMillis now = clock_.now();
  while (!answers_.empty()) {
    const Answer answer = std::move(answers_.front());
    answers_.pop_front();
    take_in(answer, now);
  }
  if (!publication_.alarm().empty()) {
    round_.reset();
    return std::nullopt;
  }
  if (!round_ && has_come(next_round_at_, now, options_.interval)) begin_round(now);
  if (!round_) return next_round_at_;
  std::optional<UnixMillis> next;
  bool busy = false;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    Row& row = rows_[i];
    if (row.state == Row::State::due && row.due_at <= now) prepare(i, now, requests);
    busy = busy || row.state != Row::State::idle;
    if (row.state == Row::State::due && (!next || row.due_at < *next)) next = row.due_at;
  }
  if (busy) return next ? next : std::optional(after(now, idle_wait));
  end_round(now);
  return next_round_at_;
}

void Cosigner::begin_round(UnixMillis now) {
  next_round_at_ = after(now, options_.interval);
  auto head = log_.view();
  // A log that was rolled back signs nothing, and an empty one has nothing to be witnessed.
  if (head->checkpoint_note().empty() || head->size().value == 0) return;
  const bool changed = head->size() != publication_.view()->size();
  const bool fresh = !has_come(after(renewed_at_, options_.renew), now, options_.renew);
  if (!changed && has_quorum_ && fresh) return;
  Note note = note_of(*head);
  round_ = Round{std::move(head), std::move(note), 0};
  for (Row& row : rows_) {
    if (!has_come(row.not_before, now, misconfigured_pause)) continue;
    row.state = Row::State::due;
    row.due_at = now;
    row.attempts = 0;
    row.claim.clear();
  }
}

// For its cosignature, or where it claims to know another history, for what it has cosigned.
OutgoingMessage Cosigner::message_to(const Row& row, Bytes body) const {
  OutgoingMessage message;
  if (!row.claim.empty()) {
    message.method = "GET";
    message.url = row.url + WitnessClient::checkpoint_path(log_.view()->checkpoint().origin);
    return message;
  }
  message.url = row.url + "/add-checkpoint";
  message.headers = {{"content-type", "text/plain; charset=utf-8"}};
  message.body = std::move(body);
  return message;
}

void Cosigner::prepare(std::size_t place, UnixMillis now, Requests& requests) {
  Row& row = rows_[place];
  auto body = row.claim.empty() ? row.client.request(*round_->head) : Result<Bytes>(Bytes());
  if (!body) return fail(row, now, pause_max, body.error().detail);
  ++row.attempts;
  row.state = Row::State::in_flight;
  ++in_flight_;
  requests.emplace_back(message_to(row, *std::move(body)), [this, place](Result<Delivered> result) {
    const Lock lock(mutex_);
    answers_.push_back({place, std::move(result)});
    --in_flight_;
    wake_.notify_all();
  });
}

void Cosigner::take_in(const Answer& answer, UnixMillis now) {
  Row& row = rows_[answer.row];
  row.state = Row::State::idle;
  if (!round_) return;  // An alarm ended it.
  const std::string claim = row.claim;
  if (!answer.result) {
    const std::string& why = answer.result.error().detail;
    return fail(row, now, {}, claim.empty() ? why : claim + "; what it has cosigned: " + why);
  }
  if (claim.empty()) return take_cosignature(row, *answer.result, now);
  take_shown(row, *answer.result, now);
}

void Cosigner::take_cosignature(Row& row, const Delivered& delivered, UnixMillis now) {
  auto outcome = row.client.take(*round_->head, log_.view()->size(), answer_in(delivered));
  switch (outcome.meaning) {
    case WitnessClient::Meaning::cosigned:
      round_->note.signatures.push_back(std::move(outcome.cosignature));
      row.last_success = now;
      row.failures_in_a_row = 0;
      row.last_failure.clear();
      if (round_->published == 0 && round_has_quorum()) publish(now);
      return;
    case WitnessClient::Meaning::ask_again:
      return ask_again(row, outcome.detail, now);
    case WitnessClient::Meaning::ahead:
      round_->overtaken = true;
      return;
    case WitnessClient::Meaning::failed:
      return fail(row, now, pause_asked_for(delivered), outcome.detail);
    case WitnessClient::Meaning::misconfigured:
      return fail(row, now, misconfigured_pause, outcome.detail);
    case WitnessClient::Meaning::contradicts:
      row.claim = outcome.detail;
      row.state = Row::State::due;
      row.due_at = now;
      return;
  }
}

void Cosigner::ask_again(Row& row, const std::string& told, UnixMillis now) {
  if (row.attempts >= attempts_max) {
    return fail(row, now, {}, "it named another size each time: " + told);
  }
  milliseconds wait = first_again;
  for (unsigned i = 1; i < row.attempts; ++i) wait *= again_factor;
  row.state = Row::State::due;
  row.due_at = after(now, wait);
}

// All that our log has signed is under its newest view: what its key signed besides is a fork.
void Cosigner::take_shown(Row& row, const Delivered& delivered, UnixMillis now) {
  const ShownCheckpoint shown = judge_shown(*log_.view(), policy_, answer_in(delivered));
  fail(row, now, {}, row.claim + "; it " + shown.detail);
  if (shown.proves_fork) raise_alarm(row, shown.detail);
}

void Cosigner::raise_alarm(const Row& row, const std::string& proof) {
  const std::string url =
      row.url + WitnessClient::checkpoint_path(log_.view()->checkpoint().origin);
  round_.reset();
  changed_ = true;
  const auto raised =
      publication_.raise_alarm("the witness " + row.name + " proves a fork: " + url + " " + proof);
  if (!raised) untold_.push_back("the alarm could not be stored: " + raised.error().detail);
}

// The next round asks again after the first failure; after more of them it is left alone for
// longer, but never for more than a minute.
void Cosigner::fail(Row& row, UnixMillis now, milliseconds pause, std::string why) {
  row.state = Row::State::idle;
  ++row.failures;
  if (row.last_failure != why) untold_.push_back("the witness " + row.name + " failed: " + why);
  row.last_failure = std::move(why);
  milliseconds wait{0};
  if (++row.failures_in_a_row > 1) {
    wait = options_.interval;
    for (unsigned i = 1; i < row.failures_in_a_row && wait < pause_max; ++i) wait *= 2;
  }
  row.not_before = after(now, std::max(pause, std::min(wait, pause_max)));
}

bool Cosigner::round_has_quorum() const {
  return trust_checkpoint(format_note(round_->note), policy_).has_value();
}

// Cosignatures of an earlier round of the same checkpoint still say what they said.
void Cosigner::publish(UnixMillis now) {
  Note note = round_->note;
  const auto before = publication_.view();
  if (before->size() == round_->head->size() && !before->checkpoint_note().empty()) {
    const Note earlier = note_of(*before);
    for (const Row& row : rows_) {
      const NoteSignature* line = line_of(earlier, row.client.key());
      if (line != nullptr && line_of(note, row.client.key()) == nullptr) {
        note.signatures.push_back(*line);
      }
    }
  }
  const bool fresh = round_has_quorum();
  Bytes octets = format_note(note);
  const bool quorum = trust_checkpoint(octets, policy_).has_value();
  const auto published = publication_.publish(*round_->head, std::move(octets));
  if (!published) return;  // Nothing is shown that is not stored; the next round tries again.
  round_->published = round_->note.signatures.size();
  has_quorum_ = quorum;
  if (fresh) renewed_at_ = now;
  changed_ = true;
}

void Cosigner::end_round(UnixMillis now) {
  const bool more = round_->note.signatures.size() > std::max<std::size_t>(1, round_->published);
  const bool newer = publication_.view()->size() < round_->head->size();
  if (round_->published > 0 || round_has_quorum()) {
    if (more) publish(now);
  } else if (options_.without_quorum == WithoutQuorum::fail_open && (more || newer)) {
    publish(now);
  }
  const bool overtaken = round_->overtaken && !round_has_quorum();
  round_.reset();
  // Whoever shows the witnesses our heads before we do must not keep us from publishing one.
  hurried_ = overtaken && hurried_ < hurried_max ? hurried_ + 1 : 0;
  if (hurried_ > 0) next_round_at_ = after(now, first_again);
}

CosignerStats Cosigner::stats() const {
  CosignerStats stats;
  stats.published = publication_.view()->size();
  stats.alarm = publication_.alarm();
  const Lock lock(mutex_);
  stats.quorum = has_quorum_;
  for (const Row& row : rows_) {
    stats.witnesses.push_back(
        {row.name, row.client.last_size(), row.last_success, row.failures, row.last_failure});
  }
  const UnixMillis now = clock_.now();
  const std::uint64_t age = 2 * static_cast<std::uint64_t>(options_.renew.count());
  stats.count = policy_.quorum_count(
      cosigned_since(stats.witnesses, UnixMillis{now.value > age ? now.value - age : 0}));
  stats.quorum_as_of = quorum_as_of(stats.witnesses, policy_);
  return stats;
}

Result<void> check_cosigning_policy(const TrustPolicy& policy, const NoteVerifier& log_key) {
  const auto wrong = [](std::string what) { return malformed("policy-unfit", std::move(what)); };
  const auto& logs = policy.logs();
  if (std::find(logs.begin(), logs.end(), log_key) == logs.end()) {
    return wrong("it does not trust this log's key, " + log_key.to_string());
  }
  if (!policy.needs_witnesses()) return wrong("its quorum is none: it asks for no witness");
  TargetRules rules;
  rules.lab_mode = true;  // The operator names the witnesses: they may be anywhere.
  for (const TrustPolicy::Witness& witness : policy.witnesses()) {
    if (witness.url.empty()) {
      return wrong("the witness " + witness.name + " has no URL to ask it at");
    }
    if (const auto url = check_target_url(witness.url, rules); !url) {
      return within("the witness " + witness.name, url.error());
    }
  }
  return {};
}

}  // namespace cpl
