// cpl log: the newest entries, or those of a time, as the registry shows them.
#include <deque>

#include "crypto/encoding.hpp"
#include "registry/statement/statement.hpp"
#include "registry/tlog/checkpoint.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/entry_range.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/proven_entry.hpp"

namespace cpl {
namespace {

struct LogOptions {
  std::uint64_t limit = 10;
  std::string policy;
  std::string since;
  std::string until;
  std::vector<std::string> types;

  bool picks() const { return !since.empty() || !until.empty() || !types.empty(); }
};

// The checkpoint; of a log of the policy, where one is named.
Result<Checkpoint> read_checkpoint(BytesView note, const LogOptions& options) {
  if (options.policy.empty()) return parse_checkpoint(TRY(parse_note(note)).text);
  return TRY(trust_checkpoint(note, TRY(read_policy_file(options.policy)))).checkpoint;
}

std::string entry_line(const Json& entry) {
  return text_of(entry, "index") + "  " + told_time(text_of(entry, "time")) + "  " +
         text_of(entry, "type") + ": " + in_uk_time(text_of(entry, "summary")) + "\n";
}

// Those of a time and of some types, the newest of them where they are too many.
Result<void> show_picked(const Cli& cli, const LogOptions& options) {
  const HttpClient client = cli.client();
  const EntryRange range =
      TRY(range_between(client, options.since, options.until, cli.clock.now()));
  std::deque<Json> picked;
  std::size_t found = 0;
  TRY_VOID(for_each_entry(client, range, [&](const Json& entry) {
    const auto& types = options.types;
    const bool fits = types.empty() ||
                      std::find(types.begin(), types.end(), text_of(entry, "type")) != types.end();
    if (!fits) return;
    ++found;
    picked.push_back(entry);
    if (picked.size() > options.limit) picked.pop_front();
  }));
  std::string text;
  Json entries = Json::array();
  for (const Json& entry : picked) {
    text += entry_line(entry);
    entries.push_back(entry);
  }
  text += found > picked.size() ? "the newest " + std::to_string(picked.size()) + " of " +
                                      counted(found, "entry") + "; -n shows more"
                                : counted(found, "entry");
  cli.print({{"entries", entries}, {"found", found}}, text + ", as the registry says");
  return {};
}

Result<void> show_log(const Cli& cli, const LogOptions& options) {
  const HttpClient client = cli.client();
  const Bytes note = TRY(client.get("/checkpoint", note_answer_max)).body;
  const std::uint64_t size = TRY(read_checkpoint(note, options)).size.value;
  const std::uint64_t count = std::min(size, options.limit);
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
    text += entry_line(entries[i]);
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

void add_log_command(Cli& cli) {
  auto options = std::make_shared<LogOptions>();
  CLI::App* log =
      add_command(cli.app, "log", "Show the checkpoint and the newest entries",
                  "cpl log -n 20\n  cpl log --since 2026-11-23 --statement-type removal");
  log->add_option("-n,--limit", options->limit, "How many entries")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{500}))
      ->capture_default_str();
  log->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  log->add_option("--since", options->since, "From the beginning of this day, or this time");
  log->add_option("--until", options->until, "To the end of this day, or this time");
  choose_from(log->add_option("--statement-type", options->types, "Only of this type; repeatable")
                  ->allow_extra_args(false),
              statement_type_words);
  log->callback([&cli, options] {
    cli.run(
        [&] { return options->picks() ? show_picked(cli, *options) : show_log(cli, *options); });
  });
}

}  // namespace cpl
