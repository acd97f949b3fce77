// cpl actions, proposals, loadings: how the work around the list stands, as the registry says.
#include "registry/base/london.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/work.hpp"

namespace cpl {
namespace {

Result<Json> rows_at(const HttpClient& client, const PagedList& list) {
  Json rows = Json::array();
  TRY_VOID(for_each_row(client, list, [&](const Json& row) -> Result<void> {
    rows.push_back(row);
    return {};
  }));
  return rows;
}

// Printed for people as a text for each row; for programs, as the rows.
Result<void> tell_rows(const Cli& cli, const char* name, const Json& rows, const std::string& none,
                       std::string (*row_text)(const Json&, UnixMillis)) {
  std::string text;
  for (const Json& row : rows) text += row_text(row, cli.clock.now());
  cli.print({{name, rows}}, text.empty() ? none : text);
  return {};
}

std::string action_text(const Json& action, UnixMillis now) {
  const std::string due = text_of(action, "due");
  const bool open = text_of(action, "state") == "open";
  const auto day = Date::parse(due);
  const bool late = open && day && *day < london_day(now);
  std::string text = bold(text_of(action, "ref")) + "  " + text_of(action, "state");
  if (!due.empty() && open) text += late ? ", " + red("overdue since " + due) : ", due " + due;
  const std::string owner = text_of(action, "owner");
  if (!owner.empty()) text += ", " + owner;
  text += "\n";
  if (action.value("text", Json()).is_string()) text += "  " + text_of(action, "text") + "\n";
  if (action.value("last_said", Json()).is_string()) {
    text += "  last: " + text_of(action, "last_said") + "\n";
  }
  return text;
}

std::string proposal_text(const Json& proposal, UnixMillis) {
  const std::string day = text_of(proposal, "date");
  const Json why = proposal.value("why", Json());
  return bold(text_of(proposal, "model")) + "  " + text_of(proposal, "outcome") + ", " +
         text_of(proposal, "meeting") + (day.empty() ? "" : " of " + day) + ", paper in entry " +
         text_of(proposal, "paper") + "\n  " + text_of(proposal, "basis") + ": " +
         (why.is_string() ? text_of(proposal, "why") : "(under seal)") + "\n";
}

std::string loading_text(const Json& loading, UnixMillis now) {
  const std::string version = bold("version " + text_of(loading, "version"));
  const std::string loaded = text_of(loading, "loaded");
  if (!loading.value("matches", false)) {
    return version + "  " + red("the Service Desk tells of another list under this number") + "\n";
  }
  if (!loaded.empty()) return version + "  in the DCC's systems since " + told_time(loaded) + "\n";
  const auto due = parse_time(text_of(loading, "due"));
  const std::string state = text_of(loading, "state");
  const std::string by = told_time(text_of(loading, "due"));
  return version + "  " + (state.empty() ? "published" : state) + ", " +
         (due && *due < now ? red("not loaded, late since " + by) : "to be loaded by " + by) + "\n";
}

}  // namespace

void add_work_list_commands(Cli& cli) {
  auto state = std::make_shared<std::string>("open");
  CLI::App* actions = add_command(cli.app, "actions", "Actions that minutes gave, and their state",
                                  "cpl actions\n  cpl actions --state closed");
  choose_from(actions->add_option("--state", *state, "Which"), action_state_words)
      ->default_str("open");
  actions->callback([&cli, state] {
    cli.run([&]() -> Result<void> {
      const PagedList list{"/v1/actions?limit=500&state=" + *state, "actions", "after"};
      const Json rows = TRY(rows_at(cli.client(), list));
      return tell_rows(cli, "actions", rows, "no action is " + *state, &action_text);
    });
  });
  CLI::App* proposals =
      add_command(cli.app, "proposals", "Removals proposed to meetings, and what became of them",
                  "cpl proposals");
  proposals->callback([&cli] {
    cli.run([&]() -> Result<void> {
      const Json page = TRY(cli.client().get_json("/v1/proposals"));
      const Json rows = TRY(rows_of(page, "proposals"));
      return tell_rows(cli, "proposals", rows, "nothing is proposed", &proposal_text);
    });
  });
  CLI::App* loadings =
      add_command(cli.app, "loadings", "Which versions of the list the DCC's systems have loaded",
                  "cpl loadings");
  loadings->callback([&cli] {
    cli.run([&]() -> Result<void> {
      const Json rows = TRY(rows_at(cli.client(), {"/v1/loadings?limit=500", "loadings", "after"}));
      return tell_rows(cli, "loadings", rows, "no version is published yet", &loading_text);
    });
  });
}

}  // namespace cpl
