#include "tools/cpl/party_directory.hpp"

#include "api/feed/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/csv.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/told.hpp"

namespace cpl {
namespace {

const std::string directory_path = "/v1/operator/parties";
constexpr std::size_t directory_size_max = std::size_t{4} << 20U;
constexpr std::size_t name_size_max = 64;
constexpr std::array<const char*, 8> columns = {"name",    "audience",  "legal_name", "categories",
                                                "acceded", "withdrawn", "mailbox",    "telephone"};

// The Code's names of its categories, as minutes and people write them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> categories = {
    {{"large supplier", "large-supplier"},
     {"small supplier", "small-supplier"},
     {"electricity network", "electricity-network"},
     {"gas network", "gas-network"},
     {"other sec", "other"}}};

struct DirectoryOptions {
  std::string name;
  std::string legal_name;
  std::vector<std::string> categories;
  std::string acceded;
  std::string withdrawn;
  std::string mailbox;
  std::string telephone;
  std::filesystem::path file;
};

std::string path_of(const std::string& name) { return directory_path + "/" + percent_encode(name); }

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// "Small Supplier", "Other SEC Party"; what is none of them stays as it is, to be refused.
std::string category_word(std::string_view given) {
  std::string text = lower(given);
  if (text.ends_with(" party")) text.resize(text.size() - 6);
  for (const auto& [name, word] : categories) {
    if (text == name) return std::string(word);
  }
  return text;
}

// "kaifa-technology-uk-ltd"
std::string account_name(std::string_view legal_name) {
  std::string name;
  for (const char c : lower(legal_name)) {
    const bool stays = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (stays) name += c;
    if (!stays && !name.empty() && name.back() != '-') name += '-';
  }
  name.resize(std::min(name.size(), name_size_max));
  while (name.ends_with('-')) name.pop_back();
  return name;
}

void put(Json& details, const char* name, const std::string& value) {
  if (!value.empty()) details[name] = value;
}

Json details_of(const DirectoryOptions& options) {
  Json details = Json::object();
  put(details, "legal_name", options.legal_name);
  for (const std::string& one : options.categories) {
    details["categories"].push_back(category_word(one));
  }
  put(details, "acceded", options.acceded);
  put(details, "withdrawn", options.withdrawn);
  put(details, "mailbox", options.mailbox);
  put(details, "telephone", options.telephone);
  return details;
}

Result<Json> send_details(const Cli& cli, const std::string& name, const Json& details) {
  Json party =
      TRY(json_of(TRY(cli.client().post(path_of(name) + "/details", details.dump(), json_type))));
  TRY_VOID(check_told(party, "name", name));
  TRY_VOID(check_told(party, "details", details));
  return party;
}

// Members that are not named stay as they are.
Result<void> set_details(const Cli& cli, const DirectoryOptions& options) {
  const Json before = TRY(cli.client().get_json(path_of(options.name)));
  Json details = before.value("details", Json::object());
  details.update(details_of(options));
  const Json party = TRY(send_details(cli, options.name, details));
  cli.print(party, options.name + "\n" + details_text(details));
  return {};
}

Result<void> remove_party(const Cli& cli, const DirectoryOptions& options) {
  const Json party = TRY(json_of(TRY(cli.client().del(path_of(options.name)))));
  TRY_VOID(check_told(party, "name", options.name));
  if (!party.contains("removed")) {
    return evidence_mismatch("the registry's answer does not say that " + options.name +
                             " is removed");
  }
  const Json ended = party.value("subscriptions_ended", Json::array());
  cli.print(party, options.name + " is removed: its tokens are revoked, and " +
                       counted(ended.size(), "subscription") + " ended. Its name stays taken");
  return {};
}

std::string cell(const Json& object, const char* name) {
  return text_for_spreadsheet(text_of(object, name));
}

Result<void> export_parties(const Cli& cli, const DirectoryOptions& options) {
  const Json answer = TRY(cli.client().get_json(directory_path));
  std::string text;
  append_csv_row(text, std::vector<std::string>(columns.begin(), columns.end()));
  std::size_t count = 0;
  for (const Json& party : TRY(rows_of(answer, "parties"))) {
    if (party.contains("removed")) continue;
    const Json details = party.value("details", Json::object());
    std::string joined;
    for (const Json& one : details.value("categories", Json::array())) {
      joined += (joined.empty() ? "" : " ") + (one.is_string() ? one.get<std::string>() : "");
    }
    append_csv_row(
        text, std::vector<std::string>{cell(party, "name"), cell(party, "audience"),
                                       cell(details, "legal_name"), text_for_spreadsheet(joined),
                                       cell(details, "acceded"), cell(details, "withdrawn"),
                                       cell(details, "mailbox"), cell(details, "telephone")});
    ++count;
  }
  TRY_VOID(write_file(options.file, text, Secrecy::open));
  cli.print({{"file", options.file.string()}, {"parties", count}},
            counted(count, "Party") + " in " + options.file.string());
  return {};
}

// One row of the file, with its columns by name.
struct DirectoryRow {
  std::size_t number = 0;
  std::map<std::string, std::string> cells;

