// cpl add, notice, remove: statements about models, prepared for signing.
#include "tools/cpl/choice.hpp"
#include "tools/cpl/statement_bodies.hpp"

namespace cpl {
namespace {

void add_basis(CLI::App* command, PrepareOptions& options, const std::string& what) {
  choose_from(command->add_option("--basis", options.basis, what), removal_basis_words)
      ->default_str("panel-decision");
}

Result<void> prepare_addition(const Cli& cli, const PrepareOptions& options) {
  DeviceModel model = TRY(read_model_file(options.file));
  const StatedTime effective_from = TRY(stated_time(options.effective_from));
  return put_statement(cli, options, Addition{std::move(model), effective_from}, "registrar");
}

Result<void> prepare_notice(const Cli& cli, const PrepareOptions& options) {
  Sealer sealer = TRY(Sealer::create(options.seals));
  Notice notice = TRY(notice_of(options, sealer));
  return put_statement(cli, options, std::move(notice), "registrar", sealer);
}

Result<void> prepare_removal(const Cli& cli, const PrepareOptions& options);

// One statement for each model, in a folder of their own.
Result<void> prepare_removals(const Cli& cli, const PrepareOptions& options) {
  const std::vector<std::string> models = TRY(models_to_remove(cli.client(), options.notice));
  std::error_code made;
  std::filesystem::create_directories(options.out, made);
  if (made || !std::filesystem::is_empty(options.out)) {
    return refuse("folder-not-empty", options.out + " must be a new or empty folder");
  }
  for (const std::string& model : models) {
    TRY(ModelId::parse(model));  // It becomes the name of a file.
    PrepareOptions one = options;
    one.models = {model};
    one.out = (std::filesystem::path(options.out) / (one.models.front() + ".stmt")).string();
    TRY_VOID(prepare_removal(cli, one));
  }
  return {};
}

Result<void> prepare_removal(const Cli& cli, const PrepareOptions& options) {
  if (options.models.empty()) return prepare_removals(cli, options);
  Sealer sealer = TRY(Sealer::create(options.seals));
  Removal removal = TRY(removal_of(options, sealer));
  return put_statement(cli, options, std::move(removal), "registrar", sealer);
}

}  // namespace

void add_prepare_commands(Cli& cli) {
  auto options = std::make_shared<PrepareOptions>();
  CLI::App* add = add_prepare(cli, options, "add", "Prepare the addition of one model",
                              "cpl add model.json --origin cpl.example/log --out addition.txt",
                              &prepare_addition);
  add->add_option("file", options->file, "The device model as JSON")->required();
  add->add_option("--effective-from", options->effective_from,
                  "From when; from its entry on if left out");

  CLI::App* notice = add_prepare(
      cli, options, "notice", "Prepare the formal notice of removals to the Service Desk",
      "cpl notice ESME-1063-00050203-38040404 --decision 1502 --out notice.txt", &prepare_notice);
  notice->add_option("--decision", options->decision, "The decision's entry")->required();
  notice->add_option("model", options->models, "The models to be removed")->required();
  add_basis(notice, *options, "Why");
  notice->add_option("--effective-from", options->effective_from,
                     "From when; from its entry on if left out");
  add_reason(notice, options);

  CLI::App* remove =
      add_prepare(cli, options, "remove", "Prepare the removal of a model, or of all of a notice",
                  "cpl remove ESME-1063-00050203-38040404 --notice 1503 "
                  "--dcc-status withdrawn --out removal.stmt\n"
                  "  cpl remove --notice 1503 --dcc-status withdrawn --out removals",
                  &prepare_removal);
  remove
      ->add_option("model", options->models,
                   "The model; all of the notice if left out, in a folder")
      ->expected(0, 1);
  remove->add_option("--notice", options->notice, "The notice's entry")->required();
  add_basis(remove, *options, "Why, as the notice has it");
  remove->add_option("--effective-from", options->effective_from,
                     "From when; from its entry on if left out");
  choose_from(remove->add_option("--dcc-status", options->status, "What the DCC's list will say"),
              removed_status_words)
      ->required();
  add_reason(remove, options);
}

}  // namespace cpl
