#include "api/pages/own_words.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view mailbox_scheme = "mailto:";

bool says_so(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::string_view advice_without_answer(std::string_view failure) {
  if (says_so(failure, "refused")) {
    return "Start your receiver, and let it listen at the port of the address.";
  }
  if (says_so(failure, "TLS") || says_so(failure, "certificate")) {
    return "Mend the receiver's certificate: it must be valid, for this host, with its whole "
           "chain.";
  }
  if (says_so(failure, "in time")) {
    return "Let the receiver store the event and answer at once, and do the work after that. If "
           "nothing arrives there, look for a firewall in between.";
  }
  if (says_so(failure, "address") || says_so(failure, "host")) {
    return "Look whether the address is right and its name is known to the public DNS.";
  }
  return "Look whether the receiver runs and can be reached from outside your network.";
}

std::string_view advice_by_status(std::uint64_t status) {
  if (status < 300) return "Let the receiver answer as the sentence above says.";
  if (status < 400) {
    return "Redirections are not followed: change the subscription to the address that it leads "
           "to.";
  }
  if (status == 401 || status == 403) {
    return "The receiver turns the registry away. Let requests with a valid signature through.";
  }
  if (status == 404 || status == 405) {
    return "Nothing takes events at this address. Change the address, or mend the receiver's path.";
  }
  if (status == 410) return "The receiver says that it is gone. Resume when it is there again.";
  if (status == 413) return "Let the receiver take bodies of 1 MB.";
  if (status == 429) {
    return "Let the receiver answer OPTIONS with WebHook-Allowed-Rate: the registry keeps to it.";
  }
  return "The fault is in the receiver: look into its own log at that time.";
}

}  // namespace

StateWords subscription_state(std::string_view state) {
  if (state == "active") return {Tone::good, "Active", "Events are sent as they come."};
  if (state == "paused") {
    return {Tone::grey, "Paused",
            "Nothing is sent. When you resume, it goes on from where it was."};
  }
  if (state == "quarantined") {
    return {Tone::bad, "Quarantined",
            "The receiver failed too often. Nothing is lost: the oldest event is tried every hour, "
            "and the first that is taken ends this."};
  }
  if (state == "retired") return {Tone::grey, "Ended", "Nothing is sent any more."};
  return {Tone::warn, "Pending", "Nothing is sent until the receiver says that it wants it."};
}

StateWords attempt_outcome(Said attempt) {
  if (attempt["outcome"].text() == "delivered") return {Tone::good, "Delivered", {}};
  return {Tone::bad, "Failed", {}};
}

StateWords report_state(Said report) {
  if (report["state"].text() == "answered") return {Tone::good, "Answered", {}};
  return {Tone::info, "Waiting", "SECAS has not answered yet."};
}

bool is_mailbox(std::string_view url) { return url.starts_with(mailbox_scheme); }

std::string_view receiver_kind(Said subscription) {
  if (!is_mailbox(subscription["url"].text())) return "Webhook";
  return subscription["delivery"].text() == "daily" ? "Mailbox, one message a day" : "Mailbox";
}

std::string_view receiver_address(std::string_view url) {
  return is_mailbox(url) ? url.substr(mailbox_scheme.size()) : url;
}

std::optional<std::uint64_t> entry_of(Said sequence) {
  std::string_view digits = sequence.text();
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty() && !sequence.text().empty()) digits = "0";
  return from_decimal(digits);
}

std::string failure_words(std::string_view failure) {
  return ascii_upper(failure.substr(0, 1)) +
         std::string(failure.substr(std::min<std::size_t>(failure.size(), 1))) + ".";
}

std::string sent_words(Said attempt) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> known = {
      {{"checkpoint", "the log's checkpoint"},
       {"canary", "the weekly sign of life"},
       {"news", "news of another subscription"},
       {"test", "your test"},
       {"consent", "the question whether it wants events"},
       {"challenge", "the challenge"},
       {"digest", "the message of the day"},
       {"renewal", "the question whether it still wants events"},
       {"advisory", "an advisory"}}};
  const std::string_view what = attempt["what"].text();
  for (const auto& [word, words] : known) {
    if (word == what) return std::string(words);
  }
  const auto entry = entry_of(attempt["sequence"]);
  return entry ? "entry " + std::to_string(*entry) : std::string(what);
}

std::string attempt_advice(Said attempt) {
  if (attempt["outcome"].text() == "delivered") return {};
  const std::string_view failure = attempt["failure"].text();
  if (failure.starts_with("the mail server")) {
    return "Ask whoever runs your mail what this answer means, and let mail of the registry "
           "through.";
  }
  const std::uint64_t status = attempt["status"].count();
  return std::string(status == 0 ? advice_without_answer(failure) : advice_by_status(status));
}

}  // namespace cpl
