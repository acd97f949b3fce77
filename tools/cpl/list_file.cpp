// cpl import, cpl sample: whole lists as spreadsheets.
#include <iostream>

#include "crypto/encoding.hpp"
#include "registry/sheet/columns.hpp"
#include "registry/sheet/model_sheet.hpp"
#include "registry/sheet/problems_json.hpp"
#include "tools/cpl/additions.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/sheet_problems.hpp"
#include "tools/shared/sample.hpp"

namespace cpl {
namespace {

constexpr std::size_t sheet_size_max = 64U << 20U;

struct ImportOptions {
  std::string file;
  std::string origin;
  std::string submitted_by = "SECAS";
  std::string effective_from;
  std::string charter;
  std::string out;
  bool show_columns = false;
  std::string template_file;
  std::size_t kinds_max = 20;
  std::string dates;
  std::string match;
  std::vector<std::string> kept_columns;
};

Result<void> check_folder(const std::filesystem::path& folder) {
  std::error_code made;
  std::filesystem::create_directories(folder, made);
  if (!made && std::filesystem::is_empty(folder)) return {};
  return refuse("folder-not-empty", folder.string() + " must be a new or empty folder");
}

Result<void> write_additions(const std::filesystem::path& folder,
                             const std::vector<PreparedAddition>& prepared) {
  TRY_VOID(check_folder(folder));
  Progress progress("preparing");
  std::size_t number = 0;
  for (const PreparedAddition& one : prepared) {
    TRY_VOID(write_file(folder / one.file, one.text, Secrecy::open));
    progress.show(++number, prepared.size());
  }
  return {};
}

// By the charter that was given; else by the registry that was named, as its list stands now.
// Nothing where neither was, or it cannot be asked.
Result<std::optional<Judgements>> judge(const Cli& cli, const ImportOptions& options,
                                        const std::vector<PreparedAddition>& prepared) {
  std::vector<Bytes> texts;
  texts.reserve(prepared.size());
  for (const PreparedAddition& one : prepared) texts.push_back(one.text);
  if (!options.charter.empty()) {
    const Charter charter = TRY(read_charter_file(options.charter));
    return std::optional(judge_by_charter(charter, texts, cli.clock.now()));
  }
  if (!cli.server_is_named()) return std::optional<Judgements>();
  auto judged = ask_registry(cli.client(), texts);
  std::optional<Error> unknown;
  if (!judged) unknown = judged.error();
  if (judged && judged->front() && judged->front()->code == "charter-missing") {
    unknown = *judged->front();
  }
  if (!unknown) return std::optional(*std::move(judged));
  std::cerr << "cpl: the charter's rules were not checked: " << printable(unknown->detail) << "\n";
  return std::optional<Judgements>();
}

void print_problems(const Cli& cli, const ImportOptions& options, const SheetReading& reading) {
  if (!cli.json) std::cout << problems_text(reading, options.kinds_max);
}

// The columns, for those who make a list: those without which no row is a model have a star.
Result<void> show_columns(const Cli& cli) {
  Json columns = Json::array();
  std::string text;
  for (std::size_t i = 0; i < sheet::written_column_count; ++i) {
    const auto column = static_cast<sheet::Column>(i);
    const auto& needed = sheet::needed_columns;
    const bool is_needed = std::find(needed.begin(), needed.end(), column) != needed.end();
    const std::string name(sheet::spec_of(column).name);
    columns.push_back({{"name", name}, {"needed", is_needed}});
    text += (is_needed ? "* " : "  ") + name + "\n";
  }
  cli.print({{"columns", columns}},
            text + "* needed in every list; cpl import --template list.csv makes an empty one");
  return {};
}

Result<void> make_template(const Cli& cli, const std::string& file) {
  TRY_VOID(cli.save(file, write_model_sheet({})));
  if (file != "-") cli.print({{"file", file}}, "an empty list is in " + file);
  return {};
}

Result<void> not_prepared(const Cli& cli, const ImportOptions& options,
                          const SheetReading& reading) {
  print_problems(cli, options, reading);
  if (cli.json) std::cout << shown_json(problems_json(reading).dump(2)) << "\n";
  return malformed("sheet-invalid", options.file + " has " + counted(reading.error_count, "error") +
                                        "; nothing was prepared");
}

SheetDefaults defaults_of(const ImportOptions& options, UnixMillis now) {
  SheetDefaults defaults{options.submitted_by, now};
  if (options.dates == "dmy") defaults.dates = SheetDefaults::DateOrder::dmy;
  if (options.dates == "mdy") defaults.dates = SheetDefaults::DateOrder::mdy;
  if (const auto match = read_word<CertificateMatch>(options.match)) defaults.match = *match;
  defaults.kept_columns = options.kept_columns;
  return defaults;
}

Result<void> import_sheet(const Cli& cli, const ImportOptions& options) {
  if (options.show_columns) return show_columns(cli);
  if (!options.template_file.empty()) return make_template(cli, options.template_file);
  if (options.file.empty() || options.out.empty() || options.origin.empty()) {
    return malformed("options-missing",
                     "give the list, --out FOLDER for the statements, and --origin or CPL_ORIGIN");
  }
  const Bytes sheet = TRY(read_file(options.file, sheet_size_max));
  const UnixMillis now{cli.clock.now().value / 1000 * 1000};
  StatedTime effective_from;
  if (!options.effective_from.empty()) {
    const auto given = parse_time(options.effective_from);
    if (!given) return malformed("time-malformed", "--effective-from must be a UTC time");
    effective_from = *given;
  }
  SheetReading reading = read_model_sheet(sheet, defaults_of(options, now));
  if (!reading.usable()) return not_prepared(cli, options, reading);
  if (reading.models.empty()) {
    print_problems(cli, options, reading);
    return malformed("sheet-empty", options.file + " has no row of a model; nothing was prepared");
  }
  const auto prepared = TRY(prepare_additions(options.origin, reading.models, now, effective_from));
  const auto judged = TRY(judge(cli, options, prepared));
  if (judged) note_refusals(*judged, prepared, reading);
  if (!reading.usable()) return not_prepared(cli, options, reading);
  print_problems(cli, options, reading);
  TRY_VOID(write_additions(options.out, prepared));
  cli.print({{"models", reading.models.size()},
             {"folder", options.out},
             {"checked_by_rules", judged.has_value()},
             {"problems", problems_json(reading)}},
            counted(reading.models.size(), "addition") + " in " + options.out +
                ", to be signed by two registrar keys (cpl sign " + options.out + ")");
  return {};
}

struct SampleOptions {
  std::uint64_t models = 1000;
  std::uint64_t seed = 1;
  std::string out = "-";
};

Result<void> make_sample(const Cli& cli, const SampleOptions& options) {
  const auto models = sample_models(options.models, options.seed, Date::of(cli.clock.now()));
  return cli.save(options.out, write_model_sheet(models));
}

}  // namespace

void add_list_file_commands(Cli& cli) {
  auto import_options = std::make_shared<ImportOptions>();
  CLI::App* import_command =
      add_command(cli.app, "import", "Check a list and prepare an addition for each row",
                  "cpl import list.csv --origin cpl.example/log --out additions");
  import_command->add_option("file", import_options->file, "The list, CSV in UTF-8");
  import_command->add_option("--origin", import_options->origin, "The registry it is meant for")
      ->envname("CPL_ORIGIN");
  choose(
      import_command->add_option("--dates", import_options->dates,
                                 "How dates with slashes are written; 2026-07-09 is always read"),
      {"dmy", "mdy", "ymd"});
  choose_from(import_command->add_option("--match", import_options->match,
                                         "How certificates agree with their rows, where the list "
                                         "does not say"),
              certificate_match_words);
  import_command
      ->add_option("--keep-column", import_options->kept_columns,
                   "A column that is not ours, though nearly named like one of ours; repeatable")
      ->allow_extra_args(false);
  import_command->add_flag("--columns", import_options->show_columns, "Show the columns of a list");
  import_command->add_option("--template", import_options->template_file,
                             "Make an empty list with all columns");
  import_command
      ->add_option("--max-errors", import_options->kinds_max, "How many kinds of mistake to show")
      ->capture_default_str();
  import_command
      ->add_option("--submitted-by", import_options->submitted_by,
                   "Who submitted it, where the list does not say")
      ->capture_default_str();
  import_command->add_option("--effective-from", import_options->effective_from,
                             "From when; from its entry on if left out");
  import_command->add_option("--charter-file", import_options->charter,
                             "Apply the rules of this charter; without it those of the registry at "
                             "--server or CPL_SERVER, where one is given");
  import_command->add_option("-o,--out", import_options->out, "A new folder for the statements");
  import_command->callback(
      [&cli, import_options] { cli.run([&] { return import_sheet(cli, *import_options); }); });

  auto sample_options = std::make_shared<SampleOptions>();
  CLI::App* sample = add_command(cli.app, "sample", "Make a realistic list of any size",
                                 "cpl sample -n 1500 --seed 7 --out list.csv");
  sample->add_option("-n,--limit", sample_options->models, "How many")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000}))
      ->capture_default_str();
  sample->add_option("--seed", sample_options->seed, "The same seed makes the same list")
      ->capture_default_str();
  sample->add_option("-o,--out", sample_options->out, "Where it goes")->capture_default_str();
  sample->callback(
      [&cli, sample_options] { cli.run([&] { return make_sample(cli, *sample_options); }); });
}

}  // namespace cpl
