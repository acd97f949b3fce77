// cpl list, show, log: what the registry says, and what a file says before one signs it.
#include <iostream>

#include "api/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "registry/checkpoint.hpp"
#include "registry/entry.hpp"
#include "tools/answer_text.hpp"
#include "tools/entry_text.hpp"
#include "tools/model_text.hpp"
#include "tools/statement_review.hpp"

namespace cpl {
namespace {

struct ListOptions {
  std::string query;
  std::string type;
  std::string manufacturer;
  std::string status;
  std::optional<std::uint64_t> at;
  std::string cover_ends_by;
  std::uint64_t limit = 50;
};

struct ShowOptions {
  std::string what;
  bool as_signed = false;
};

std::string models_path(const ListOptions& options, const std::string& after, std::uint64_t limit) {
  std::string path = "/v1/models?limit=" + std::to_string(limit);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) path += "&" + std::string(name) + "=" + percent_encode(value);
  };
  add("q", options.query);
  add("device_type", options.type);
  add("manufacturer_id", options.manufacturer);
  add("status", options.status);
  add("cover_ends_by", options.cover_ends_by);
  add("after", after);
  if (options.at) path += "&at=" + std::to_string(*options.at);
  return path;
}

// ", cpa expires 2027-03-31", where that was asked for.
std::string cover_text(const Json& model) {
  std::string text;
  for (const Json& end : model.value("cover_ends", Json::array())) {
    text += ", " + text_of(end, "certificate") + " " + text_of(end, "what") + " " +
            text_of(end, "date");
  }
  return text;
}

Result<void> list_models(const Cli& cli, const ListOptions& options) {
  const HttpClient client(cli.server, cli.identity);
  Json models = Json::array();
  std::string after;
  std::uint64_t log_size = 0;
  bool more = true;
  while (more && models.size() < options.limit) {
    const std::uint64_t page = std::min<std::uint64_t>(500, options.limit - models.size());
    const Json answer = TRY(parse_json(TRY(client.get(models_path(options, after, page))).body));
    for (const Json& model : answer["models"]) models.push_back(model);
    log_size = answer.value("log_size", std::uint64_t{0});
    more = answer["next"].is_string();
    if (more) after = answer["next"].get<std::string>();
  }
  std::string text;
  for (const Json& model : models) {
    const std::string status = text_of(model, "status");
    text += text_of(model, "id") + "  " + (status == "listed" ? green(status) : red(status)) +
            (model.value("under_notice", false) ? ", under notice" : "") + cover_text(model) +
            "  " + text_of(model, "manufacturer_name") + "  " +
            text_of(model, "firmware_version_printed") + "\n";
  }
  text += counted(models.size(), "model") + (more ? ", and more" : "") + ", at log size " +
          std::to_string(log_size);
  cli.print({{"log_size", log_size}, {"models", models}, {"more", more}}, text);
  return {};
}

// How the model was before the correction, by the addition or correction before it.
Result<std::string> correction_text(const HttpClient& client, const Json& entry) {
  if (text_of(entry, "type") != "correction") return std::string();
  const Json& now = entry.at("content").at("model");
  FieldErrors errors;
  const DeviceModel corrected = read_device_model(now, "#", errors);
  if (!errors.empty()) return malformed("model-malformed", describe(errors));
  const ModelId id = corrected.id();
  const Json history =
      TRY(parse_json(TRY(client.get("/v1/models/" + id.text() + "/history")).body));
  std::string before;
  for (const Json& step : history.at("entries")) {
    if (step.at("index") >= entry.at("index")) break;
    const std::string type = text_of(step, "type");
    if (type == "addition" || type == "correction") before = text_of(step, "index");
  }
  const Json old = TRY(parse_json(TRY(client.get("/v1/entries/" + before)).body));
  return "\nchanged since entry " + before + ":\n" +
         difference_text(old.at("content").at("model"), now);
}

