#include "api/pages/state_words.hpp"

namespace cpl {

StateWords model_state(Said model) {
  if (model["status"].text() == "removed") {
    const std::string_view why = model["dcc_status"].text();
    return {Tone::bad, why.empty() ? "Removed" : "Removed: " + std::string(why),
            "Devices of this model are suspended."};
  }
  if (model["under_notice"].is_true()) {
    return {Tone::warn, "Under notice", "It is still on the list, and its removal is under way."};
  }
  return {Tone::good, "Listed", "It may be used."};
}

StateWords standing_words(std::string_view standing) {
  if (standing == "confirmed") {
    return {Tone::good, "Confirmed", "Final minutes hold these words."};
  }
  if (standing == "contradicted") {
    return {Tone::bad, "Contradicted", "Final minutes say otherwise: do not act on it."};
  }
  return {Tone::warn, "Provisional", "Final minutes are awaited."};
}

StateWords notice_state(std::string_view state) {
  if (state == "received") {
    return {Tone::info, "Received", "The Service Desk checks it against the minutes."};
  }
  if (state == "validated") {
    return {Tone::good, "Validated", "The Service Desk found it genuine. The removal may follow."};
  }
  if (state == "rejected") {
    return {Tone::bad, "Rejected", "The Service Desk rejected it: nothing is removed by it."};
  }
  if (state == "applied") {
    return {Tone::good, "Applied", "It is done in the DCC's systems."};
  }
  if (state == "withdrawn") {
    return {Tone::info, "Taken back", "SECAS took it back: nothing is removed by it."};
  }
  return {Tone::info, "Issued", "The Service Desk has not said yet that it received it."};
}

std::string basis_words(std::string_view basis) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> known = {
      {{"CERT_WITHDRAWN", "a certificate was withdrawn"},
       {"CERT_CANCELLED", "a certificate was cancelled"},
       {"CPA_EXPIRED", "the CPA certificate expired"},
       {"PANEL_DECISION", "the Panel decided so"},
       {"SUPERSEDED_TS", "its technical specification was superseded"},
       {"ENTRY_ERROR", "it should not have been on the list"}}};
  for (const auto& [code, words] : known) {
    if (code == basis) return std::string(words);
  }
  return std::string(basis);
}

std::string proposal_basis_words(std::string_view basis) {
  return basis == "PANEL_DECISION" ? "for the Panel to decide" : basis_words(basis);
}

std::string certificate_name(std::string_view kind) {
  if (kind == "cpa") return "CPA";
  if (kind == "zigbee") return "ZigBee";
  if (kind == "dlms") return "DLMS";
  return std::string(kind);
}

std::string role_name(std::string_view role) {
  if (role == "panel") return "Panel";
  if (role == "registrar") return "Registrar (Code Administrator)";
  if (role == "service_desk") return "DCC Service Desk";
  if (role == "log") return "The log itself";
  return std::string(role);
}

std::string desk_step_words(std::string_view step) {
  if (step == "notify") return "Give the notice";
  if (step == "receive") return "Say that it was received";
  if (step == "validate") return "Validate or reject";
  if (step == "apply") return "Say that it is applied";
  return std::string(step);
}

std::string device_type_name(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> known = {
      {{"ESME", "electricity meter"},
       {"GSME", "gas meter"},
       {"CH", "communications hub"},
       {"PPMID", "prepayment display"},
       {"HCALCS", "load control switch"},
       {"SAPC", "standalone auxiliary load control switch"}}};
  for (const auto& [word, words] : known) {
    if (word == type) return std::string(word) + ", " + std::string(words);
  }
  return std::string(type);
}

void write_tag(HtmlWriter& html, const StateWords& state) {
  write_tag(html, state.tone, state.word);
}

}  // namespace cpl
