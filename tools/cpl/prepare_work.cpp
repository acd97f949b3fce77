// cpl withdraw, action, calendar, paper, specifications: statements of the work around the list,
// prepared for signing.
#include "crypto/hash.hpp"
#include "registry/base/csv.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/preparation.hpp"
#include "tools/cpl/reason_option.hpp"
#include "tools/cpl/work.hpp"
#include "tools/shared/files.hpp"

namespace cpl {
namespace {

constexpr std::size_t table_file_max = std::size_t{1} << 20U;
constexpr std::size_t paper_file_max = std::size_t{64} << 20U;

struct WorkOptions {
  std::string body = "SECP";
  std::string ref;
  std::string state = "closed";
  std::string due;
  std::vector<std::string> meetings;
  std::string meeting;
  std::string classification = "WHITE";
  std::string media_type = "text/markdown";
  std::uint64_t since = 0;
  std::optional<std::uint64_t> until;
  std::string proposals;
};
using Work = std::shared_ptr<WorkOptions>;

Error malformed_date(const std::string& what, const std::string& text) {
  return malformed("date-malformed", what + " must be a day such as 2026-07-09, not " + text);
}

Result<std::optional<Date>> optional_day(const std::string& what, const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  const auto day = Date::parse(text);
  if (!day) return malformed_date(what, text);
  return std::optional(*day);
}

// Which models it is about is the registry's word; the rules hold the statement to the notice.
Result<std::vector<ModelId>> models_of_notice(const HttpClient& client, std::uint64_t notice) {
  const Json answer = TRY(client.get_json("/v1/notices/" + std::to_string(notice)));
  std::vector<ModelId> models;
  for (const Json& model : answer.value("models", Json::array())) {
    models.push_back(TRY(ModelId::parse(model.is_string() ? model.get<std::string>() : "")));
  }
  return models;
}

Result<void> prepare_withdrawal(const Cli& cli, const PrepareOptions& options) {
  Sealer sealer = TRY(Sealer::create(options.seals));
  std::vector<ModelId> models = TRY(models_of_notice(cli.client(), options.notice));
  Withdrawal withdrawal{EntryIndex{options.notice}, std::move(models), Text(), {}};
  if (options.decision) withdrawal.decision = EntryIndex{*options.decision};
  const std::string why = TRY(read_required_reason(options.reason, options.reason_file));
  withdrawal.why = Text(why);
  return put_statement(cli, options, std::move(withdrawal), "registrar", sealer);
}

Result<void> prepare_action(const Cli& cli, const PrepareOptions& options,
                            const WorkOptions& work) {
  auto due = TRY(optional_day("--due", work.due));
  ActionUpdate update{work.body, work.ref, chosen<ActionState>(work.state), due, Text()};
  update.why = Text(TRY(read_required_reason(options.reason, options.reason_file)));
  return put_statement(cli, options, std::move(update), "registrar");
}

// "SECP_156_1208=2026-08-12"
Result<PlannedMeeting> planned_meeting(const std::string& text) {
  const auto at = text.find('=');
  const auto day = Date::parse(at == text.npos ? "" : text.substr(at + 1));
  if (day) return PlannedMeeting{text.substr(0, at), *day};
  return malformed("meeting-malformed",
                   "a meeting is given with its day, as SECP_156_1208=2026-08-12, not " + text);
}

Result<void> prepare_calendar(const Cli& cli, const PrepareOptions& options,
                              const WorkOptions& work) {
  MeetingCalendar calendar{work.body, {}};
  for (const std::string& text : work.meetings) {
    calendar.meetings.push_back(TRY(planned_meeting(text)));
  }
  std::sort(calendar.meetings.begin(), calendar.meetings.end(),
            [](const auto& a, const auto& b) { return a.date < b.date; });
  return put_statement(cli, options, std::move(calendar), "registrar");
}

// A table with these columns, in this order; each row by its fields.
Result<std::vector<CsvRow>> read_table(const std::string& file,
                                       const std::vector<std::string>& columns) {
  const Bytes text = TRY(read_exact_file(file, table_file_max, LineEnds::any));
  CsvReader reader = TRY(CsvReader::open(text, table_file_max));
  const auto header = TRY(reader.next());
  if (!header || header->fields != columns) {
    std::string expected;
    for (const std::string& column : columns) expected += (expected.empty() ? "" : ",") + column;
    return malformed("table-malformed", file + " must begin with the row " + expected);
  }
  std::vector<CsvRow> rows;
  while (auto row = TRY(reader.next())) rows.push_back(*std::move(row));
  return rows;
}

std::string row_name(const std::string& file, const CsvRow& row) {
  return file + ", row " + std::to_string(row.number);
}

Result<std::vector<RemovalProposal>> read_proposals(const std::string& file) {
  std::vector<RemovalProposal> proposals;
  if (file.empty()) return proposals;
  for (const CsvRow& row : TRY(read_table(file, {"model", "basis", "why"}))) {
    auto model = ModelId::parse(text_from_spreadsheet(row.fields[0]));
    if (!model) return within(row_name(file, row), model.error());
    const auto basis = read_word<RemovalBasis>(row.fields[1]);
    if (!basis) {
      return malformed("basis-unknown", row_name(file, row) + ": " + row.fields[1] +
                                            " is no basis of a removal, such as CPA_EXPIRED");
    }
    const Text why{std::string(text_from_spreadsheet(row.fields[2]))};
    const auto same = std::find_if(proposals.begin(), proposals.end(), [&](const auto& one) {
      return one.basis == *basis && one.why == why;
    });
    if (same == proposals.end()) {
      proposals.push_back({{*model}, *basis, why});
    } else {
      same->models.push_back(*model);
    }
  }
  return proposals;
}

Result<std::uint64_t> log_size(const Cli& cli) {
  const Json status = TRY(cli.client().get_json("/v1/status"));
  return number_in(status, "log_size");
}

Result<void> prepare_paper(const Cli& cli, const PrepareOptions& options, const WorkOptions& work) {
  const Bytes document = TRY(read_file(options.file, paper_file_max));
  MeetingPaper paper;
  paper.meeting = {work.body, work.meeting};
  paper.classification = work.classification;
  paper.document_sha256 = sha256(document);
  paper.document_size = document.size();
  paper.media_type = work.media_type;
  paper.since = TreeSize{work.since};
  paper.until = TreeSize{work.until ? *work.until : TRY(log_size(cli))};
  paper.proposals = TRY(read_proposals(work.proposals));
  return put_statement(cli, options, std::move(paper), "registrar");
}

Result<SpecificationRow> specification_in(const std::string& file, const CsvRow& row) {
  const auto day = [&](std::size_t column) -> Result<std::optional<Date>> {
    auto read = optional_day(row_name(file, row), row.fields[column]);
    return read;
  };
  SpecificationRow specification{row.fields[0], row.fields[1], {}, {}, {}, {}};
  if (!row.fields[2].empty()) specification.gbcs_version = row.fields[2];
  specification.installation_end = TRY(day(3));
  specification.maintenance_end = TRY(day(4));
  specification.applicability_end = TRY(day(5));
  return specification;
}

Result<void> prepare_specifications(const Cli& cli, const PrepareOptions& options) {
  Specifications table;
  for (const CsvRow& row :
       TRY(read_table(options.file, {"ts_name", "ts_version", "gbcs_version", "installation_end",
                                     "maintenance_end", "applicability_end"}))) {
    table.rows.push_back(TRY(specification_in(options.file, row)));
  }
  const Json known = TRY(cli.client().get_json("/v1/specifications"));
  table.version = TRY(number_in(known, "version")) + 1;
  return put_statement(cli, options, std::move(table), "registrar");
}

// A command whose statement is made of more than what the others share.
using PrepareWork = Result<void> (*)(const Cli&, const PrepareOptions&, const WorkOptions&);
CLI::App* add_work(Cli& cli, const std::shared_ptr<PrepareOptions>& options, const Work& work,
                   const std::string& name, const std::string& description,
                   const std::string& example, PrepareWork prepare) {
  CLI::App* command = add_prepare(cli, options, name, description, example, nullptr);
  command->callback(
      [&cli, options, work, prepare] { cli.run([&] { return prepare(cli, *options, *work); }); });
  return command;
}

void add_why(CLI::App* command, const std::shared_ptr<PrepareOptions>& options,
             const std::string& what) {
  CLI::Option* reason = command->add_option("--reason", options->reason, what);
  command->add_option("--reason-file", options->reason_file, reason_file_help)->excludes(reason);
}

void add_meeting_commands(Cli& cli, const std::shared_ptr<PrepareOptions>& options,
                          const Work& work) {
  CLI::App* calendar =
      add_work(cli, options, work, "calendar", "Prepare the calendar of a body's meetings to come",
               "cpl calendar SECP_156_1208=2026-08-12 SECP_157_0909=2026-09-09 --out calendar.stmt",
               &prepare_calendar);
  calendar->add_option("meeting", work->meetings, "Each meeting with its day")->required();
  calendar->add_option("--body", work->body, "The body that meets")->capture_default_str();

  CLI::App* paper = add_work(
      cli, options, work, "paper", "Prepare the record of the paper for a meeting's standing item",
      "cpl paper SECP_156_1208 paper.md --proposals proposals.csv --out paper.stmt",
      &prepare_paper);
  paper->add_option("meeting", work->meeting, "The meeting that it is for")->required();
  paper->add_option("file", options->file, "The paper itself; its hash goes into the log")
      ->required();
  paper->add_option("--body", work->body, "The body that meets")->capture_default_str();
  choose_from(paper->add_option("--classification", work->classification, "Of the paper"),
              classification_words)
      ->default_str("white");
  paper->add_option("--media-type", work->media_type, "Of the paper")->capture_default_str();
  paper->add_option("--since", work->since, "The first entry that it tells of")
      ->capture_default_str();
  paper->add_option("--until", work->until, "The entry before which it ends; the log's size now");
  paper->add_option("--proposals", work->proposals,
                    "Removals that it proposes: a CSV file with the columns model,basis,why");
}

}  // namespace

void add_work_commands(Cli& cli) {
  auto options = std::make_shared<PrepareOptions>();
  auto work = std::make_shared<WorkOptions>();
  CLI::App* withdraw = add_prepare(
      cli, options, "withdraw", "Prepare to take back a notice on which nothing was removed",
      "cpl withdraw 1503 --reason \"The certificate was renewed.\" --out withdrawal.stmt",
      &prepare_withdrawal);
  withdraw->add_option("notice", options->notice, "The notice's entry")->required();
  withdraw->add_option("--decision", options->decision,
                       "The decision's entry, where the charter asks for one");
  add_why(withdraw, options, "Why");

  CLI::App* action =
      add_work(cli, options, work, "action", "Prepare what became of an action that minutes gave",
               "cpl action SECP30/03 --reason \"On the agenda since May.\" --out action.stmt",
               &prepare_action);
  action->add_option("ref", work->ref, "Its reference")->required();
  action->add_option("--body", work->body, "The body that gave it")->capture_default_str();
  choose_from(action->add_option("--state", work->state, "Whether it is done"), action_state_words)
      ->default_str("closed");
  action->add_option("--due", work->due, "With open: the day by which it is to be done");
  add_why(action, options, "What was done, with a reference");

  add_meeting_commands(cli, options, work);

  CLI::App* specifications = add_prepare(
      cli, options, "specifications", "Prepare the table of specifications and their ends",
      "cpl specifications table.csv --out specifications.stmt", &prepare_specifications);
  specifications
      ->add_option("file", options->file,
                   "A CSV file with the columns ts_name, ts_version, gbcs_version, "
                   "installation_end, maintenance_end, applicability_end")
      ->required();
}

}  // namespace cpl
