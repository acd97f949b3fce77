#include "api/accounts/report.hpp"

#include <nlohmann/json.hpp>

#include "registry/statement/statement_json_fields.hpp"

namespace cpl {
namespace {

constexpr std::size_t text_size_max = 2000;
constexpr std::size_t owner_size_max = 100;
constexpr std::size_t entries_max = 20;

std::optional<ReportedCertificate> read_certificate(FieldReader& reader, FieldErrors& errors) {
  if (!reader.has("certificate")) return std::nullopt;
  FieldReader of(reader.object("certificate"), reader.pointer_to("certificate"), errors);
  ReportedCertificate certificate;
  certificate.kind = of.word<CertificateKind>("kind");
  certificate.event = of.word<CertificateEvent>("event");
  of.done();
  return certificate;
}

ReportContent read_content(FieldReader& reader, FieldErrors& errors) {
  ReportContent content{fields::model_of(reader, "model"), read_certificate(reader, errors), {}};
  content.text = reader.text("text", text_size_max, "\n");
  return content;
}

ReportAnswer read_answer(FieldReader& reader) {
  ReportAnswer answer;
  answer.outcome = reader.word<ReportOutcome>("outcome");
  answer.text = reader.text("text", text_size_max, "\n");
  if (!reader.has("entries")) return answer;
  for (const Json& entry : reader.array("entries", 0, entries_max)) {
    if (entry.is_number_unsigned() && entry.get<std::uint64_t>() <= json_integer_max) {
      answer.entries.push_back(EntryIndex{entry.get<std::uint64_t>()});
    } else {
      reader.fail("entries", "must hold the numbers of entries");
    }
  }
  return answer;
}

Json to_json(const ReportContent& content) {
  Json json = {{"model", content.model.text()}, {"text", content.text}};
  if (content.certificate) {
    const auto [kind, event] = *content.certificate;
    json["certificate"] = {{"kind", word_of(kind)}, {"event", word_of(event)}};
  }
  return json;
}

Json to_json(const ReportAnswer& answer) {
  Json json = {
      {"outcome", word_of(answer.outcome)}, {"text", answer.text}, {"entries", Json::array()}};
  for (const EntryIndex entry : answer.entries) json["entries"].push_back(entry.value);
  return json;
}

template <class Part>
Result<Part> checked(Part part, const FieldErrors& errors, const std::string& what) {
  if (errors.empty()) return part;
  return invalid_fields("validation-failed", what, errors);
}

}  // namespace

Result<ReportContent> read_report_content(const Json& json) {
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  ReportContent content = read_content(reader, errors);
  reader.done();
  return checked(std::move(content), errors, "the report");
}

Result<ReportAnswer> read_report_answer(const Json& json, UnixMillis at) {
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  ReportAnswer answer = read_answer(reader);
  answer.at = at;
  reader.done();
  return checked(std::move(answer), errors, "the answer");
}

Json to_json(const Report& report) {
  Json json = to_json(report.content);
  json["number"] = report.number;
  json["party"] = report.owner;
  json["received"] = format_time(report.received);
  json["state"] = report.waits() ? "waiting" : "answered";
  json["answers"] = Json::array();
  for (const ReportAnswer& answer : report.answers) {
    Json one = to_json(answer);
    one["at"] = format_time(answer.at);
    json["answers"].push_back(std::move(one));
  }
  return json;
}

Bytes encode(const Report& report) {
  Json json = to_json(report.content);
  json["number"] = report.number;
  json["owner"] = report.owner;
  json["received"] = report.received.value;
  json["answers"] = Json::array();
  for (const ReportAnswer& answer : report.answers) {
    Json one = to_json(answer);
    one["at"] = answer.at.value;
    json["answers"].push_back(std::move(one));
  }
  return canonical_json(json);
}

Result<Report> decode_report(BytesView value) {
  const auto json = parse_json(value);
  if (!json) return corrupt("a stored report is no JSON: " + json.error().detail);
  FieldErrors errors;
  FieldReader reader(*json, "#", errors);
  Report report{reader.integer("number", 1, json_integer_max),
                reader.text("owner", owner_size_max),
                UnixMillis{reader.integer("received", 0, json_integer_max)},
                read_content(reader, errors),
                {}};
  for (const Json& one : reader.array("answers", 0, report_answers_max)) {
    FieldReader of(one, "#/answers", errors);
    ReportAnswer answer = read_answer(of);
    answer.at = UnixMillis{of.integer("at", 0, json_integer_max)};
    of.done();
    report.answers.push_back(std::move(answer));
  }
  reader.done();
  if (!errors.empty()) return corrupt("a stored report is wrong: " + describe(errors));
  return report;
}

}  // namespace cpl
