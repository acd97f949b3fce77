#include "notifier/subscription/delivery.hpp"

#include <ctime>

#include "crypto/encoding.hpp"
#include "notifier/subscription/verification.hpp"
#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

// Delay before the next attempt by failed attempts so far, in seconds.
constexpr std::array<std::uint64_t, 9> party_schedule = {5,     300,   1800,  7200, 18000,
                                                         36000, 50400, 72000, 86400};
constexpr std::array<std::uint64_t, 4> desk_schedule = {5, 30, 60, 300};
// The desk is tried every five minutes for two days before people are told.
constexpr std::uint64_t desk_attempts_max = 4 + 2 * 86'400 / 300;
constexpr std::uint64_t quarantine_probe_seconds = 3600;
constexpr std::uint64_t retry_after_seconds_max = 3600;
constexpr double spread_low = 0.8;
constexpr double spread_width = 0.4;
constexpr std::size_t failure_size_max = 300;

std::uint64_t scheduled_delay(const Subscription& subscription) {
  const std::size_t failed = subscription.attempt;  // At least 1 here.
  if (subscription.state == SubscriptionState::quarantined) return quarantine_probe_seconds;
  if (subscription.audience == Audience::service_desk) {
    return desk_schedule[std::min(failed, desk_schedule.size()) - 1];
  }
  return party_schedule[std::min(failed, party_schedule.size()) - 1];
}

bool is_exhausted(const Subscription& subscription) {
  return subscription.audience == Audience::service_desk
             ? subscription.attempt > desk_attempts_max
             : subscription.attempt > party_schedule.size();
}

// In seconds. "Sun, 06 Nov 1994 08:49:37 GMT" and the two forms of before it (RFC 9110, 5.6.7).
std::optional<std::uint64_t> parse_http_date(const std::string& text) {
  std::tm date{};
  const auto is_of = [&](const char* form) {
    date = {};
    const char* end = ::strptime(text.c_str(), form, &date);
    return end != nullptr && *end == '\0';
  };
  constexpr std::array<const char*, 3> forms = {
      "%a, %d %b %Y %H:%M:%S GMT", "%a, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"};
  if (std::none_of(forms.begin(), forms.end(), is_of)) return std::nullopt;
  const std::time_t seconds = ::timegm(&date);
  return seconds < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(seconds));
}

// How long the endpoint asks to be left alone, in whole seconds.
std::optional<std::uint64_t> asked_delay(const Result<Delivered>& outcome, UnixMillis now) {
  if (!outcome || !outcome->retry_after) return std::nullopt;
  if (outcome->status != 429 && outcome->status != 503) return std::nullopt;
  auto seconds = read_digits(*outcome->retry_after);
  if (!seconds) {
    const auto date = parse_http_date(*outcome->retry_after);
    const std::uint64_t present = now.value / 1000;
    if (date) seconds = *date > present ? *date - present : 0;
  }
  if (!seconds) return std::nullopt;
  return std::clamp<std::uint64_t>(*seconds, 1, retry_after_seconds_max);
}

// What was delivered need not be sent again.
void note_delivered(Subscription& subscription, const Sent& sent) {
  if (const auto* entry = std::get_if<EntryIndex>(&sent)) {
    subscription.cursor = EntryIndex{entry->value + 1};
    subscription.delivered = *entry;
  } else if (const auto* checkpoint = std::get_if<SentCheckpoint>(&sent)) {
    subscription.checkpoint_told = checkpoint->interval;
  } else if (const auto* canary = std::get_if<SentCanary>(&sent)) {
    subscription.canary_told = canary->interval;
  } else if (const auto* digest = std::get_if<SentDigest>(&sent)) {
    if (digest->last) {
      subscription.cursor = EntryIndex{digest->last->value + 1};
      subscription.delivered = digest->last;
    }
    subscription.endings_told = digest->endings;
    subscription.digest_told = digest->day;
  } else if (const auto* ending = std::get_if<SentEnding>(&sent)) {
    subscription.endings_told = ending->place;
  } else if (std::holds_alternative<SentNews>(sent) && !subscription.news.empty()) {
    subscription.news.erase(subscription.news.begin());
  }
}

}  // namespace

bool is_success(const Result<Delivered>& outcome) {
  return outcome && outcome->status >= 200 && outcome->status <= 299;
}

std::string failure_sentence(const Result<Delivered>& outcome) {
  if (!outcome) return outcome.error().detail.substr(0, failure_size_max);
  const std::string status = std::to_string(outcome->status);
  if (outcome->words.empty()) return "the endpoint answered " + status;
  return "the mail server answered " + status + ": " + outcome->words;
}

UnixMillis spread_delay(UnixMillis now, std::uint64_t seconds, double spread) {
  const double factor = spread_low + spread_width * spread;
  const auto millis = static_cast<std::uint64_t>(static_cast<double>(seconds) * 1000.0 * factor);
  return UnixMillis{now.value + millis};
}

UnixMillis latest_attempt(const Subscription& subscription, UnixMillis now) {
  if (subscription.attempt == 0) return now;
  if (subscription.state == SubscriptionState::pending) {
    return next_verification(subscription.attempt, now, 1.0);
  }
  const std::uint64_t seconds = std::max(scheduled_delay(subscription), retry_after_seconds_max);
  return spread_delay(now, seconds, 1.0);
}

void note_outcome(Subscription& subscription, const Sent& sent, const Result<Delivered>& outcome,
                  UnixMillis now, double spread) {
  if (is_success(outcome)) {
    note_delivered(subscription, sent);
    subscription.attempt = 0;
    if (subscription.state == SubscriptionState::quarantined) {
      set_state(subscription, SubscriptionState::active, now);
    }
    subscription.next_attempt_at = now;
    ++subscription.deliveries;
    subscription.last_failure.clear();
    return;
  }
  ++subscription.attempt;
  subscription.last_failure = failure_sentence(outcome);
  // The desk is tried for its two days whatever its endpoint says: people are told of it then.
  const bool gone = outcome && (outcome->status == 410 || outcome->permanent) &&
                    subscription.audience != Audience::service_desk;
  if (subscription.state == SubscriptionState::active && (gone || is_exhausted(subscription))) {
    set_state(subscription, SubscriptionState::quarantined, now);
  }
  const UnixMillis scheduled = spread_delay(now, scheduled_delay(subscription), spread);
  const UnixMillis asked{now.value + asked_delay(outcome, now).value_or(0) * 1000};
  subscription.next_attempt_at = std::max(scheduled, asked);
}

}  // namespace cpl
