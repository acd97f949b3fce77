#include "registry/minutes/json.hpp"

#include <nlohmann/json.hpp>

namespace cpl {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson or_null(const std::optional<std::string>& text) {
  return text ? OrderedJson(*text) : OrderedJson(nullptr);
}

OrderedJson to_json(const OutlineMeeting& meeting) {
  OrderedJson out;
  out["ref"] = meeting.ref;
  out["number"] = meeting.number;
  out["date"] = or_null(meeting.date);
  out["place"] = meeting.place.empty() ? OrderedJson(nullptr) : OrderedJson(meeting.place);
  out["status"] =
      meeting.status ? OrderedJson(minutes_status_word(meeting.status)) : OrderedJson(nullptr);
  return out;
}

OrderedJson to_json(const OutlineAttendance& row) {
  OrderedJson out;
  out["category"] = row.category;
  out["names"] = row.names;
  return out;
}

OrderedJson to_json(const OutlineDecision& decision) {
  OrderedJson out;
  out["ordinal"] = decision.ordinal;
  out["verb"] = decision.verb;
  out["formal"] = decision.formal;
  out["text"] = decision.text;
  out["text_sha256"] = decision.text_sha256;
  return out;
}

OrderedJson to_json(const OutlineAction& action) {
  OrderedJson out;
  out["ref"] = action.ref;
  out["owner"] = or_null(action.owner);
  out["text"] = action.text;
  out["due"] = or_null(action.due);
  return out;
}

template <class T>
OrderedJson to_array(const std::vector<T>& values, OrderedJson (*write)(const T&)) {
  OrderedJson out = OrderedJson::array();
  for (const T& value : values) out.push_back(write(value));
  return out;
}

OrderedJson to_json(const OutlineAdmission& admission) {
  OrderedJson out;
  out["legal_name"] = admission.legal_name;
  out["category"] = admission.category;
  return out;
}

OrderedJson to_json(const OutlineItem& item) {
  OrderedJson out;
  out["number"] = item.number;
  out["title"] = item.title;
  out["confidential"] = item.confidential;
  out["decisions"] = to_array(item.decisions, to_json);
  out["actions"] = to_array(item.actions, to_json);
  out["notes"] = item.notes;
  if (!item.admissions.empty()) out["admissions"] = to_array(item.admissions, to_json);
  return out;
}

OrderedJson to_json(const OutlineOutstandingAction& action) {
  OrderedJson out;
  out["ref"] = action.ref;
  out["text"] = action.text;
  return out;
}

OrderedJson to_json(const OutlineUnplaced& unplaced) {
  OrderedJson out;
  out["line"] = unplaced.line;
  out["reason"] = unplaced.reason;
  out["text"] = unplaced.text;
  return out;
}

}  // namespace

nlohmann::ordered_json minutes_to_json(const MinutesOutline& outline) {
  OrderedJson out;
  out["meeting"] = to_json(outline.meeting);
  out["attendance"] = to_array(outline.attendance, to_json);
  out["apologies"] = to_array(outline.apologies, to_json);
  out["items"] = to_array(outline.items, to_json);
  out["outstanding_actions"] = to_array(outline.outstanding_actions, to_json);
  out["unplaced"] = to_array(outline.unplaced, to_json);
  return out;
}

}  // namespace cpl
