// cpl agenda: the paper for the Panel's standing agenda item on changes to the list: what changed,
// what is to be decided, which decisions wait for final minutes, and what the DCC has yet to do.
#include "crypto/encoding.hpp"
#include "registry/base/london.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/notice_step.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/proven_entry.hpp"
#include "tools/shared/files.hpp"
#include "tools/shared/markdown.hpp"

namespace cpl {
namespace {

struct AgendaOptions {
  std::string since;
  std::string cover_until;
  std::string out = "-";
};

// Rows that go one way by a number, or by an id: none comes twice, and none is out of its place.
class InOrder {
 public:
  InOrder(std::string member, Direction direction)
      : member_(std::move(member)), direction_(direction) {}

  Result<void> check(const Json& row) {
    const std::string is = text_of(row, member_.c_str());
    if (!is.empty() && (before_.empty() || goes_on(before_, is, direction_))) {
      before_ = is;
      return {};
    }
    return evidence_mismatch("the registry's rows are not in their order: " + member_ + " " + is);
  }

 private:
  const std::string member_;
  const Direction direction_;
  std::string before_;
};

struct Agenda {
  Date since;
  Date cover_until;
  UnixMillis now;
  std::uint64_t log_size = 0;
  std::uint64_t first_entry = 0;               // On or after that day.
  std::map<std::string, std::size_t> added{};  // By device type.
  Json changes = Json::array();
  Json given = Json::array();  // Notices to the Service Desk.
  Json cover = Json::array();
  Json unconfirmed = Json::array();
  Json notices = Json::array();
  Json proposed = Json::array();  // And not decided yet.
  Json actions = Json::array();   // Outstanding.
};

// One entry, which must be the one that was asked for.
Result<Json> entry_at(const HttpClient& client, std::uint64_t index) {
  const Json page = TRY(client.get_json("/v1/entries?limit=1&from=" + std::to_string(index)));
  const std::vector<Json> rows = TRY(rows_of(page, "entries"));
  if (rows.size() == 1 && TRY(number_in(rows[0], "index")) == index) return rows[0];
  return evidence_mismatch("the registry does not show entry " + std::to_string(index) +
                           ", which was asked for");
}

// Times never fall from entry to entry, so that the first of a day is found by halving.
Result<void> find_first(const HttpClient& client, Agenda& agenda) {
  agenda.log_size = TRY(number_in(TRY(client.get_json("/v1/entries?limit=1")), "log_size"));
  std::uint64_t low = 0;
  std::uint64_t high = agenda.log_size;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto time = parse_time_millis(text_of(TRY(entry_at(client, middle)), "time"));
    if (!time) return answer_malformed("an entry of the registry has no time");
    if (*time < london_midnight(agenda.since)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  agenda.first_entry = low;
  return {};
}

std::string day_of(const Json& entry) {
  const auto time = parse_time_millis(text_of(entry, "time"));
  return time ? london_day(*time).text() : "";
}

void take_change(const Json& entry, Agenda& agenda) {
  const std::string type = text_of(entry, "type");
  const Json content = entry.value("content", Json::object());
  if (type == "addition") {
    ++agenda.added[text_of(content.value("model", Json::object()), "physical_device_type")];
    return;
  }
  if (type == "notice") {
    agenda.given.push_back({{"entry", entry.value("index", std::uint64_t{0})},
                            {"date", day_of(entry)},
                            {"summary", text_of(entry, "summary")}});
    return;
  }
  std::string why =
      content.contains("reason") && content["reason"].is_string() ? text_of(content, "reason") : "";
  if (type == "correction" || type == "withdrawal") why = text_of(content, "why");
  const bool is_rejection = type == "receipt" && text_of(content, "status") == "rejected";
  if (is_rejection) why = text_of(content, "code") + ": " + text_of(content, "text");
  if (is_rejection || type == "removal" || type == "reinstatement" || type == "correction" ||
      type == "certificate" || type == "withdrawal") {
    agenda.changes.push_back({{"entry", entry.value("index", std::uint64_t{0})},
                              {"date", day_of(entry)},
                              {"type", type},
                              {"summary", text_of(entry, "summary")},
                              {"why", why}});
  }
}

// Every entry from the first of that day to the last.
Result<void> gather_changes(const HttpClient& client, Agenda& agenda) {
  std::uint64_t next = agenda.first_entry;
  TRY_VOID(for_each_row(client,
                        {"/v1/entries?limit=500", "entries", "from", Direction::rising,
                         std::to_string(agenda.first_entry)},
                        [&](const Json& row) -> Result<void> {
                          if (TRY(number_in(row, "index")) != next) {
                            return evidence_mismatch("the registry leaves out entry " +
                                                     std::to_string(next));
                          }
                          ++next;
                          take_change(row, agenda);
                          return {};
                        }));
  if (next >= agenda.log_size) return {};
  return evidence_mismatch("the registry leaves out entry " + std::to_string(next) +
                           " and those after it");
}

Result<void> gather_list(const HttpClient& client, const PagedList& list, const char* id,
                         Json& rows) {
  InOrder order(id, list.direction);
  return for_each_row(client, list, [&](const Json& row) -> Result<void> {
    TRY_VOID(order.check(row));
    rows.push_back(row);
    return {};
  });
}

Result<void> gather_lists(const HttpClient& client, Agenda& agenda) {
  TRY_VOID(gather_list(
      client,
      {"/v1/models?limit=500&cover_ends_by=" + agenda.cover_until.text(), "models", "after"}, "id",
      agenda.cover));
  Json decisions = Json::array();
  TRY_VOID(gather_list(client,
                       {"/v1/decisions?limit=500", "decisions", "before", Direction::falling},
                       "entry", decisions));
  for (const Json& decision : decisions) {
    if (text_of(decision, "standing") != "confirmed") agenda.unconfirmed.push_back(decision);
  }
  TRY_VOID(gather_list(
      client, {"/v1/notices?limit=500&state=open", "notices", "before", Direction::falling},
      "entry", agenda.notices));
  for (const Json& proposal : TRY(rows_of(TRY(client.get_json("/v1/proposals")), "proposals"))) {
    if (text_of(proposal, "outcome") == "open") agenda.proposed.push_back(proposal);
  }
  return for_each_row(client, {"/v1/actions?state=open&limit=500", "actions", "after"},
                      [&](const Json& row) -> Result<void> {
                        agenda.actions.push_back(row);
                        return {};
                      });
}

Result<Agenda> gather(const HttpClient& client, const AgendaOptions& options, UnixMillis now) {
  const auto since = Date::parse(options.since);
  const auto until = options.cover_until.empty() ? london_day(now).plus_years(1)
                                                 : Date::parse(options.cover_until);
  if (since && *since > london_day(now)) {
    return malformed("time-to-come", "--since is a day to come: the paper would be empty");
  }
  if (!since || !until) {
    return malformed("date-malformed", "--since and --cover-until are days such as 2026-11-13");
  }
  Agenda agenda{*since, *until, now};
  TRY_VOID(find_first(client, agenda));
  TRY_VOID(gather_changes(client, agenda));
  TRY_VOID(gather_lists(client, agenda));
  return agenda;
}

class Paper {
 public:
  void heading(const std::string& title) { text_ += "\n## " + title + "\n\n"; }
  void line(const std::string& sentence) { text_ += sentence + "\n"; }
  // Nothing where it has no rows: then the sentence says so.
  void table(const std::vector<std::string>& columns,
             const std::vector<std::vector<std::string>>& rows, const std::string& without) {
    if (rows.empty()) return line(without);
    row(columns);
    row(std::vector<std::string>(columns.size(), "---"));
    for (const auto& cells : rows) row(cells);
  }
  const std::string& text() const { return text_; }

 private:
  void row(const std::vector<std::string>& cells) {
    text_ += "|";
    for (const std::string& one : cells) text_ += " " + markdown_text(one) + " |";
    text_ += "\n";
  }

  std::string text_;
};

using Rows = std::vector<std::vector<std::string>>;

// "2026-07-09" as people write it in a paper: "9 Jul 2026".
std::string paper_day(const std::string& text) {
  const auto day = Date::parse(text);
  return day ? uk_day(*day) : text;
}

// "CPA certificate: renewal due", of a certificate that ends.
std::string certificate_words(const Json& end) {
  const std::string certificate = text_of(end, "certificate");
  const std::string name = certificate == "zigbee" ? "ZigBee"
                           : certificate == "dlms" ? "DLMS"
                                                   : "CPA";
  const std::string what = text_of(end, "what");
  return name + " certificate: " + (what == "renewal-due" ? "renewal due" : what);
}

void put_changes(const Agenda& agenda, Paper& paper) {
  paper.heading("1. Changes since " + paper_day(agenda.since.text()));
  std::size_t all = 0;
  std::string types;
  for (const auto& [type, count] : agenda.added) {
    all += count;
    types += (types.empty() ? ": " : ", ") + std::to_string(count) + " " + markdown_text(type);
  }
  paper.line(counted(all, "model") + " added" + types + ".\n");
  Rows rows;
  for (const Json& change : agenda.changes) {
    rows.push_back({paper_day(text_of(change, "date")), text_of(change, "summary"),
                    text_of(change, "why"), text_of(change, "entry")});
  }
  paper.table({"Date", "What", "Why", "Entry"}, rows,
              "Nothing was removed, reinstated, corrected or rejected.");
}

void put_cover(const Agenda& agenda, Paper& paper) {
  paper.heading("2. For decision: certificates that have ended, or will by " +
                paper_day(agenda.cover_until.text()));
  paper.line("Each model is on the list; nothing removes it but a decision of the Panel.\n");
  const std::string today = london_day(agenda.now).text();
  Rows rows;
  for (const Json& model : agenda.cover) {
    for (const Json& end : model.value("cover_ends", Json::array())) {
      const std::string date = text_of(end, "date");
      rows.push_back({date, text_of(model, "id"), text_of(model, "manufacturer_name"),
                      certificate_words(end), date <= today ? "yes" : ""});
    }
  }
  std::sort(rows.begin(), rows.end());
  for (auto& row : rows) row.front() = paper_day(row.front());
  paper.table({"Date", "Model", "Made by", "Certificate", "By now"}, rows, "There is none.");
}

void put_unconfirmed(const Agenda& agenda, Paper& paper) {
  paper.heading("3. Decisions that no final minutes confirm");
  Rows rows;
  for (const Json& decision : agenda.unconfirmed) {
    const Json words = decision.value("text", Json());
    rows.push_back({decision_text(decision.value("reference", Json::object())),
                    words.is_string() ? text_of(decision, "text") : "(under seal)",
                    text_of(decision, "standing"), text_of(decision, "entry")});
  }
  paper.table({"Decision", "Words", "Standing", "Entry"}, rows, "There is none.");
}

void put_notices(const Agenda& agenda, Paper& paper) {
  paper.heading("4. Notices to the DCC Service Desk that are not applied");
  Rows rows;
  for (const Json& notice : agenda.notices) {
    const auto next = next_step(notice);
    rows.push_back({text_of(notice, "entry"), text_of(notice, "state"), next ? next->step : "",
                    next ? uk_time(next->due) + (next->due < agenda.now ? ", late" : "") : "",
                    std::to_string(notice.value("models", Json::array()).size())});
  }
  paper.table({"Notice", "State", "Next", "Due", "Models"}, rows, "There is none.");
  paper.heading("5. Notices given since " + paper_day(agenda.since.text()));
  Rows given;
  for (const Json& notice : agenda.given) {
    given.push_back(
        {paper_day(text_of(notice, "date")), text_of(notice, "summary"), text_of(notice, "entry")});
  }
  paper.table({"Date", "Notice", "Entry"}, given, "There is none.");
}

void put_proposed(const Agenda& agenda, Paper& paper) {
  paper.heading("6. Removals proposed, and not decided yet");
  Rows rows;
  for (const Json& proposal : agenda.proposed) {
    const Json why = proposal.value("why", Json());
    rows.push_back({text_of(proposal, "model"), text_of(proposal, "basis"),
                    why.is_string() ? text_of(proposal, "why") : "(under seal)",
                    text_of(proposal, "meeting"), text_of(proposal, "paper")});
  }
  paper.table({"Model", "Basis", "Why", "Meeting", "Entry"}, rows, "There is none.");
}

void put_actions(const Agenda& agenda, Paper& paper) {
  paper.heading("7. Actions outstanding");
  Rows rows;
  for (const Json& action : agenda.actions) {
    const Json words = action.value("text", Json());
    rows.push_back({text_of(action, "ref"), text_of(action, "owner"),
                    paper_day(text_of(action, "due")),
                    words.is_string() ? text_of(action, "text") : text_of(action, "last_said")});
  }
  paper.table({"Action", "Owner", "Due", "What"}, rows, "There is none.");
}

std::string paper_of(const Agenda& agenda, const std::string& server) {
  Paper paper;
  paper.line("# Certified Products List: paper for the standing agenda item\n");
  paper.line("Made on " + paper_day(london_day(agenda.now).text()) + " from " +
             markdown_text(server) + ", whose log has " + counted(agenda.log_size, "entry") + "; " +
             counted(agenda.log_size - agenda.first_entry, "entry") + " since " +
             paper_day(agenda.since.text()) +
             ". All of this is as that registry says; `cpl audit` checks every entry; `cpl prove` "
             "and `cpl verify` one.");
  put_changes(agenda, paper);
  put_cover(agenda, paper);
  put_unconfirmed(agenda, paper);
  put_notices(agenda, paper);
  put_proposed(agenda, paper);
  put_actions(agenda, paper);
  return paper.text();
}

Result<void> run(const Cli& cli, const AgendaOptions& options) {
  TRY_VOID(cli.check_save(options.out));
  const Agenda agenda = TRY(gather(cli.client(), options, cli.clock.now()));
  const std::string paper = paper_of(agenda, cli.server);
  if (options.out != "-" || (cli.quiet && !cli.json)) TRY_VOID(cli.save(options.out, paper));
  cli.print({{"since", agenda.since.text()},
             {"cover_until", agenda.cover_until.text()},
             {"log_size", agenda.log_size},
             {"first_entry", agenda.first_entry},
             {"added", agenda.added},
             {"changes", agenda.changes},
             {"given", agenda.given},
             {"cover", agenda.cover},
             {"unconfirmed", agenda.unconfirmed},
             {"notices", agenda.notices},
             {"proposed", agenda.proposed},
             {"actions", agenda.actions}},
            options.out == "-" ? paper : "the paper is in " + options.out);
  return {};
}

}  // namespace

void add_agenda_command(Cli& cli) {
  auto options = std::make_shared<AgendaOptions>();
  CLI::App* agenda =
      add_command(cli.app, "agenda", "Write the paper for the Panel's standing item on the list",
                  "cpl agenda --since 2026-10-09 --out paper.md");
  agenda->add_option("--since", options->since, "The day of the last meeting")->required();
  agenda->add_option("--cover-until", options->cover_until,
                     "Name the models of which a certificate ends by that day; a year from now "
                     "where it is not given");
  agenda->add_option("-o,--out", options->out, "Where it goes, as Markdown")->capture_default_str();
  agenda->callback([&cli, options] { cli.run([&] { return run(cli, *options); }); });
}

}  // namespace cpl
