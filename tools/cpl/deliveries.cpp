#include "tools/cpl/deliveries.hpp"

#include "crypto/encoding.hpp"
#include "registry/base/csv.hpp"
#include "registry/base/json.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/told.hpp"

namespace cpl {
namespace {

struct DeliveriesOptions {
  std::uint64_t entry = 0;
  std::filesystem::path csv;  // Empty: none is written.
};

constexpr std::array<const char*, 8> columns = {"party",           "legal_name", "audience",
                                                "state",           "delivered",  "delivered_late",
                                                "failed_attempts", "removed"};

std::string cell(const Json& row, const char* name) {
  const auto found = row.find(name);
  if (found == row.end()) return "";
  return found->is_string() ? text_for_spreadsheet(found->get<std::string>()) : found->dump();
}

std::string as_csv(const std::vector<Json>& rows) {
  std::string text;
  append_csv_row(text, std::vector<std::string>(columns.begin(), columns.end()));
  for (const Json& row : rows) {
    std::vector<std::string> cells;
    cells.reserve(columns.size());
    for (const char* const name : columns) cells.push_back(cell(row, name));
    append_csv_row(text, cells);
  }
  return text;
}

std::string state_words(const std::string& state) {
  const std::string text = column(state, 17);
  if (state == "delivered") return green(text);
  return state == "waiting" ? text : red(text);
}

std::string as_table(const Json& answer, const std::vector<Json>& rows) {
  std::string text = "entry " + text_of(answer, "entry") + " of " +
                     told_time(text_of(answer, "time")) + ", to be told by " +
                     told_time(text_of(answer, "due")) + "\n";
  for (const Json& row : rows) {
    const std::string at = text_of(row, "delivered");
    const auto failed = row.value("failed_attempts", std::uint64_t{0});
    std::string more;
    const auto add = [&](const std::string& fact) { more += (more.empty() ? "" : ", ") + fact; };
    if (!at.empty()) add(told_time(at) + (row.value("delivered_late", false) ? ", late" : ""));
    if (failed > 0) add(counted(failed, "failed attempt"));
    if (row.contains("removed")) add("removed " + told_time(text_of(row, "removed")));
    text += column(text_of(row, "party"), 32) + state_words(text_of(row, "state")) + more + "\n";
  }
  const Json counts = answer.value("counts", Json::object());
  std::string sum;
  for (const auto& [state, count] : counts.items()) {
    sum += (sum.empty() ? "" : ", ") + printable(count.dump()) + " " + printable(state);
  }
  return text + sum + "\n";
}

Result<void> tell_deliveries(const Cli& cli, const DeliveriesOptions& options) {
  const Json answer = TRY(cli.client().get_json("/v1/operator/entries/" +
                                                std::to_string(options.entry) + "/deliveries"));
  TRY_VOID(check_told(answer, "entry", options.entry));
  const std::vector<Json> rows = TRY(rows_of(answer, "deliveries"));
  if (!options.csv.empty()) TRY_VOID(write_file(options.csv, as_csv(rows), Secrecy::open));
  cli.print(answer, rows.empty() ? "no Party is told of that entry" : as_table(answer, rows));
  return {};
}

}  // namespace

void add_deliveries_command(Cli& cli) {
  auto options = std::make_shared<DeliveriesOptions>();
  CLI::App* command =
      add_command(cli.app, "deliveries", "Show whether every Party was told of an entry",
                  "CPL_TOKEN=... cpl deliveries 1507 --csv deliveries.csv");
  command->add_option("entry", options->entry, "The entry's index")->required();
  command->add_option("--csv", options->csv, "Write the table into this file, too");
  command->callback([&cli, options] { cli.run([&] { return tell_deliveries(cli, *options); }); });
}

}  // namespace cpl
