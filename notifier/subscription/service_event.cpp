#include "notifier/subscription/service_event.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::chrono::minutes day{24 * 60};
constexpr std::size_t test_id_octets = 13;  // 26 hexadecimal digits.
constexpr std::size_t mark_octets = 8;
constexpr std::size_t addresses_size_max = 1200;

std::string subject_of(const std::string& subscription) { return "subscription/" + subscription; }

nlohmann::ordered_json envelope(const std::string& id, std::string_view kind,
                                const std::string& subject, UnixMillis time,
                                const EventOptions& options) {
  return {{"specversion", "1.0"},
          {"id", id},
          {"source", options.source},
          {"type", options.type_prefix + "." + std::string(kind)},
          {"subject", subject},
          {"time", format_time(time)},
          {"datacontenttype", "application/json"}};
}

Hash canary_hash(std::string_view subscription, std::uint64_t number) {
  Bytes tail;
  append_u64(tail, number);
  return sha256({"cpl/canary", BytesView("\0", 1), subscription, BytesView("\0", 1), tail});
}

std::string_view state_word(NewsKind kind) {
  switch (kind) {
    case NewsKind::quarantined:
      return "quarantined";
    case NewsKind::recovered:
      return "active";
    case NewsKind::unsubscribed:
      return "paused";
    case NewsKind::lapsed:
      return "pending";
  }
  return "";
}

std::string sentence_of(NewsKind kind) {
  switch (kind) {
    case NewsKind::quarantined:
      return " takes no notices: we try it once an hour, and no event is lost";
    case NewsKind::recovered:
      return " takes notices again and catches up";
    case NewsKind::lapsed:
      return " is paused: its receiver has not renewed consent for 90 days. We keep asking; no "
             "event is lost";
    case NewsKind::unsubscribed:
      return " was unsubscribed by its mailbox and is paused: name another mailbox, or resume it";
  }
  return "";
}

nlohmann::ordered_json news_event(const StateNews& news, const std::string& id,
                                  const EventOptions& options) {
  const bool recovered = news.kind == NewsKind::recovered;
  auto json = envelope(id, recovered ? "subscription.recovered.v1" : "subscription.quarantined.v1",
                       subject_of(news.subscription), news.at, options);
  json["data"] = {{"subscription", news.subscription},
                  {"state", state_word(news.kind)},
                  {"summary", "Your subscription " + news.subscription + sentence_of(news.kind)}};
  return json;
}

std::string step_word(DeskStep step) { return std::string(word_of(step)); }

std::string what_is_late(DeskStep step) {
  switch (step) {
    case DeskStep::notify:
      return "is later than it may be";
    case DeskStep::receive:
      return "has no receipt of the Service Desk";
    case DeskStep::validate:
      return "is neither validated nor rejected by the Service Desk";
    case DeskStep::apply:
      return "is not applied by the DCC, as far as its receipts say";
  }
  return "";
}

nlohmann::ordered_json news_event(const ClockNews& news, const std::string& id,
                                  const EventOptions& options) {
  const std::string notice = std::to_string(news.notice.value);
  auto json = envelope(id, "desk.late.v1", "notice/" + notice, news.at, options);
  json["data"] = {
      {"notice", news.notice.value},
      {"step", step_word(news.step)},
      {"due", format_time(news.due)},
      {"models", news.models},
      {"summary", "LATE: notice " + notice + " " + what_is_late(news.step) + "; that was due at " +
                      format_time(news.due) + ". It concerns " + std::to_string(news.models) +
                      (news.models == 1 ? " model" : " models")}};
  return json;
}

}  // namespace

std::string new_test_id() { return "tst_" + to_hex(random_bytes(test_id_octets)); }

std::string canary_id(const Subscription& subscription, UnixMillis interval) {
  const Hash hash = canary_hash(subscription.id, interval.value);
  return "tst_" + to_hex(hash.view().substr(0, test_id_octets));
}

Bytes format_test_event(const TestEvent& test, const EventOptions& options) {
  auto json = envelope(test.id, "test.v1", subject_of(test.subscription), test.time, options);
  json["expirytime"] = format_time(test.expires);
  if (test.challenge.empty()) {
    json["data"] = {{"summary", "TEST: no change of the list; there is nothing to do"}};
  } else {
    json["data"] = {{"challenge", test.challenge},
                    {"summary",
                     "TEST: answer with Content-Type application/json and "
                     "{\"challenge\": the same} to be sent notices here"}};
  }
  return json.dump();
}

std::string news_id(const News& news) {
  if (const auto* clock = std::get_if<ClockNews>(&news)) {
    return "late_" + std::to_string(clock->notice.value) + "_" + step_word(clock->step) + "_" +
           std::to_string(clock->at.value);
  }
  const auto& state = std::get<StateNews>(news);
  return "sta_" + state.subscription + "_" + std::to_string(state.at.value);
}

Bytes format_news(const News& news, const EventOptions& options) {
  return std::visit(
      [&](const auto& one) { return Bytes(news_event(one, news_id(news), options).dump()); }, news);
}

FieldMark mark_of(std::string_view field) {
  return FieldMark(sha256(field).view().substr(0, mark_octets));
}

std::string advisory_id(const Advisory& advisory) {
  return "adv_" + std::to_string(advisory.entry.value) + "_" + to_hex(advisory.mark);
}

// The command is named and not the address: a sentence that is mailed has no link in it.
Bytes format_advisory(const Advisory& advisory, const EventOptions& options) {
  const std::string entry = std::to_string(advisory.entry.value);
  auto json = envelope(advisory_id(advisory), "advisory.published.v1", "entry/" + entry,
                       advisory.since, options);
  json["dataclassification"] = advisory.classification;
  json["dataref"] = options.entries_address + entry + "/openings";
  json["data"] = {{"entry", advisory.entry.value},
                  {"summary", "A restricted text of entry " + entry +
                                  " may be read by you now, with your credentials: cpl openings "
                                  "read " +
                                  entry}};
  Bytes body = json.dump();
  check(body.size() <= advisory_size);
  body.resize(advisory_size, ' ');
  return body;
}

Result<void> check_advisories_fit(const EventOptions& options) {
  const std::size_t addresses =
      options.source.size() + options.type_prefix.size() + options.entries_address.size();
  if (addresses <= addresses_size_max) return {};
  return malformed("addresses-too-long",
                   "the log's origin, the prefix of its events and the public URL must have " +
                       std::to_string(addresses_size_max) + " characters together at most");
}

UnixMillis digest_day(const Subscription& subscription, UnixMillis now) {
  return canary_time(subscription, now, day);
}

UnixMillis next_digest_day(const Subscription& subscription) {
  const std::chrono::milliseconds length = day;
  return UnixMillis{subscription.digest_told.value + static_cast<std::uint64_t>(length.count())};
}

UnixMillis canary_time(const Subscription& subscription, UnixMillis now,
                       std::chrono::minutes interval) {
  constexpr std::uint64_t minute = 60'000;
  const auto length = static_cast<std::uint64_t>(interval.count());
  const Hash hash = canary_hash(subscription.id, 0);
  const std::uint64_t own = read_big_endian(hash.view().substr(0, 8)) % length * minute;
  if (now.value < own) return UnixMillis{0};
  return UnixMillis{now.value - (now.value - own) % (length * minute)};
}

}  // namespace cpl
