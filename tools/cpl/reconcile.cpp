// cpl reconcile: an inventory against a signed extract, both ways, with no network.
#include "registry/extract/reconcile.hpp"

#include "registry/base/csv.hpp"
#include "tools/cpl/asked_evidence.hpp"
#include "tools/cpl/extract_files.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

constexpr std::size_t rows_shown_max = 50;

struct ReconcileOptions {
  std::string inventory;
  std::string extract;
  std::string policy;
  std::string column;
  std::string out;
  bool both = false;
  std::uint64_t age_seconds_max = 366ULL * 86'400;
};

// Of an extract nothing is believed that its signature and proof do not show.
Result<Extract> proven_extract(const Cli& cli, const ReconcileOptions& options) {
  const ExtractFiles files =
      TRY(with_files_beside(options.extract, TRY(read_file(options.extract, extract_size_max))));
  const ExtractVerdict verdict = judge_extract(files, TRY(read_policy_file(options.policy)),
                                               cli.judge_options(options.age_seconds_max));
  if (verdict.outcome == Outcome::invalid) {
    return Error{Errc::unauthorized, verdict.code, options.extract + ": " + verdict.sentence};
  }
  return parse_extract(files.content);
}

std::string cover_words(const ModelRecord& record) {
  std::string words;
  for (const CoverEnd& end : all_cover_ends(record)) {
    words += (words.empty() ? "" : "; ") + std::string(word_of(end.certificate)) + " " +
             std::string(word_of(end.kind)) + " " + end.date.text();
  }
  return words;
}

std::vector<std::string> cells_of(const ReconciledRow& one) {
  const ModelRecord* const record = one.record;
  return {std::to_string(one.row.number),
          text_for_spreadsheet(one.row.text),
          std::string(word_of(one.standing)),
          record == nullptr ? "" : format_time(record->effective_from),
          record == nullptr ? "" : std::to_string(record->changed_at.value),
          record != nullptr && record->decision ? std::to_string(record->decision->value) : "",
          record == nullptr ? "" : cover_words(*record),
          one.newest_firmware ? one.newest_firmware->text() : ""};
}

constexpr std::array<const char*, 8> columns = {
    "row",   "model",    "status",       "since",
    "entry", "decision", "certificates", "newest_listed_firmware"};

Json row_json(const std::vector<std::string>& cells) {
  Json json = Json::object();
  for (std::size_t i = 0; i < columns.size(); ++i) json[columns[i]] = cells[i];
  return json;
}

std::string csv_text(const Reconciliation& result) {
  std::string csv;
  append_csv_row(csv, std::vector<std::string>(columns.begin(), columns.end()));
  for (const ReconciledRow& row : result.rows) append_csv_row(csv, cells_of(row));
  return csv;
}

// What needs somebody: every row that is not listed.
std::string rows_text(const Reconciliation& result) {
  std::string text;
  std::size_t shown = 0;
  for (const ReconciledRow& one : result.rows) {
    if (one.standing == InventoryStanding::listed || ++shown > rows_shown_max) continue;
    const auto cells = cells_of(one);
    text += "row " + cells[0] + "  " + printable(one.row.text) + "  " + red(cells[2]);
    if (one.record != nullptr) text += " since " + uk_time(one.record->effective_from);
    if (!cells[5].empty()) text += ", by the decision in entry " + cells[5];
    if (!cells[7].empty()) text += "; newest listed firmware " + cells[7];
    text += "\n";
  }
  if (shown > rows_shown_max) {
    text += "and " + std::to_string(shown - rows_shown_max) + " more: --out has all of them\n";
  }
  return text;
}

std::string sum_text(const Reconciliation& result, const ExtractHeader& header) {
  std::string text;
  for (const InventoryStanding standing :
       {InventoryStanding::listed, InventoryStanding::removed, InventoryStanding::never_listed,
        InventoryStanding::not_a_model}) {
    text += (text.empty() ? "" : ", ") + std::to_string(result.count(standing)) + " " +
            std::string(word_of(standing));
  }
  return text + "; " + std::to_string(result.only_listed.size()) +
         " on the list and not in the inventory; by extract version " +
         std::to_string(header.version);
}

Result<void> run_reconcile(Cli& cli, const ReconcileOptions& options) {
  auto inventory = read_inventory(TRY(read_file(options.inventory, csv_size_max)), options.column);
  if (!inventory) return within(options.inventory, inventory.error());
  const Extract extract = TRY(proven_extract(cli, options));
  const Reconciliation result = reconcile(extract, *inventory);
  if (!options.out.empty()) TRY_VOID(cli.save(options.out, csv_text(result)));
  Json rows = Json::array();
  for (const ReconciledRow& row : result.rows) rows.push_back(row_json(cells_of(row)));
  Json only_listed = Json::array();
  std::string more;
  for (const ModelRecord* record : result.only_listed) {
    only_listed.push_back(record->model.id().text());
    if (options.both) more += "only on the list  " + record->model.id().text() + "\n";
  }
  cli.print({{"extract_version", extract.header.version},
             {"log_size", extract.header.log_size.value},
             {"rows", std::move(rows)},
             {"only_listed", std::move(only_listed)}},
            rows_text(result) + more + sum_text(result, extract.header));
  if (result.count(InventoryStanding::listed) != result.rows.size()) {
    cli.exit_code = exit_refused;
  }
  return {};
}

}  // namespace

void add_reconcile_command(Cli& cli) {
  auto options = std::make_shared<ReconcileOptions>();
  CLI::App* command = add_command(
      cli.app, "reconcile", "Compare an inventory with a signed extract, both ways, offline",
      "cpl reconcile inventory.csv --extract extract.csv --policy policy.txt --out result.csv");
  command
      ->add_option("inventory", options->inventory,
                   "Model ids: a CSV with a column of them, or one to a line")
      ->required();
  command
      ->add_option("--extract", options->extract, "The extract, its signature and proof beside it")
      ->required();
  command->add_option("--policy", options->policy, "The trust policy file")
      ->envname("CPL_POLICY")
      ->required();
  command->add_option("--column", options->column,
                      "The column of the ids; the first in which one stands, if left out");
  command->add_option("-o,--out", options->out, "Every row as CSV");
  command->add_flag("--both", options->both, "List, too, what is on the list alone");
  command->callback([&cli, options] { cli.run([&] { return run_reconcile(cli, *options); }); });
}

}  // namespace cpl
