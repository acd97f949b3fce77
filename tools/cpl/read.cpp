// cpl list, log: what the registry says, held to what it was asked.
#include "api/feed/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "registry/tlog/checkpoint.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/proven_entry.hpp"

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

std::string models_path(const ListOptions& options, std::uint64_t limit) {
  std::string path = "/v1/models?limit=" + std::to_string(limit);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) path += "&" + std::string(name) + "=" + percent_encode(value);
  };
  add("q", options.query);
  add("device_type", options.type);
  add("manufacturer_id", options.manufacturer);
  add("status", options.status);
  add("cover_ends_by", options.cover_ends_by);
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

bool holds(const Json& row, const std::string& words) {
  for (const char* member :
       {"id", "manufacturer_name", "firmware_version_printed", "cpl_entry_id"}) {
    if (ascii_lower(text_of(row, member)).find(ascii_lower(words)) != std::string::npos)
      return true;
  }
  return false;
}

bool ends_by(const Json& row, const std::string& day) {
  for (const Json& end : row.value("cover_ends", Json::array())) {
    const std::string date = text_of(end, "date");
    if (!date.empty() && date <= day) return true;
  }
  return false;
}

// A row is a model that was asked for, behind the one before it.
Result<void> check_row(const ListOptions& options, const Json& row, const std::string& before) {
  const std::string id = text_of(row, "id");
  const auto model = ModelId::parse(id);
  const auto fits = [](const std::string& asked, const std::string& is) {
    return asked.empty() || asked == is;
  };
  const std::size_t maker = id.find('-');
  const std::string status = text_of(row, "status");
  const bool asked = model && before < id && (status == "listed" || status == "removed") &&
                     fits(options.type, id.substr(0, maker)) &&
                     fits(options.manufacturer, id.substr(maker + 1, 4)) &&
                     fits(options.status, status) &&
                     (options.query.empty() || holds(row, options.query)) &&
                     (options.cover_ends_by.empty() || ends_by(row, options.cover_ends_by));
  if (asked) return {};
  return evidence_mismatch("the registry lists " + (id.empty() ? "what is no model" : id) +
                           ", which was not asked for, or not in its place");
}

// The rows, and what they are of.
struct Listed {
  Json models = Json::array();
  std::uint64_t log_size = 0;
  bool more = false;
};

// Page by page, of a log that does not shrink meanwhile, or of the size that was asked for.
Result<Listed> fetch_models(const HttpClient& client, const ListOptions& options) {
  Listed listed;
  std::string before;
  const auto take = [&](const Json& page) -> Result<bool> {
    const std::uint64_t size = TRY(number_in(page, "log_size"));
    if (size < listed.log_size || size != options.at.value_or(size)) {
      return evidence_mismatch("the registry's list is of log size " + std::to_string(size) +
                               ", which was not asked for");
    }
    listed.log_size = size;
    for (const Json& row : TRY(rows_of(page, "models"))) {
      listed.more = listed.models.size() == options.limit;
      if (listed.more) return false;
      TRY_VOID(check_row(options, row, before));
      before = text_of(row, "id");
      listed.models.push_back(row);
    }
    listed.more = !text_of(page, "next").empty();
    return listed.models.size() < options.limit;
  };
  const std::uint64_t page = std::min<std::uint64_t>(500, options.limit);
  TRY_VOID(for_each_page(client, {models_path(options, page), "models", "after"}, take));
  return listed;
}

Result<void> list_models(const Cli& cli, const ListOptions& options) {
  const Listed listed = TRY(fetch_models(cli.client(), options));
  std::string text;
  for (const Json& model : listed.models) {
    const std::string status = text_of(model, "status");
    text += text_of(model, "id") + "  " + (status == "listed" ? green(status) : red(status)) +
            (text_of(model, "under_notice") == "true" ? ", under notice" : "") + cover_text(model) +
            "  " + text_of(model, "manufacturer_name") + "  " +
            text_of(model, "firmware_version_printed") + "\n";
  }
  text += counted(listed.models.size(), "model") + (listed.more ? ", and more" : "") +
          ", at log size " + std::to_string(listed.log_size) +
          ", as the registry says; cpl show proves one, cpl extract the whole list";
  cli.print({{"log_size", listed.log_size}, {"models", listed.models}, {"more", listed.more}},
            text);
  return {};
}

struct LogOptions {
  std::uint64_t count = 10;
  std::string policy;
};

// The checkpoint; of a log of the policy, where one is named.
Result<Checkpoint> read_checkpoint(BytesView note, const LogOptions& options) {
  if (options.policy.empty()) return parse_checkpoint(TRY(parse_note(note)).text);
  return TRY(trust_checkpoint(note, TRY(read_policy_file(options.policy)))).checkpoint;
}

Result<void> show_log(const Cli& cli, const LogOptions& options) {
  const HttpClient client = cli.client();
  const Bytes note = TRY(client.get("/checkpoint", note_answer_max)).body;
  const std::uint64_t size = TRY(read_checkpoint(note, options)).size.value;
  const std::uint64_t count = std::min(size, options.count);
  const Json answer =
      TRY(client.get_json("/v1/entries?from=" + std::to_string(size - count) +
                          "&limit=" + std::to_string(std::max<std::uint64_t>(count, 1))));
  std::vector<Json> entries = TRY(rows_of(answer, "entries"));
  if (count == 0) entries.clear();
  std::string text;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (text_of(entries[i], "index") != std::to_string(size - count + i)) {
      return evidence_mismatch("the registry shows other entries than were asked for");
    }
    text += text_of(entries[i], "index") + "  " + text_of(entries[i], "time") + "  " +
            text_of(entries[i], "type") + ": " + text_of(entries[i], "summary") + "\n";
  }
  if (entries.size() != count) {
    return evidence_mismatch("the registry shows " + counted(entries.size(), "entry") + " of the " +
                             std::to_string(count) + " that its checkpoint has");
  }
  text += "\nso the registry says; cpl show N proves one, cpl audit all\n\n" + printable(note) +
          (options.policy.empty() ? "(no trust policy: nobody checked the signatures)"
                                  : "(signed by a log of the trust policy)");
  cli.print({{"checkpoint", note}, {"entries", entries}}, text);
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

  auto log_options = std::make_shared<LogOptions>();
  CLI::App* log = add_command(cli.app, "log", "Show the checkpoint and the newest entries",
                              "cpl log --last 20");
  log->add_option("--last", log_options->count, "How many entries")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{500}))
      ->capture_default_str();
  log->add_option("--policy", log_options->policy, "The trust policy file")->envname("CPL_POLICY");
  log->callback([&cli, log_options] { cli.run([&] { return show_log(cli, *log_options); }); });
}

}  // namespace cpl
