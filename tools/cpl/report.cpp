// cpl report: what a Party or the Service Desk tells SECAS, and what the operator answers.
#include "registry/base/json.hpp"
#include "registry/statement/charter.hpp"
#include "registry/statement/statement.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/reason_option.hpp"
#include "tools/cpl/told.hpp"

namespace cpl {
namespace {

const std::string reports_path = "/v1/reports";
const std::string reports_operator_path = "/v1/operator/reports";

struct ReportOptions {
  std::uint64_t number = 0;
  std::string model;
  std::string scheme;
  std::string event;
  std::string reason;
  std::string reason_file;
  std::string outcome;
  std::vector<std::uint64_t> entries;
  bool all = false;
};

std::string reported_text(const Json& report) {
  const auto certificate = report.find("certificate");
  if (certificate == report.end()) return "the entry is wrong";
  return text_of(*certificate, "kind") + " certificate " + text_of(*certificate, "event");
}

std::string state_text(const Json& report, std::size_t width = 0) {
  const std::string state = text_of(report, "state");
  const std::string text = width == 0 ? state : column(state, width);
  return state == "answered" ? green(text) : bold(text);
}

std::string report_line(const Json& report) {
  return column(text_of(report, "number"), 7) + state_text(report, 10) +
         column(text_of(report, "model"), 36) + reported_text(report) + "\n";
}

// Each of its lines, set in: none of them is taken for one of ours.
std::string words_text(const Json& said) {
  std::string text = "    ";
  const std::string words = said.value("text", "");
  for (std::size_t at = 0; at <= words.size();) {
    const std::size_t end = std::min(words.find('\n', at), words.size());
    if (at > 0) text += "\n    ";
    text += printable(std::string_view(words).substr(at, end - at));
    at = end + 1;
  }
  return text + "\n";
}

std::string entries_text(const Json& answer) {
  std::string text;
  for (const Json& entry : answer.value("entries", Json::array())) {
    text += (text.empty() ? "" : ", ") + entry.dump();
  }
  if (text.empty()) return text;
  return (answer["entries"].size() == 1 ? ", entry " : ", entries ") + text;
}

std::string report_text(const Json& report) {
  std::string text = bold("report " + text_of(report, "number")) + "  " + state_text(report) +
                     "\n  model     " + text_of(report, "model") + "\n  reported  " +
                     reported_text(report) + ", by " + text_of(report, "party") + " at " +
                     told_time(text_of(report, "received")) + "\n" + words_text(report);
  for (const Json& answer : report.value("answers", Json::array())) {
    const bool acted = text_of(answer, "outcome") == "acted";
    text += "  answered  " + std::string(acted ? "acted on it" : "no action is needed") + ", at " +
            told_time(text_of(answer, "at")) + entries_text(answer) + "\n" + words_text(answer);
  }
  return text;
}

// All of them, page by page.
Result<Json> all_reports(const HttpClient& client, const std::string& path) {
  Json reports = Json::array();
  std::string before;
  TRY_VOID(for_each_row(client, {path, "reports", "after"}, [&](const Json& row) -> Result<void> {
    const std::string number = std::to_string(TRY(number_in(row, "number")));
    if (!before.empty() && !goes_on(before, number, Direction::rising)) {
      return evidence_mismatch("the registry's reports are not in their order: report " + number);
    }
    before = number;
    reports.push_back(row);
    return {};
  }));
  return Json{{"reports", std::move(reports)}};
}

Result<void> send(const Cli& cli, const ReportOptions& options) {
  TRY_VOID(check_identity(cli.identity));
  const std::string words = TRY(read_required_reason(options.reason, options.reason_file));
  Json body = {{"model", options.model}, {"text", words}};
  if (!options.scheme.empty()) {
    body["certificate"] = {{"kind", options.scheme}, {"event", options.event}};
  }
  const Json report = TRY(json_of(TRY(cli.client().create(reports_path, body.dump(), json_type))));
  for (const auto& [member, sent] : body.items()) {
    TRY_VOID(check_told(report, member.c_str(), sent));
  }
  cli.print(report, report_text(report) + "Its answer will be in: cpl report show " +
                        text_of(report, "number"));
  return {};
}

Result<void> list_reports(const Cli& cli) {
  TRY_VOID(check_identity(cli.identity));
  const Json answer = TRY(all_reports(cli.client(), reports_path + "?limit=100"));
  std::string text;
  for (const Json& report : answer["reports"]) text += report_line(report);
  cli.print(answer, text.empty() ? "you have sent no report; cpl report send sends one" : text);
  return {};
}

Result<void> show_report(const Cli& cli, const ReportOptions& options) {
  TRY_VOID(check_identity(cli.identity));
  const Json report =
      TRY(cli.client().get_json(reports_path + "/" + std::to_string(options.number)));
  TRY_VOID(check_told(report, "number", options.number));
  cli.print(report, report_text(report));
  return {};
}

Result<void> show_waiting(const Cli& cli, const ReportOptions& options) {
  const Json answer = TRY(all_reports(
      cli.client(), reports_operator_path + "?limit=100" + (options.all ? "" : "&waiting=true")));
  std::string text;
  for (const Json& report : answer["reports"]) {
    text += (text.empty() ? "" : "\n") + report_text(report);
  }
  cli.print(answer, text.empty() ? "no report waits for an answer" : text);
  return {};
}

Result<void> answer(const Cli& cli, const ReportOptions& options) {
  const std::string words = TRY(read_required_reason(options.reason, options.reason_file));
  const Json body = {{"outcome", options.outcome}, {"text", words}, {"entries", options.entries}};
  const std::string path =
      reports_operator_path + "/" + std::to_string(options.number) + "/answers";
  const Json report = TRY(json_of(TRY(cli.client().create(path, body.dump(), json_type))));
  TRY_VOID(check_told(report, "number", options.number));
  const Json answers = report.value("answers", Json::array());
  if (answers.empty()) return evidence_mismatch("the registry's report has no answer");
  TRY_VOID(check_told(answers.back(), "outcome", options.outcome));
  TRY_VOID(check_told(answers.back(), "text", words));
  cli.print(report, report_text(report));
  return {};
}

CLI::App* add_report_sub(CLI::App& parent, const std::string& name, const std::string& description,
                         const std::string& example) {
  return add_command(parent, name, description, "CPL_TOKEN=... cpl report " + example);
}

void add_reason_options(CLI::App& command, ReportOptions& options) {
  CLI::Option* reason =
      command.add_option("--reason", options.reason, "Your report or answer in words");
  command.add_option("--reason-file", options.reason_file, reason_file_help)->excludes(reason);
}

void add_sending_command(Cli& cli, CLI::App& report, std::shared_ptr<ReportOptions> options) {
  CLI::App* command =
      add_report_sub(report, "send", "Report a certificate's end, or an entry that is wrong",
                     "send ESME-9A01-00040405-12081B34 --scheme cpa --event withdrawn "
                     "--reason \"The scheme withdrew it on 20 November.\"");
  command->add_option("model", options->model, "The model, as cpl list names it")->required();
  CLI::Option* scheme =
      choose_from(command->add_option("--scheme", options->scheme,
                                      "Which certificate; none where the entry is wrong"),
                  certificate_kind_words);
  CLI::Option* event = choose_from(
      command->add_option("--event", options->event, "What became of it"), certificate_event_words);
  scheme->needs(event);
  event->needs(scheme);
  add_reason_options(*command, *options);
  add_dry_run(cli, *command);
  command->callback([&cli, options] { cli.run([&] { return send(cli, *options); }); });
}

void add_answering_commands(Cli& cli, CLI::App& report, std::shared_ptr<ReportOptions> options) {
  CLI::App* waiting = add_report_sub(report, "waiting",
                                     "Show what waits for an answer, as the operator", "waiting");
  waiting->add_flag("--all", options->all, "Those that are answered, too");
  waiting->callback([&cli, options] { cli.run([&] { return show_waiting(cli, *options); }); });

  CLI::App* answered =
      add_report_sub(report, "answer", "Answer a report, as the operator",
                     "answer 1 --outcome acted --reason \"Recorded.\" --entry 1510");
  answered->add_option("number", options->number, "The report's number")->required();
  choose(answered->add_option("--outcome", options->outcome, "Whether something was done"),
         {"acted", "no_action"})
      ->required();
  add_reason_options(*answered, *options);
  answered->add_option("--entry", options->entries, "The entries of the log that came of it");
  add_dry_run(cli, *answered);
  answered->callback([&cli, options] { cli.run([&] { return answer(cli, *options); }); });
}

}  // namespace

void add_report_commands(Cli& cli) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* report =
      add_command(cli.app, "report", "Tell SECAS of a certificate's end or a wrong entry",
                  "CPL_TOKEN=... cpl report send ESME-9A01-00040405-12081B34 --scheme cpa "
                  "--event withdrawn --reason \"The scheme withdrew it on 20 November.\"");
  report->require_subcommand(1);
  add_sending_command(cli, *report, options);

  CLI::App* listed = add_report_sub(*report, "list", "Show the reports that you sent", "list");
  listed->callback([&cli] { cli.run([&] { return list_reports(cli); }); });

  CLI::App* shown = add_report_sub(*report, "show", "Show one of them, with its answers", "show 1");
  shown->add_option("number", options->number, "The report's number")->required();
  shown->callback([&cli, options] { cli.run([&] { return show_report(cli, *options); }); });

  add_answering_commands(cli, *report, options);
}

}  // namespace cpl
