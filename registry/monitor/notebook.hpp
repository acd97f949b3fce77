// The monitor's notebook: which alarms stand since when, what has not been told to everybody yet,
// and what it is patient about. Kept from round to round in a file, so that a restart neither
// repeats an alarm nor loses one.
#pragma once

#include "registry/monitor/monitor.hpp"

namespace cpl {

struct StandingAlarm {
  Alarm alarm;
  UnixMillis since;
};

// That an alarm began or ended; each is told once to each listener.
struct AlarmEvent {
  bool cleared = false;
  StandingAlarm standing;
  UnixMillis at;
};

// As those who are told read it, on one line.
std::string event_json(const AlarmEvent& event, const std::string& source);

inline constexpr std::size_t untold_events_max = 1000;  // For each listener; the oldest go first.

class MonitorNotebook {
 public:
  static Result<MonitorNotebook> parse(BytesView text);
  Bytes format() const;

  // What began and what ended with this judgement, and puts it down for every listener.
  std::vector<AlarmEvent> update(const MonitorJudgement& judgement, UnixMillis now,
                                 const std::vector<std::string>& listeners);

  // Tells the listener what is still to be told, in order, until it fails. The error is its own.
  using Tell = std::function<Result<void>(const AlarmEvent& event)>;
  Result<void> tell(const std::string& listener, const Tell& tell);

  const std::map<std::string, StandingAlarm>& standing() const { return standing_; }
  std::size_t untold(const std::string& listener) const;

  MonitorPatience patience;

 private:
  std::map<std::string, StandingAlarm> standing_;          // By key.
  std::map<std::string, std::vector<AlarmEvent>> untold_;  // By listener, oldest first.
};

}  // namespace cpl
