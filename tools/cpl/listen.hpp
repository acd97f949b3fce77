// The two ways of `cpl listen`: a webhook receiver, and a reader of the stream.
#pragma once

#include "registry/event/event_check.hpp"
#include "tools/cpl/between.hpp"
#include "tools/cpl/filter_options.hpp"

namespace cpl {

struct ListenOptions {
  std::string policy;
  FilterOptions filter;
  std::optional<std::uint64_t> from;
  std::uint64_t limit = 0;

  std::string exec;  // The command that each event is handed to; empty: none.
  std::uint64_t exec_seconds = 10;

  bool stream = false;
  std::filesystem::path cursor_file;  // Empty: nothing is remembered.

  std::string listen = "127.0.0.1:0";  // Where the webhook receiver listens,
  std::string url;                     // and where it is reached from, if elsewhere.
};

Result<EventFilter> wished_filter(const ListenOptions& options);
// What is known of the entries before an event: ", GAP: …", ", nothing withheld …".
std::string before_text(const BetweenReader& between, const ListenOptions& options,
                        const Told& told);
// Hands a verified event to the command, if there is one. It is run again until it has ended with
// status 0, so that it may see an event more than once.
Result<void> hand_over(const ListenOptions& options, const Json& event);
Result<void> listen_to_stream(const Cli& cli, const ListenOptions& options, TrustPolicy policy);

}  // namespace cpl
