// cpl list, show, log: what the registry says, and what a file says before one signs it.
#include <iostream>

#include "crypto/encoding.hpp"
#include "registry/checkpoint.hpp"
#include "registry/entry.hpp"
#include "tools/answer_text.hpp"
#include "tools/sealer.hpp"

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

std::string url_encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    out += plain ? std::string(1, c) : "%" + to_hex(BytesView(&c, 1));
  }
  return out;
}

std::string models_path(const ListOptions& options, const std::string& after, std::uint64_t limit) {
  std::string path = "/v1/models?limit=" + std::to_string(limit);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) path += "&" + std::string(name) + "=" + url_encoded(value);
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

std::string authority_text(const Json& authority) {
  return decision_text(authority["reference"]) + " (entry " + text_of(authority, "entry") + ", " +
         text_of(authority, "standing") + ")\n             \"" + text_of(authority, "text") + "\"";
}

std::string model_text(const Json& model) {
  const std::string status = text_of(model, "status");
  std::string text =
      bold(text_of(model, "id")) + "  " + (status == "listed" ? green(status) : red(status)) + "\n";
  const auto line = [&](const std::string& label, const std::string& value) {
    if (!value.empty()) text += "  " + label + std::string(11 - label.size(), ' ') + value + "\n";
  };
  line("made by", text_of(model, "manufacturer_name"));
  line("firmware", text_of(model, "firmware_version_printed"));
  line("meets", text_of(model, "ts"));
  line("since", text_of(model, "effective_from") + ", entry " + text_of(model, "changed_at"));
  if (status == "removed") {
    line("DCC status", text_of(model, "dcc_status"));
    line("notice", "entry " + text_of(model, "notice"));
    line("decided by", authority_text(model["authority"]));
  } else if (model.value("under_notice", false)) {
    line("notice", "under notice of removal, entry " + text_of(model, "notice"));
  }
  std::string others;
  for (const Json& id : model["listed_firmware"]) {
    others += (others.empty() ? "" : ", ") + printable(id.get<std::string>());
  }
  line("also listed", others);
  line("log size", text_of(model, "log_size"));
  return text;
}

// The sealed texts, where the file that opens them lies beside the statement.
Result<std::string> sealed_texts(const std::string& file, const Statement& statement) {
  std::string text;
  if (!std::filesystem::exists(seals_file_of(file))) return text;
  for (const Opening& opening :
       TRY(parse_openings(TRY(read_file(seals_file_of(file), openings_size_max))))) {
    const auto seal = statement.seals.find(opening.field);
    const bool fits = seal != statement.seals.end() && seal->second == opening.seal();
    text += "\nsealed at " + printable(opening.field) + ": " +
            (fits ? printable(opening.words) : red("the file of seals does not fit"));
  }
  return text;
}

Result<void> show_file(const Cli& cli, const std::string& file) {
  const Note note = TRY(read_statement_file(file));
  const Statement statement = TRY(parse_statement(note.text));
  Json signers = Json::array();
  std::string names;
  for (const NoteSignature& line : note.signatures) {
    signers.push_back(line.name);
    names += (names.empty() ? "" : ", ") + printable(line.name);
  }
  const Json content = to_json(statement.body);
  cli.print({{"type", statement.type()},
             {"origin", statement.origin},
             {"issued_at", format_time(statement.issued_at)},
             {"id", to_hex(statement_id(note.text))},
             {"signatures", signers},
             {"content", content}},
            bold(std::string(statement.type())) + " for " + printable(statement.origin) +
                ", issued " + format_time(statement.issued_at) + "\nid " +
                to_hex(statement_id(note.text)) +
                "\nsignature lines (not verified): " + (names.empty() ? "none" : names) + "\n" +
                printable(content.dump(2)) + TRY(sealed_texts(file, statement)));
  return {};
}

Result<void> show(const Cli& cli, const std::string& what) {
  if (std::filesystem::exists(what)) return show_file(cli, what);
  const HttpClient client(cli.server, cli.identity);
  if (from_decimal(what)) {
    const Json entry = TRY(parse_json(TRY(client.get("/v1/entries/" + what)).body));
    cli.print(entry, bold("entry " + what) + ", " + text_of(entry, "type") + ", " +
                         text_of(entry, "time") + "\n" + text_of(entry, "summary") + "\n\n" +
                         text_of(entry, "statement"));
    return {};
  }
  const ModelId id = TRY(ModelId::parse(what));
  const Json model = TRY(parse_json(TRY(client.get("/v1/models/" + id.text())).body));
  cli.print(model, model_text(model));
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
  list->add_option("--limit", options->limit, "How many at most")->capture_default_str();
  list->callback([&cli, options] { cli.run([&] { return list_models(cli, *options); }); });

  auto what = std::make_shared<std::string>();
  CLI::App* show_command =
      add_command(cli.app, "show", "Show a model, an entry or a statement file",
                  "cpl show ESME-1063-00050203-38040404");
  show_command->add_option("what", *what, "A model id, an entry's number, or a file")->required();
  show_command->callback([&cli, what] { cli.run([&] { return show(cli, *what); }); });

  auto count = std::make_shared<std::uint64_t>(10);
  CLI::App* log = add_command(cli.app, "log", "Show the checkpoint and the newest entries",
                              "cpl log --last 20");
  log->add_option("--last", *count, "How many entries")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{500}))
      ->capture_default_str();
  log->callback([&cli, count] { cli.run([&] { return show_log(cli, *count); }); });
}

}  // namespace cpl
