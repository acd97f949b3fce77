// A report: what a Party or the Service Desk tells SECAS of a model on the list: that a certificate
// was withdrawn, say, or that its entry is wrong. It has a number and gets an answer. It changes
// nothing on the list: people and their signatures do.
#pragma once

#include "api/accounts/party.hpp"
#include "registry/base/words.hpp"
#include "registry/statement/charter.hpp"
#include "registry/statement/model.hpp"
#include "registry/statement/statement.hpp"

namespace cpl {

// What is said of one certificate of the model.
struct ReportedCertificate {
  CertificateKind kind{};
  CertificateEvent event{};
};

struct ReportContent {
  ModelId model;
  std::optional<ReportedCertificate> certificate;  // Absent: it is the entry that is wrong.
  std::string text;                                // Lines, 2000 octets.
};

enum class ReportOutcome : std::uint8_t { acted, no_action };
inline constexpr std::array<std::string_view, 2> report_outcome_words = {"acted", "no_action"};
template <>
struct Words<ReportOutcome> {
  static constexpr const auto& list = report_outcome_words;
};
inline constexpr std::size_t report_answers_max = 10;

struct ReportAnswer {
  UnixMillis at;
  ReportOutcome outcome{};
  std::string text;                 // Lines, 2000 octets.
  std::vector<EntryIndex> entries;  // Of the log: what was done. Up to 20.
};

struct Report {
  std::uint64_t number = 0;  // From 1, without a gap.
  std::string owner;         // The Party that sent it.
  UnixMillis received;
  ReportContent content;
  std::vector<ReportAnswer> answers;  // The first one first; a later one adds to it.

  bool waits() const { return answers.empty(); }
};

// Errors are `validation-failed`, with every fault and its place.
Result<ReportContent> read_report_content(const Json& json);
Result<ReportAnswer> read_report_answer(const Json& json, UnixMillis at);
// As its owner and the operator see it.
Json to_json(const Report& report);

Bytes encode(const Report& report);
Result<Report> decode_report(BytesView value);

}  // namespace cpl
