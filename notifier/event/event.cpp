#include "notifier/event/event.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/query/evidence_builder.hpp"

namespace cpl {
namespace {

nlohmann::ordered_json envelope_of(const Event& event, const EventContext& context,
                                   const EventOptions& options) {
  nlohmann::ordered_json json = {{"specversion", "1.0"},
                                 {"id", "entry-" + std::to_string(event.sequence.value)},
                                 {"source", options.source},
                                 {"type", options.type_prefix + "." + event.kind},
                                 {"subject", event.subject},
                                 {"time", format_time(event.time)},
                                 {"datacontenttype", "application/json"},
                                 {"sequence", format_sequence(event.sequence)}};
  if (context.previous) json["prevsequence"] = format_sequence(*context.previous);
  if (!context.terms_met.empty()) json["termsmet"] = context.terms_met;
  json["partitionkey"] = event.subject;
  return json;
}

nlohmann::ordered_json ending_json(const CoverEnding& ending, const Event& event,
                                   const EventContext& context, const EventOptions& options) {
  auto json = envelope_of(event, context, options);
  json["id"] = ending_id(ending);
  json.erase("sequence");
  json["data"] = {{"model", ending.model.text()}, {"certificate", word_of(CertificateKind::cpa)},
                  {"kind", word_of(ending.kind)}, {"end_date", ending.end.text()},
                  {"months", ending.months},      {"day", told_on(ending).text()},
                  {"index", ending.entry.value},  {"leaf", to_base64(event.leaf)},
                  {"summary", event.summary}};
  return json;
}

}  // namespace

Result<Bytes> format_ending(const CoverEnding& ending, const EventContext& context,
                            const LogView& log, const EventOptions& options) {
  const Event event = event_of(ending, TRY(log.leaf(ending.entry)));
  auto json = ending_json(ending, event, context, options);
  json["data"]["proof"] = TRY(build_tlog_proof(log, ending.entry));
  return json.dump();
}

Bytes format_ending_for_ever(const CoverEnding& ending, const Event& event,
                             const EventContext& context, const EventOptions& options) {
  return ending_json(ending, event, context, options).dump();
}

Result<Bytes> format_event(const Event& event, const EventContext& context, const LogView& log,
                           const EventOptions& options) {
  const std::string proof = TRY(build_tlog_proof(log, event.sequence));
  auto json = envelope_of(event, context, options);
  json["data"] = {{"index", event.sequence.value},
                  {"leaf", to_base64(event.leaf)},
                  {"proof", proof},
                  {"summary", event.summary}};
  return json.dump();
}

Bytes format_event_for_ever(const Event& event, const EventContext& context,
                            const EventOptions& options) {
  auto json = envelope_of(event, context, options);
  json["data"] = {
      {"index", event.sequence.value}, {"leaf", to_base64(event.leaf)}, {"summary", event.summary}};
  return json.dump();
}

UnixMillis checkpoint_time(UnixMillis now, const EventOptions& options) {
  const std::chrono::milliseconds interval = options.checkpoint_interval;
  const auto length = static_cast<std::uint64_t>(interval.count());
  return UnixMillis{now.value - now.value % length};
}

Result<Bytes> format_checkpoint_event(const LogView& log, UnixMillis time,
                                      const std::optional<EntryIndex>& previous,
                                      const EventOptions& options) {
  if (log.size().value == 0) {
    return Error{Errc::not_found, "log-empty", "the log has no checkpoint while it is empty"};
  }
  const std::string size = std::to_string(log.size().value);
  nlohmann::ordered_json json = {{"specversion", "1.0"},
                                 {"id", "checkpoint-" + size + "-" + format_time(time)},
                                 {"source", options.source},
                                 {"type", options.type_prefix + "." + std::string(checkpoint_kind)},
                                 {"subject", "log"},
                                 {"time", format_time(time)},
                                 {"datacontenttype", "application/json"}};
  if (previous) json["prevsequence"] = format_sequence(*previous);
  json["data"] = {{"log_size", log.size().value},
                  {"cursor", format_sequence(EntryIndex{log.size().value - 1})},
                  {"checkpoint", log.checkpoint_note()},
                  {"summary", "The log is signed at " + size + " entries"}};
  return json.dump();
}

}  // namespace cpl
