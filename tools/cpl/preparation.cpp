#include "tools/cpl/preparation.hpp"

#include "registry/base/london.hpp"
#include "tools/cpl/preflight.hpp"
#include "tools/cpl/reason_option.hpp"

namespace cpl {
namespace {

constexpr std::size_t model_file_max = 1U << 20U;

}  // namespace

Result<StatedTime> stated_time(const std::string& text) {
  if (text.empty()) return StatedTime();
  const auto time = parse_time(text);
  const auto day = Date::parse(text);
  if (!time && !day) {
    return malformed("time-malformed", "\"" + printable(text) +
                                           "\" is not a time such as 2026-07-09T10:15:30Z, or a "
                                           "day such as 2026-07-09");
  }
  return StatedTime(time ? *time : london_midnight(*day));
}

Result<ModelId> one_model(const PrepareOptions& options) {
  return ModelId::parse(options.models.empty() ? "" : options.models.front());
}

Result<DeviceModel> read_model_file(const std::string& file) {
  const Json json = TRY(parse_json(TRY(read_exact_file(file, model_file_max, LineEnds::any))));
  FieldErrors errors;
  DeviceModel model = read_device_model(json, "#", errors);
  if (!errors.empty()) {
    return malformed("model-invalid", file + ": " + describe(errors));
  }
  return model;
}

Result<std::optional<Text>> reason_of(const PrepareOptions& options, Sealer& sealer) {
  const std::string reason = TRY(read_reason(options.reason, options.reason_file));
  if (!reason.empty()) return std::optional(Text(reason));
  if (options.sealed_reason.empty()) return std::optional<Text>();
  return std::optional(Text(sealer.seal("/reason", options.sealed_reason)));
}

Result<std::string> save_sealed(const Cli& cli, const std::string& out, BytesView text,
                                const Sealer& sealer) {
  TRY_VOID(sealer.check_plain());
  TRY_VOID(cli.check_save(out));
  TRY_VOID(check_before_signing(cli, text));
  // First the seals: a statement whose seals nobody can open is of no use.
  std::string seals = TRY(sealer.write_beside(out));
  TRY_VOID(cli.save(out, text));
  return seals;
}

Result<void> put_statement(const Cli& cli, const PrepareOptions& options, StatementBody body,
                           std::string_view who, const Sealer& sealer) {
  const Bytes text = format_statement({options.origin, cli.clock.now(), std::move(body)});
  const Statement statement = TRY(parse_statement(text));
  const std::string seals = TRY(save_sealed(cli, options.out, text, sealer));
  Json json = {{"file", options.out}, {"type", statement.type()}};
  if (!seals.empty()) json["seals"] = seals;
  cli.print(json, std::string(statement.type()) + " in " + options.out + ", to be signed by the " +
                      std::string(who) + Sealer::said(seals));
  return {};
}

CLI::App* add_prepare(Cli& cli, const std::shared_ptr<PrepareOptions>& options,
                      const std::string& name, const std::string& description,
                      const std::string& example, Prepare prepare) {
  CLI::App* command = add_command(cli.app, name, description, example);
  command->add_option("--origin", options->origin, "The registry it is meant for")
      ->envname("CPL_ORIGIN")
      ->required();
  command->add_option("-o,--out", options->out, "Where it goes")->required();
  command->callback([&cli, options, prepare] { cli.run([&] { return prepare(cli, *options); }); });
  return command;
}

void add_reason(CLI::App* command, const std::shared_ptr<PrepareOptions>& options) {
  CLI::Option* reason = command->add_option("--reason", options->reason, "Why, for all to read");
  CLI::Option* file = command->add_option("--reason-file", options->reason_file, reason_file_help)
                          ->excludes(reason);
  command
      ->add_option("--sealed-reason", options->sealed_reason,
                   "Why, sealed until a disclosure opens it")
      ->excludes(reason)
      ->excludes(file);
}

}  // namespace cpl
