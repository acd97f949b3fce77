// cpl list: what the registry says, held to what it was asked.
#include "api/feed/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "registry/statement/model.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/proven_entry.hpp"
#include "tools/cpl/time_options.hpp"

namespace cpl {
namespace {

struct ListOptions {
  std::string query;
  std::string type;
  std::string manufacturer;
  std::string status;
  AtOptions asked_at;
  std::optional<std::uint64_t> at;  // The log size that `asked_at` comes to.
  std::string cover_until;
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
  add("cover_ends_by", options.cover_until);
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
                     (options.cover_until.empty() || ends_by(row, options.cover_until));
  if (asked) return {};
  return evidence_mismatch("the registry lists " +
                           (id.empty() ? "something that is not a model" : id) +
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

Result<void> list_models(const Cli& cli, ListOptions options) {
  const HttpClient client = cli.client();
  options.at = TRY(size_asked(cli, client, options.asked_at));
  const Listed listed = TRY(fetch_models(client, options));
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

}  // namespace

void add_read_commands(Cli& cli) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* list = add_command(cli.app, "list", "List models",
                               "cpl list --device-type esme --status listed --query \"10E0\"");
  list->add_option("--query", options->query, "In the id, manufacturer or printed firmware");
  choose_from(list->add_option("--device-type", options->type, "Only of this type"),
              device_type_words);
  list->add_option("--manufacturer", options->manufacturer, "4 hexadecimal digits");
  choose(list->add_option("--status", options->status, "Only these"), {"listed", "removed"});
  add_at_options(*list, options->asked_at);
  list->add_option("--cover-until", options->cover_until,
                   "Only listed ones of which a certificate ends by that day, or has ended");
  list->add_option("-n,--limit", options->limit, "How many at most")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000'000}))
      ->capture_default_str();
  list->callback([&cli, options] { cli.run([&] { return list_models(cli, *options); }); });
}

}  // namespace cpl