  std::string of(const char* name) const {
    const auto found = cells.find(name);
    return found == cells.end() ? "" : found->second;
  }
};

Error row_error(const DirectoryRow& row, const std::string& what) {
  return malformed("directory-malformed", "row " + std::to_string(row.number) + ": " + what);
}

Result<std::vector<DirectoryRow>> read_directory(BytesView text) {
  CsvReader reader = TRY(CsvReader::open(text, directory_size_max));
  const auto header = TRY(reader.next());
  if (!header) return malformed("directory-malformed", "the file is empty");
  for (const std::string& name : header->fields) {
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) {
      return malformed("directory-malformed",
                       "no column is called \"" + printable(name) +
                           "\"; they are name, audience, legal_name, categories, acceded, "
                           "withdrawn, mailbox, telephone");
    }
  }
  std::vector<DirectoryRow> rows;
  while (const auto row = TRY(reader.next())) {
    DirectoryRow made{row->number, {}};
    for (std::size_t i = 0; i < row->fields.size(); ++i) {
      made.cells[header->fields[i]] = std::string(text_from_spreadsheet(row->fields[i]));
    }
    if (made.of("name").empty()) return row_error(made, "it has no name");
    rows.push_back(std::move(made));
  }
  return rows;
}

Json details_of(const DirectoryRow& row) {
  DirectoryOptions options;
  options.legal_name = row.of("legal_name");
  const std::string given = row.of("categories");
  for (std::size_t at = 0; at < given.size();) {
    const auto end = std::min(given.find(' ', at), given.size());
    if (end > at) options.categories.push_back(given.substr(at, end - at));
    at = end + 1;
  }
  options.acceded = row.of("acceded");
  options.withdrawn = row.of("withdrawn");
  options.mailbox = row.of("mailbox");
  options.telephone = row.of("telephone");
  return details_of(options);
}

// Each row stands alone: what was taken before one that is refused stays, and a second import goes
// on from there.
Result<void> import_parties(const Cli& cli, const DirectoryOptions& options) {
  const auto rows = TRY(read_directory(TRY(read_file(options.file, directory_size_max))));
  std::set<std::string> known;
  const Json answer = TRY(cli.client().get_json(directory_path));
  for (const Json& party : TRY(rows_of(answer, "parties"))) known.insert(text_of(party, "name"));
  std::size_t added = 0;
  for (const DirectoryRow& row : rows) {
    const std::string name = row.of("name");
    const Json details = details_of(row);
    if (known.insert(name).second) {
      const std::string audience = row.of("audience");
      const Json body = {{"name", name},
                         {"audience", audience.empty() ? "party" : audience},
                         {"token", false},
                         {"details", details}};
      const auto made = cli.client().create(directory_path, body.dump(), json_type);
      if (!made) return row_error(row, made.error().detail);
      ++added;
    } else if (const auto sent = send_details(cli, name, details); !sent) {
      return row_error(row, sent.error().detail);
    }
  }
  cli.print({{"added", added}, {"changed", rows.size() - added}},
            counted(added, "Party") + " added, " + std::to_string(rows.size() - added) +
                " changed; cpl party token gives a Party its first token");
  return {};
}

