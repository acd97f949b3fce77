#include "notifier/subscription/verification.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/subscription/delivery.hpp"
#include "registry/base/http_tokens.hpp"
#include "registry/base/json.hpp"

namespace cpl {
namespace {

constexpr std::size_t challenge_size = 32;
constexpr std::uint64_t rate_max = 1'000'000;
constexpr std::uint64_t millis_per_day = 86'400'000;
// Delay before the next attempt by failed attempts so far, in seconds; the last one for ever.
constexpr std::array<std::uint64_t, 7> schedule = {5, 30, 300, 1800, 7200, 21'600, 86'400};

Error not_verified(std::string detail) {
  return Error{Errc::unavailable, "receiver-not-verified", std::move(detail)};
}

// Of these the reason says nothing of a network: what a certificate is anybody may see, and mail is
// our own.
constexpr std::array<std::string_view, 8> told_to_all = {
    "delivery-tls-failed", "mailbox-asked-often",     "mail-refused",    "code-expired",
    "code-wrong",          "mail-server-unreachable", "mail-queue-full", "code-replaced"};

Error not_reached(const Error& error) {
  const bool is_told =
      std::find(told_to_all.begin(), told_to_all.end(), error.code) != told_to_all.end();
  if (is_told) return not_verified(error.detail);
  return not_verified(
      "the receiver was not reached over trusted HTTPS, or did not answer in time: no host of that "
      "name, a closed port, a firewall, or an address that notices do not go to");
}

// What the answer gives back; empty where it is no answer to a challenge.
std::string echo_of(const Delivered& answer) {
  if (media_type(answer.content_type.value_or("")) != "application/json") return "";
  const auto json = parse_json(answer.body);
  if (!json || !json->is_object()) return "";
  const auto member = json->find("challenge");
  return member != json->end() && member->is_string() ? member->get<std::string>() : "";
}

std::string status_text(const Delivered& answer) { return std::to_string(answer.status); }

}  // namespace

std::string new_challenge() { return to_base64url(random_bytes(challenge_size)); }

Result<std::uint64_t> consent_of(const Result<Delivered>& answer, std::string_view origin) {
  if (!answer) return not_reached(answer.error());
  const std::string allowed = answer->allowed_origin.value_or("");
  if (!is_success(answer) || (allowed != "*" && !same_token(allowed, origin))) {
    return not_verified("the receiver answered our OPTIONS request with " + status_text(*answer) +
                        " and did not consent: its answer needs the header WebHook-Allowed-Origin "
                        "with the value " +
                        std::string(origin) + " or *");
  }
  if (!answer->allowed_rate || *answer->allowed_rate == "*") return std::uint64_t{0};
  const auto rate = read_digits(*answer->allowed_rate);
  if (!rate || *rate == 0) {
    return not_verified(
        "the receiver's WebHook-Allowed-Rate is neither * nor a number of requests a minute");
  }
  return std::min(*rate, rate_max);
}

Result<void> check_echo(const Result<Delivered>& answer, std::string_view challenge,
                        UnixMillis expires, UnixMillis now) {
  if (!answer) return not_reached(answer.error());
  if (now >= expires) return not_verified("the receiver answered the challenge too late");
  if (is_success(answer) && equal_in_constant_time(echo_of(*answer), challenge)) return {};
  return not_verified(
      "the receiver answered our challenge with " + status_text(*answer) +
      " and did not give it back: it must answer with Content-Type "
      "application/json and {\"challenge\": what data.challenge of the event says}");
}

bool renewal_is_due(UnixMillis verified, UnixMillis now) {
  return now.value >= verified.value + 75 * millis_per_day;
}
bool consent_is_over(UnixMillis verified, UnixMillis now) {
  return now.value >= verified.value + 90 * millis_per_day;
}

UnixMillis next_verification(std::uint64_t failed, UnixMillis now, double spread) {
  const std::size_t at = std::min<std::size_t>(failed, schedule.size());
  return spread_delay(now, schedule[at == 0 ? 0 : at - 1], spread);
}

}  // namespace cpl
