#include "registry/minutes/minutes.hpp"

namespace cpl {
namespace {

void write_attendance(std::string& out, std::string_view heading,
                      const std::vector<OutlineAttendance>& rows) {
  if (rows.empty()) return;
  out += '\n';
  out += heading;
  out += '\n';
  for (const OutlineAttendance& row : rows) {
    out += "  " + row.category + ":";
    for (const std::string& name : row.names) {
      out += (&name == &row.names.front() ? " " : ", ") + name;
    }
    out += '\n';
  }
}

void write_item(std::string& out, const OutlineItem& item) {
  out += "\n" + std::to_string(item.number) + ". " + item.title;
  if (item.confidential) out += "  [confidential: the substance is elsewhere]";
  out += '\n';
  for (const OutlineDecision& decision : item.decisions) {
    out += "   Decision " + std::to_string(item.number) + "/" + std::to_string(decision.ordinal) +
           ", " + decision.verb + (decision.ex_committee ? ", ex-committee" : "") +
           (decision.formal ? ": " : ", in running text: ") + decision.text + "\n";
  }
  for (const OutlineAction& action : item.actions) {
    out += "   Action " + action.ref + " (" + action.owner.value_or("owner not said");
    if (action.due) out += ", by " + *action.due;
    out += "): " + action.text + "\n";
  }
  for (const OutlineAdmission& admission : item.admissions) {
    out += "   Admitted as a Party: " + admission.legal_name + " (" + admission.category + ")\n";
  }
  for (const std::string& note : item.notes) out += "   Post meeting note: " + note + "\n";
}

}  // namespace

std::string_view minutes_status_word(const std::optional<MinutesStatus>& status) {
  if (!status) return "unknown";
  return *status == MinutesStatus::draft ? "draft" : "final";
}

std::string minutes_outline_text(const MinutesOutline& outline) {
  const OutlineMeeting& meeting = outline.meeting;
  std::string out = meeting.title + "\n" + meeting.ref + ", " +
                    meeting.date.value_or("date not readable") +
                    ", status: " + std::string(minutes_status_word(meeting.status)) + "\n";
  if (!meeting.place.empty()) out += meeting.place + "\n";
  write_attendance(out, "Attendance", outline.attendance);
  write_attendance(out, "Apologies", outline.apologies);
  for (const OutlineItem& item : outline.items) write_item(out, item);
  if (!outline.outstanding_actions.empty()) out += "\nActions outstanding from earlier meetings\n";
  for (const OutlineOutstandingAction& action : outline.outstanding_actions) {
    out += "   " + action.ref + ": " + action.text + "\n";
  }
  out += outline.unplaced.empty() ? "\nEvery line was placed.\n"
                                  : "\nNot placed: read these lines in the document\n";
  for (const OutlineUnplaced& unplaced : outline.unplaced) {
    out += "   line " + std::to_string(unplaced.line) + ", " + unplaced.reason + ": " +
           unplaced.text + "\n";
  }
  return out;
}

}  // namespace cpl