void add_details_options(CLI::App& command, DirectoryOptions& options) {
  command.add_option("--legal-name", options.legal_name, "As the Accession Agreement has it");
  command
      .add_option("--category", options.categories,
                  "large-supplier, small-supplier, electricity-network, gas-network or other; "
                  "repeatable")
      ->allow_extra_args(false);
  command.add_option("--acceded", options.acceded, "The day of its accession, 2016-03-11");
  command.add_option("--withdrawn", options.withdrawn, "The day on which it ceased to be a Party");
  command.add_option("--mailbox", options.mailbox, "A role's mailbox, never a person's");
  command.add_option("--telephone", options.telephone, "A role's telephone");
}

}  // namespace

std::string details_text(const Json& details) {
  std::string text;
  const auto row = [&](const char* label, const std::string& value) {
    if (!value.empty()) text += "  " + column(label, 18) + value + "\n";
  };
  row("legal name", text_of(details, "legal_name"));
  std::string joined;
  for (const Json& one : details.value("categories", Json::array())) {
    joined += (joined.empty() ? "" : ", ") +
              printable(one.is_string() ? one.get<std::string>() : one.dump());
  }
  row("categories", joined);
  row("acceded", text_of(details, "acceded"));
  row("withdrawn", text_of(details, "withdrawn"));
  row("mailbox", text_of(details, "mailbox"));
  row("telephone", text_of(details, "telephone"));
  return text;
}

std::string admissions_csv(const MinutesOutline& outline) {
  std::string text;
  append_csv_row(text, std::vector<std::string>{"name", "legal_name", "categories"});
  for (const OutlineItem& item : outline.items) {
    for (const OutlineAdmission& one : item.admissions) {
      append_csv_row(text, std::vector<std::string>{account_name(one.legal_name),
                                                    text_for_spreadsheet(one.legal_name),
                                                    category_word(one.category)});
    }
  }
  return text;
}

void add_directory_commands(Cli& cli, CLI::App& party) {
  auto options = std::make_shared<DirectoryOptions>();
  CLI::App* set = add_command(party, "set", "Say in the directory who a Party is",
                              "CPL_TOKEN=... cpl party set example-energy --legal-name 'Example "
                              "Energy Ltd' --category small-supplier --acceded 2016-03-11");
  set->add_option("name", options->name, "The Party's name")->required();
  add_details_options(*set, *options);
  add_dry_run(cli, *set);
  set->callback([&cli, options] { cli.run([&] { return set_details(cli, *options); }); });

  CLI::App* import = add_command(party, "import", "Add or change Parties from a CSV file",
                                 "CPL_TOKEN=... cpl party import parties.csv");
  import->add_option("file", options->file, "As cpl party export writes it")->required();
  add_dry_run(cli, *import);
  import->callback([&cli, options] { cli.run([&] { return import_parties(cli, *options);
});
}  // namespace cpl
);

CLI::App* exported = add_command(party, "export", "Write the directory as a CSV file",
                                 "CPL_TOKEN=... cpl party export parties.csv");
exported->add_option("file", options->file, "The file to write")->required();
exported->callback([&cli, options] { cli.run([&] { return export_parties(cli, *options); }); });

CLI::App* remove =
    add_command(party, "remove", "Remove a Party: its tokens are revoked and its subscriptions end",
                "CPL_TOKEN=... cpl party remove example-energy");
remove->add_option("name", options->name, "The Party's name")->required();
add_dry_run(cli, *remove);
remove->callback([&cli, options] { cli.run([&] { return remove_party(cli, *options); }); });
}

}  // namespace cpl
