// cpl listen --stream: follows the stream of changes as a Party would. Every event is checked
// before its cursor is remembered, so that whatever ends this, the next run goes on behind it.
#include <poll.h>

#include <iostream>

#include "api/feed/filter_query.hpp"
#include "notifier/event/event.hpp"
#include "registry/event/event_check.hpp"
#include "tools/cpl/listen.hpp"
#include "tools/shared/sse_reader.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

constexpr std::size_t cursor_file_size_max = 64;
constexpr std::uint64_t retry_millis_default = 5'000;
constexpr std::uint64_t retry_millis_max = 60'000;

class StreamFollower {
 public:
  StreamFollower(const Cli& cli, const ListenOptions& options, TrustPolicy policy)
      : cli_(cli),
        options_(options),
        policy_(std::move(policy)),
        checker_(policy_),
        client_(cli.client()) {}

  Result<void> run() {
    TRY_VOID(read_cursor_file());
    between_.emplace(client_, policy_, TRY(wished_filter(options_)), Audience::parties);
    while (!enough()) {
      std::uint64_t retry_millis = retry_millis_default;
      TRY_VOID(follow(retry_millis));
      if (enough()) break;
      if (failed_runs_ > 0) retry_millis = pause_after(failed_runs_, retry_millis);
      std::cerr << "the stream ended; going on behind "
                << (checker_.cursor() ? format_sequence(*checker_.cursor()) : "the head") << " in "
                << retry_millis << " ms" << std::endl;
      ::poll(nullptr, 0, static_cast<int>(retry_millis));
    }
    return {};
  }

 private:
  // Twice as long after each failure of the command, up to five minutes.
  static std::uint64_t pause_after(unsigned failed_runs, std::uint64_t retry_millis) {
    const std::uint64_t pause = retry_millis << std::min(failed_runs - 1, 6U);
    return std::min<std::uint64_t>(pause, 300'000);
  }

  bool enough() const { return options_.limit != 0 && count_ >= options_.limit; }

  Result<void> read_cursor_file() {
    if (options_.from && *options_.from > 0) {
      checker_.resume_from(EntryIndex{*options_.from - 1});
    }
    if (options_.cursor_file.empty() || !std::filesystem::exists(options_.cursor_file)) return {};
    Bytes text = TRY(read_file(options_.cursor_file, cursor_file_size_max));
    if (!text.empty() && text.back() == '\n') text.pop_back();
    const auto cursor = parse_sequence(text);
    if (!cursor) {
      return malformed("cursor-malformed",
                       options_.cursor_file.string() + " holds no cursor of twenty digits");
    }
    checker_.resume_from(*cursor);
    return {};
  }

  Result<std::string> target() const {
    const std::string query = filter_query(TRY(wished_filter(options_)));
    const bool from_start = options_.from && *options_.from == 0 && !checker_.cursor();
    const std::string start = from_start ? "?after=earliest" : "";
    if (query.empty()) return "/v1/changes/stream" + start;
    return "/v1/changes/stream" + start + (start.empty() ? "?" : "&") + query;
  }

  // One connection, until it ends. What only time can mend is no error.
  Result<void> follow(std::uint64_t& retry_millis) {
    SseReader reader([this](const ServerSentEvent& event) { return take(event); });
    std::vector<std::string> headers = {"Accept: text/event-stream"};
    if (checker_.cursor()) {
      headers.push_back("Last-Event-ID: " + format_sequence(*checker_.cursor()));
    }
    Result<void> taken;
    const std::string path = TRY(target());
    auto ended = client_.stream(path, headers, [&](BytesView octets) {
      taken = reader.feed(octets);
      return taken.has_value() && !enough();
    });
    retry_millis = std::min(reader.retry_millis().value_or(retry_millis_default), retry_millis_max);
    if (!taken && failed_runs_ > 0) return {};
    if (!taken) return taken;
    if (ended || ended.error().errc == Errc::overloaded ||
        ended.error().errc == Errc::unavailable) {
      return {};
    }
    return ended;
  }

  // Where the command fails, the event is read again: the cursor stays before it.
  Result<void> run_for(const Json& event, const Told& told) {
    auto run = hand_over(options_, event);
    failed_runs_ = run ? 0 : failed_runs_ + 1;
    if (run) return {};
    std::cerr << printable(run.error().detail) << std::endl;
    check(told.sequence->value > 0);  // Entry 0 is the first charter, which is no event.
    checker_.resume_from(told.before.value_or(EntryIndex{told.sequence->value - 1}));
    return run;
  }

  Result<void> take(const ServerSentEvent& event) {
    if (enough()) return {};  // Came with the last one; the next run takes it.
    const Json json = TRY(parse_json(event.data));
    const Told told = TRY(checker_.check(json));
    if (told.sequence) TRY_VOID(run_for(json, told));
    const std::string before = before_text(*between_, options_, told);
    const std::string verdict = "  [proof ok" + before + (told.repeated ? ", seen before]" : "]");
    if (cli_.json && !before.empty())
      std::cerr << printable(in_uk_time(told.line) + verdict) << std::endl;
    std::cout << (cli_.json ? shown_json(json.dump()) : printable(in_uk_time(told.line) + verdict))
              << std::endl;
    if (!options_.cursor_file.empty() && checker_.cursor()) {
      TRY_VOID(write_file(options_.cursor_file, format_sequence(*checker_.cursor()) + "\n",
                          Secrecy::open));
    }
    if (told.sequence) ++count_;
    return {};
  }

  const Cli& cli_;
  const ListenOptions& options_;
  const TrustPolicy policy_;
  EventChecker checker_;
  HttpClient client_;
  std::optional<BetweenReader> between_;
  std::uint64_t count_ = 0;   // Of entries.
  unsigned failed_runs_ = 0;  // Of the command, one after another.
};

}  // namespace

Result<void> listen_to_stream(const Cli& cli, const ListenOptions& options, TrustPolicy policy) {
  return StreamFollower(cli, options, std::move(policy)).run();
}

}  // namespace cpl
