// cpl journal: what the operator did, and who read sealed texts.
#include "registry/base/json.hpp"
#include "tools/cpl/answer_text.hpp"

namespace cpl {
namespace {

struct JournalOptions {
  std::uint64_t limit = 50;
  std::uint64_t before = 0;
};

std::string line_text(const Json& line) {
  const std::string status = text_of(line, "status");
  const std::string about = text_of(line, "about");
  return column(text_of(line, "number"), 6) + column(told_time(text_of(line, "time")), 26) +
         column(text_of(line, "who"), 24) + column(text_of(line, "from"), 16) +
         column(status.empty() ? "-" : status, 5) + text_of(line, "what") +
         (about.empty() ? "" : "  " + about) + "\n";
}

Result<void> show(const Cli& cli, const JournalOptions& options) {
  std::string path = "/v1/operator/journal?limit=" + std::to_string(options.limit);
  if (options.before > 0) path += "&before=" + std::to_string(options.before);
  const Json answer = TRY(parse_json(TRY(cli.client().get(path)).body));
  std::string text;
  for (const Json& line : answer.value("lines", Json::array())) text += line_text(line);
  const std::string next = text_of(answer, "next");
  if (!next.empty()) text += "Older ones: cpl journal --before " + next + "\n";
  cli.print(answer, text.empty() ? "nothing is written in the journal yet" : text);
  return {};
}

}  // namespace

void add_journal_command(Cli& cli) {
  auto options = std::make_shared<JournalOptions>();
  CLI::App* command =
      add_command(cli.app, "journal", "Show what the operator did, and who read sealed texts",
                  "CPL_TOKEN=... cpl journal --limit 20");
  command->add_option("-n,--limit", options->limit, "How many lines, the newest first")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  command->add_option("--before", options->before, "Those before this line");
  command->callback([&cli, options] { cli.run([&] { return show(cli, *options); }); });
}

}  // namespace cpl
