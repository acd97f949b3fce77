// cpl import, cpl sample: whole lists as spreadsheets.
#include <iomanip>
#include <iostream>

#include "crypto/encoding.hpp"
#include "registry/model_sheet.hpp"
#include "tools/cli.hpp"
#include "tools/sample.hpp"

namespace cpl {
namespace {

constexpr std::size_t sheet_size_max = 64U << 20U;

struct ImportOptions {
  std::string file;
  std::string origin;
  std::string submitted_by = "SECAS";
  std::string effective_from;
  std::string out;
};

std::string describe(const SheetProblem& problem) {
  const bool error = problem.severity == SheetProblem::Severity::error;
  std::string line = "row " + std::to_string(problem.row);
  if (!problem.column.empty()) line += ", " + printable(problem.column);
  return line + ": " + (error ? red("error") : "warning") + ": " + printable(problem.detail);
}

Json problems_json(const SheetReading& reading) {
  Json list = Json::array();
  for (const SheetProblem& problem : reading.problems) {
    list.push_back(
        {{"row", problem.row},
         {"column", problem.column},
         {"severity", problem.severity == SheetProblem::Severity::error ? "error" : "warning"},
         {"detail", problem.detail}});
  }
  return list;
}

// g03-000042-ESME-1063-….stmt: by name they sort so that predecessors come first.
std::string file_name(std::size_t generation, std::size_t number, const ModelId& id) {
  std::ostringstream name;
  name << "g" << std::setfill('0') << std::setw(2) << generation << "-" << std::setw(6) << number
       << "-" << id.text() << ".stmt";
  return name.str();
}

Result<void> write_additions(const Cli& cli, const ImportOptions& options,
                             const std::vector<DeviceModel>& models, UnixMillis effective_from) {
  const std::filesystem::path folder = options.out;
  std::error_code made;
  std::filesystem::create_directories(folder, made);
  if (made || !std::filesystem::is_empty(folder)) {
    return refuse("folder-not-empty", folder.string() + " must be a new or empty folder");
  }
  const auto generations = TRY(order_by_predecessors(models));
  Progress progress("preparing");
  std::size_t number = 0;
  for (std::size_t generation = 0; generation < generations.size(); ++generation) {
    for (const std::size_t position : generations[generation]) {
      const DeviceModel& model = models[position];
      const Bytes text =
          format_statement({options.origin, cli.clock.now(), Addition{model, effective_from}});
      TRY_VOID(write_file(folder / file_name(generation + 1, ++number, model.id()), text,
                          Secrecy::open));
      progress.show(number, models.size());
    }
  }
  return {};
}

Result<void> import_sheet(const Cli& cli, const ImportOptions& options) {
  const Bytes sheet = TRY(read_file(options.file, sheet_size_max));
  const UnixMillis now{cli.clock.now().value / 1000 * 1000};
  const SheetReading reading = read_model_sheet(sheet, {options.submitted_by, now});
  if (!cli.json) {
    for (const SheetProblem& problem : reading.problems) {
      std::cout << describe(problem) << "\n";
    }
  }
  if (!reading.usable()) {
    if (cli.json) std::cout << problems_json(reading).dump(2) << "\n";
    return malformed(
        "sheet-invalid",
        options.file + " has " + counted(reading.error_count, "error") + "; nothing was prepared");
  }
  if (reading.models.empty()) {
    return malformed("sheet-empty", options.file + " has no row of a model; nothing was prepared");
  }
  UnixMillis effective_from = now;
  if (!options.effective_from.empty()) {
    const auto given = parse_time(options.effective_from);
    if (!given) return malformed("time-malformed", "--effective-from must be a UTC time");
    effective_from = *given;
  }
  TRY_VOID(write_additions(cli, options, reading.models, effective_from));
  cli.print({{"models", reading.models.size()},
             {"folder", options.out},
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
  import_command->add_option("file", import_options->file, "The list, CSV in UTF-8")->required();
  import_command->add_option("--origin", import_options->origin, "The registry it is meant for")
      ->envname("CPL_ORIGIN")
      ->required();
  import_command
      ->add_option("--submitted-by", import_options->submitted_by,
                   "Who submitted it, where the list does not say")
      ->capture_default_str();
  import_command->add_option("--effective-from", import_options->effective_from,
                             "From when; now if left out");
  import_command->add_option("--out", import_options->out, "A new folder for the statements")
      ->required();
  import_command->callback(
      [&cli, import_options] { cli.run([&] { return import_sheet(cli, *import_options); }); });

  auto sample_options = std::make_shared<SampleOptions>();
  CLI::App* sample = add_command(cli.app, "sample", "Make a realistic list of any size",
                                 "cpl sample --models 1500 --seed 7 --out list.csv");
  sample->add_option("--models", sample_options->models, "How many")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000}))
      ->capture_default_str();
  sample->add_option("--seed", sample_options->seed, "The same seed makes the same list")
      ->capture_default_str();
  sample->add_option("--out", sample_options->out, "Where it goes")->capture_default_str();
  sample->callback(
      [&cli, sample_options] { cli.run([&] { return make_sample(cli, *sample_options); }); });
}

}  // namespace cpl