Result<void> show(const Cli& cli, const ShowOptions& options) {
  const std::string& what = options.what;
  if (what == "-" || std::filesystem::exists(what)) return show_statements(cli, what);
  const HttpClient client(cli.server, cli.identity);
  if (from_decimal(what)) {
    const Json entry = TRY(parse_json(TRY(client.get("/v1/entries/" + what)).body));
    if (options.as_signed) {
      cli.print(entry, text_of(entry, "statement"));
      return {};
    }
    cli.print(entry, entry_text(entry) + TRY(correction_text(client, entry)) +
                         "\nthe statement as it was signed: cpl show " + what + " --signed");
    return {};
  }
  const auto id = ModelId::parse(what);
  if (!id) {
    return malformed("nothing-to-show", "\"" + what +
                                            "\" is no file or folder here, no number of an entry, "
                                            "and no model id such as ESME-1063-00050203-38040404");
  }
  const std::string path = "/v1/models/" + id->text();
  const Json model = TRY(parse_json(TRY(client.get(path)).body));
  const Json history = TRY(parse_json(TRY(client.get(path + "/history")).body));
  cli.print(model, model_text(model, history));
  return {};
}

Result<void> show_log(const Cli& cli, std::uint64_t count) {
  const HttpClient client(cli.server, cli.identity);
  const Bytes note = TRY(client.get("/checkpoint")).body;
  const Checkpoint checkpoint = TRY(parse_checkpoint(TRY(parse_note(note)).text));
  const std::uint64_t size = checkpoint.size.value;
  const std::uint64_t from = size > count ? size - count : 0;
  const Json answer =
      TRY(parse_json(TRY(client.get("/v1/entries?from=" + std::to_string(from) +
                                    "&limit=" + std::to_string(std::max<std::uint64_t>(count, 1))))
                         .body));
  std::string text;
  for (const Json& entry : answer["entries"]) {
    text += text_of(entry, "index") + "  " + text_of(entry, "time") + "  " +
            text_of(entry, "type") + ": " + text_of(entry, "summary") + "\n";
  }
  cli.print({{"checkpoint", note}, {"entries", answer["entries"]}}, text + "\n" + printable(note));
  return {};
}

}  // namespace

void add_read_commands(Cli& cli) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* list = add_command(cli.app, "list", "List models",
                               "cpl list --type ESME --status listed --query \"10E0\"");
  list->add_option("-q,--query", options->query, "In the id, manufacturer or printed firmware");
  list->add_option("--type", options->type, "ESME, GSME, CH, PPMID, HCALCS or SAPC");
  list->add_option("--manufacturer", options->manufacturer, "4 hexadecimal digits");
  list->add_option("--status", options->status, "listed or removed");
  list->add_option("--at", options->at, "As it was when the log had this size");
  list->add_option("--cover-ends-by", options->cover_ends_by,
                   "Only listed ones of which a certificate ends by that day, or has ended");
  list->add_option("--limit", options->limit, "How many at most")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000'000}))
      ->capture_default_str();
  list->callback([&cli, options] { cli.run([&] { return list_models(cli, *options); }); });

  auto show_options = std::make_shared<ShowOptions>();
  CLI::App* show_command =
      add_command(cli.app, "show", "Show a model, an entry, or statements before you sign them",
                  "cpl show ESME-1063-00050203-38040404");
  show_command
      ->add_option("what", show_options->what,
                   "A model id, an entry's number, or a statement: a file, a folder of them, or - "
                   "for standard input")
      ->required();
  show_command->add_flag("--signed", show_options->as_signed,
                         "Of an entry, the statement as it was signed");
  show_command->callback(
      [&cli, show_options] { cli.run([&] { return show(cli, *show_options); }); });

  auto count = std::make_shared<std::uint64_t>(10);
  CLI::App* log = add_command(cli.app, "log", "Show the checkpoint and the newest entries",
                              "cpl log --last 20");
  log->add_option("--last", *count, "How many entries")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{500}))
      ->capture_default_str();
  log->callback([&cli, count] { cli.run([&] { return show_log(cli, *count); }); });
}

}  // namespace cpl
