#include "tools/cpl/subscription_text.hpp"

#include "crypto/encoding.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

std::string state_text(const std::string& state, std::size_t width = 0) {
  const std::string text = width == 0 ? state : column(state, width);
  if (state == "active") return green(text);
  return state == "quarantined" ? red(text) : bold(text);
}

std::string joined(const Json& list) {
  std::string text;
  for (const Json& item : list) {
    text += (text.empty() ? "" : ", ") +
            printable(item.is_string() ? item.get<std::string>() : item.dump());
  }
  return text;
}

std::string filter_text(const Json& filter) {
  std::string text;
  std::string advisories;
  for (const auto& [name, list] : filter.items()) {
    if (name == "classifications") {
      advisories = ", and advisories that are " + joined(list);
    } else {
      text += (text.empty() ? "" : "; ") + printable(name) + " " + joined(list);
    }
  }
  return (text.empty() ? "everything" : text) + advisories;
}

std::string row(const char* name, const std::string& value) {
  return value.empty() ? "" : "  " + column(name, 12) + value + "\n";
}

std::string keys_text(const Json& subscription) {
  std::string text = "generation " + text_of(subscription, "key_generation");
  for (const Json& old : subscription.value("old_keys", Json::array())) {
    text += "; " + text_of(old, "key_generation") + " signs too until " +
            told_time(text_of(old, "until"));
  }
  return text;
}

std::string receiver_text(const Json& subscription) {
  const std::string verified = text_of(subscription, "verified");
  const std::string rate = text_of(subscription, "requests_per_minute_max");
  return (verified.empty() ? "not verified" : "verified " + told_time(verified)) +
         (rate.empty() ? "" : ", takes " + rate + " requests a minute");
}

std::string delivery_line(const Json& attempt) {
  const bool failed = text_of(attempt, "outcome") == "failed";
  const std::string status = text_of(attempt, "status");
  const std::string took = text_of(attempt, "took_millis");
  std::string line =
      column(text_of(attempt, "number"), 6) + column(told_time(text_of(attempt, "time")), 26) +
      column(text_of(attempt, "what"), 13) + column(text_of(attempt, "sequence"), 21) +
      (failed ? red("failed   ") : green("delivered")) + "  " +
      column(status.empty() ? "-" : status, 4) + (took.empty() ? "" : took + " ms") + "\n";
  const std::string answer = text_of(attempt, "answer");
  const std::string next = text_of(attempt, "next_attempt");
  if (failed) {
    line += "      " + text_of(attempt, "failure") +
            (next.empty() ? "" : "; next attempt " + told_time(next)) + "\n";
    if (!answer.empty()) line += "      it said: " + answer + "\n";
  }
  return line;
}

}  // namespace

std::string subscription_line(const Json& subscription) {
  return column(text_of(subscription, "id"), 26) + state_text(text_of(subscription, "state"), 12) +
         text_of(subscription, "url") + "\n";
}

std::string subscription_text(const Json& subscription) {
  std::string text = bold(text_of(subscription, "id")) + "  " +
                     state_text(text_of(subscription, "state")) + " since " +
                     told_time(text_of(subscription, "state_since")) + "\n";
  text += row("url", text_of(subscription, "url"));
  text += row("wants", filter_text(subscription.value("filter", Json::object())));
  text += row("cursor", "entry " + text_of(subscription, "cursor") + " comes next; " +
                            text_of(subscription, "deliveries") + " delivered");
  text += row("receiver", receiver_text(subscription));
  text += row("keys", keys_text(subscription));
  const std::string next = text_of(subscription, "next_attempt");
  text += row("trouble", text_of(subscription, "last_failure"));
  if (!next.empty()) {
    text += row("retries", text_of(subscription, "failed_attempts") + " failed, the next is due " +
                               told_time(next));
  }
  return text;
}

std::string deliveries_text(const Json& answer) {
  std::string text;
  for (const Json& attempt : answer.value("deliveries", Json::array())) {
    text += delivery_line(attempt);
  }
  if (answer.contains("before")) {
    text += "older ones: --before " + text_of(answer, "before") + "\n";
  }
  return text.empty() ? "nothing was sent yet" : text;
}

std::string preview_text(const Json& answer) {
  const bool complete = answer.value("complete", true);
  const auto count = answer.value("count", std::uint64_t{0});
  std::string text = std::string(complete ? "" : "more than ") + counted(count, "event") +
                     " since " + told_time(text_of(answer, "since")) + "; the newest:\n";
  for (const Json& event : answer.value("newest", Json::array())) {
    text += "  " + text_of(event, "sequence") + "  " + told_time(text_of(event, "time")) + "  " +
            in_uk_time(text_of(event, "summary")) + "\n";
  }
  return text;
}

}  // namespace cpl
