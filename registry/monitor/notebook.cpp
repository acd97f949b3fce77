#include "registry/monitor/notebook.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view format_name = "cpl/monitor/v1";
constexpr std::size_t list_max = 1'000'000;
constexpr std::size_t note_max = 1U << 20U;

Json to_json(const StandingAlarm& standing) {
  const Alarm& alarm = standing.alarm;
  Json json = {{"key", alarm.key},
               {"scope", alarm.scope},
               {"code", alarm.code},
               {"detail", alarm.detail},
               {"since", standing.since.value},
               {"checkpoints", alarm.checkpoints}};
  if (alarm.entry) json["entry"] = alarm.entry->value;
  return json;
}

UnixMillis read_millis(FieldReader& reader, std::string_view name) {
  return UnixMillis{reader.integer(name, 0, json_integer_max)};
}

StandingAlarm read_standing(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  StandingAlarm standing{{reader.text("key", note_max),
                          reader.text("scope", note_max),
                          reader.text("code", note_max),
                          reader.text("detail", note_max, "\n"),
                          {},
                          {}},
                         read_millis(reader, "since")};
  if (const auto entry = reader.optional_integer("entry", 0, json_integer_max)) {
    standing.alarm.entry = EntryIndex{*entry};
  }
  for (const Json& note : reader.array("checkpoints", 0, 2)) {
    if (note.is_string()) {
      standing.alarm.checkpoints.push_back(note.get<std::string>());
    } else {
      reader.fail("checkpoints", "holds something that is not a signed note");
    }
  }
  reader.done();
  return standing;
}

Json to_json(const AlarmEvent& event) {
  return {{"cleared", event.cleared}, {"at", event.at.value}, {"alarm", to_json(event.standing)}};
}

AlarmEvent read_event(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  AlarmEvent event{reader.boolean("cleared"),
                   read_standing(reader.object("alarm"), reader.pointer_to("alarm"), errors),
                   read_millis(reader, "at")};
  reader.done();
  return event;
}

Json to_json(const MonitorPatience& patience) {
  Json json = {{"failures", patience.failures}, {"ahead", Json::object()}};
  for (const auto& [witness, ahead] : patience.ahead) {
    json["ahead"][witness] = {{"since", ahead.since.value}, {"checkpoint", ahead.note}};
  }
  return json;
}

MonitorPatience read_patience(const Json& value, FieldErrors& errors) {
  MonitorPatience patience;
  FieldReader reader(value, "#/patience", errors);
  for (const auto& [scope, count] : reader.object("failures").items()) {
    if (count.is_number_unsigned()) patience.failures[scope] = count.get<std::uint64_t>();
  }
  for (const auto& [witness, item] : reader.object("ahead").items()) {
    FieldReader ahead(item, "#/patience/ahead", errors);
    patience.ahead[witness] = {read_millis(ahead, "since"),
                               ahead.text("checkpoint", note_max, "\n")};
    ahead.done();
  }
  reader.done();
  return patience;
}

}  // namespace

std::string event_json(const AlarmEvent& event, const std::string& source) {
  const Alarm& alarm = event.standing.alarm;
  Json json = {{"event", event.cleared ? "cleared" : "alarm"},
               {"key", alarm.key},
               {"code", alarm.code},
               {"detail", alarm.detail},
               {"source", source},
               {"since", format_time(event.standing.since)},
               {"at", format_time(event.at)},
               {"checkpoints", alarm.checkpoints}};
  if (alarm.entry) json["entry"] = alarm.entry->value;
  return json.dump();
}

std::vector<AlarmEvent> MonitorNotebook::update(const MonitorJudgement& judgement, UnixMillis now,
                                                const std::vector<std::string>& listeners) {
  std::vector<AlarmEvent> events;
  std::set<std::string> there;
  for (const Alarm& alarm : judgement.alarms) {
    there.insert(alarm.key);
    const auto [standing, is_new] = standing_.try_emplace(alarm.key, StandingAlarm{alarm, now});
    if (is_new) events.push_back({false, standing->second, now});
    standing->second.alarm = alarm;
  }
  for (auto standing = standing_.begin(); standing != standing_.end();) {
    const std::string& scope = standing->second.alarm.scope;
    const bool over = !there.contains(standing->first) &&
                      (judgement.judged.contains(scope) || !judgement.scopes.contains(scope));
    if (over) events.push_back({true, standing->second, now});
    standing = over ? standing_.erase(standing) : std::next(standing);
  }
  for (const std::string& listener : listeners) {
    auto& untold = untold_[listener];
    untold.insert(untold.end(), events.begin(), events.end());
    if (untold.size() <= untold_events_max) continue;
    untold.erase(untold.begin(), untold.end() - static_cast<std::ptrdiff_t>(untold_events_max));
  }
  return events;
}

Result<void> MonitorNotebook::tell(const std::string& listener, const Tell& tell) {
  auto& untold = untold_[listener];
  while (!untold.empty()) {
    TRY_VOID(tell(untold.front()));
    untold.erase(untold.begin());
  }
  return {};
}

std::size_t MonitorNotebook::untold(const std::string& listener) const {
  const auto found = untold_.find(listener);
  return found == untold_.end() ? 0 : found->second.size();
}

Bytes MonitorNotebook::format() const {
  Json json = {{"format", format_name},
               {"standing", Json::array()},
               {"untold", Json::object()},
               {"patience", to_json(patience)}};
  for (const auto& [key, standing] : standing_) json["standing"].push_back(to_json(standing));
  for (const auto& [listener, events] : untold_) {
    json["untold"][listener] = Json::array();
    for (const AlarmEvent& event : events) json["untold"][listener].push_back(to_json(event));
  }
  return canonical_json(json);
}

Result<MonitorNotebook> MonitorNotebook::parse(BytesView text) {
  const Json json = TRY(parse_json(text));
  MonitorNotebook notebook;
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  if (reader.text("format", 100) != format_name) reader.fail("format", "is unknown");
  for (const Json& item : reader.array("standing", 0, list_max)) {
    StandingAlarm standing = read_standing(item, "#/standing", errors);
    notebook.standing_.insert_or_assign(standing.alarm.key, standing);
  }
  for (const auto& [listener, events] : reader.object("untold").items()) {
    auto& untold = notebook.untold_[listener];
    if (!events.is_array()) reader.fail("untold", "holds something that is not a list");
    for (const Json& item : events) untold.push_back(read_event(item, "#/untold", errors));
  }
  notebook.patience = read_patience(reader.object("patience"), errors);
  reader.done();
  if (!errors.empty()) {
    return corrupt("the monitor's notebook is damaged (" + describe(errors) +
                   "): move it away; the alarms that stand will be raised again");
  }
  return notebook;
}

}  // namespace cpl
