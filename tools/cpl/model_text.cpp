#include "tools/cpl/model_text.hpp"

#include "tools/cpl/answer_text.hpp"

namespace cpl {
namespace {

constexpr std::size_t label_width = 15;
constexpr std::array<std::pair<const char*, const char*>, 3> certificates = {
    {{"zigbee", "ZigBee"}, {"dlms", "DLMS"}, {"cpa", "CPA"}}};

class Lines {
 public:
  explicit Lines(std::string head) : text_(std::move(head) + "\n") {}

  // Nothing where there is no value.
  void add(const std::string& label, const std::string& value) {
    if (!value.empty()) text_ += "  " + column(label, label_width) + value + "\n";
  }
  // The label stands before the first.
  void add_all(const std::string& label, const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) add(i == 0 ? label : "", values[i]);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string in_brackets(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

std::string after(const std::string& words, const std::string& text) {
  return text.empty() ? "" : words + text;
}

void add_identity(const Json& model, Lines& lines) {
  const Json& device = model.at("model");
  lines.add("made by",
            text_of(device, "manufacturer_name") + in_brackets(text_of(device, "manufacturer_id")));
  lines.add("hardware",
            text_of(device, "model_id") + ", version " + text_of(device, "hardware_version"));
  lines.add("firmware", text_of(device, "firmware_version") +
                            after(", printed ", text_of(device, "firmware_version_printed")));
  lines.add("meets", text_of(model, "ts") + after(", GBCS ", text_of(device, "gbcs_version")) +
                         after(", ESME variant ", text_of(device, "esme_variant")) +
                         after(", ", text_of(device, "han_variant")));
  lines.add("image hash", text_of(device, "image_hash"));
  lines.add("list number", text_of(model, "cpl_entry_id"));
}

void add_status(const Json& model, Lines& lines) {
  lines.add("since", told_time(text_of(model, "effective_from")) + ", entry " +
                         text_of(model, "changed_at"));
  if (text_of(model, "status") == "removed") {
    lines.add("DCC status", text_of(model, "dcc_status"));
    lines.add("notice", "entry " + text_of(model, "notice"));
    const Json& authority = model.at("authority");
    lines.add("decided by", decision_text(authority.at("reference")) + " (entry " +
                                text_of(authority, "entry") + ", " +
                                text_of(authority, "standing") + ")");
    lines.add("", "\"" + text_of(authority, "text") + "\"");
  } else if (model.value("under_notice", false)) {
    lines.add("notice", "under notice of removal, entry " + text_of(model, "notice"));
  }
}

void add_certificates(const Json& model, Lines& lines) {
  const Json held = model.at("model").value("certificates", Json::object());
  const Json lapsed = model.value("lapsed", Json::object());
  for (const auto& [kind, name] : certificates) {
    if (held.contains(kind)) {
      const Json& one = held.at(kind);
      lines.add(name, text_of(one, "number") + ", issued " + text_of(one, "issue_date") +
                          after(", expires ", text_of(one, "expiry_date")) +
                          after(", to be renewed by ", text_of(one, "renewal_date")));
    }
    if (lapsed.contains(kind)) {
      const Json& event = lapsed.at(kind);
      lines.add("", red(text_of(event, "event") + " on " + text_of(event, "date")) + ", entry " +
                        text_of(event, "entry"));
    }
  }
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> found;
  for (const Json& one : list) {
    if (one.is_string()) found.push_back(printable(one.get<std::string>()));
  }
  return found;
}

void add_firmware(const Json& model, Lines& lines) {
  const Json& device = model.at("model");
  lines.add_all("upgrade from", texts(device.value("predecessors", Json::array())));
  lines.add_all("also listed", texts(model.value("listed_firmware", Json::array())));
  lines.add("contact", text_of(device, "fir_contact"));
  lines.add("notes", text_of(device, "fir_notes"));
}

void add_history(const Json& history, Lines& lines) {
  std::vector<std::string> steps;
  for (const Json& entry : history.value("entries", Json::array())) {
    steps.push_back("entry " + column(text_of(entry, "index"), 8) +
                    told_time(text_of(entry, "time")) + "  " +
                    in_uk_time(text_of(entry, "summary")));
  }
  lines.add_all("history", steps);
}

}  // namespace

std::string model_text(const Json& model, const Json& history) {
  const std::string status = text_of(model, "status");
  Lines lines(bold(text_of(model, "id")) + "  " +
              (status == "listed" ? green(status) : red(status)));
  add_identity(model, lines);
  add_status(model, lines);
  add_certificates(model, lines);
  add_firmware(model, lines);
  add_history(history, lines);
  lines.add("log size", text_of(model, "log_size"));
  return lines.take();
}

}  // namespace cpl
