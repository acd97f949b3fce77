// cpl desk list: what the Service Desk says of a version of the list. The file is judged here
// before anything is signed: the DCC uses no list whose signature it has not verified (B16).
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/desk_statement.hpp"
#include "tools/cpl/extract_files.hpp"
#include "tools/cpl/published_extract.hpp"
#include "tools/cpl/reason_option.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/cpl/work.hpp"
#include "tools/shared/files.hpp"

namespace cpl {
namespace {

struct ListCommand {
  std::string file;
  std::string policy;
  std::string key;
  std::string status = "loaded";
  std::string at_time;
  std::string code;
  std::string reason;
  std::string reason_file;
};

// How far the desk has said so already, by the registry's word: the rules refuse what was said.
Result<std::string> said_so_far(const HttpClient& client, const HeldExtract& list) {
  const Json page =
      TRY(client.get_json("/v1/loadings?limit=1&after=" + std::to_string(list.version - 1)));
  const Json rows = page.value("loadings", Json::array());
  if (rows.empty()) return std::string();
  if (text_of(rows.front(), "version") != std::to_string(list.version)) {
    return Error{Errc::unauthorized, "evidence-mismatch",
                 "the registry tells of another version than " + std::to_string(list.version), 0};
  }
  return text_of(rows.front(), "state");
}

// What is to be signed to come from there to the status: nothing may be left out.
std::vector<LoadingStatus> steps_to(LoadingStatus status, const std::string& so_far) {
  using enum LoadingStatus;
  const std::vector<LoadingStatus> way = {received, verified, loaded};
  const auto last = read_word<LoadingStatus>(so_far);
  const bool anew = !last || *last == rejected;
  std::vector<LoadingStatus> steps;
  for (const LoadingStatus step : way) {
    if (status == rejected ? step != received : step > status) break;
    if (anew || step > *last) steps.push_back(step);
  }
  if (status == rejected) steps.push_back(rejected);
  return steps;
}

Result<UnixMillis> time_of(const Cli& cli, const ListCommand& command) {
  UnixMillis time = cli.clock.now();
  if (!command.at_time.empty()) time = TRY(read_at_time(command.at_time, time));
  return UnixMillis{time.value / 1000 * 1000};
}

Result<Loading> loading_of(const Cli& cli, const ListCommand& command, const HeldExtract& list,
                           LoadingStatus status) {
  const UnixMillis at = TRY(time_of(cli, command));
  Loading loading{list.version, list.hash, list.log_size, status, at, {}, {}};
  if (status == LoadingStatus::rejected) {
    if (command.code.empty()) {
      return malformed("code-missing", "--status rejected goes with --code and --reason");
    }
    loading.reject_code = command.code;
    loading.reject_text = Text(TRY(read_required_reason(command.reason, command.reason_file)));
  }
  return loading;
}

Result<void> say(const Cli& cli, const ListCommand& command) {
  const TrustPolicy policy = TRY(read_policy_file(command.policy));
  const ExtractFiles files =
      TRY(with_files_beside(command.file, TRY(read_file(command.file, extract_size_max))));
  const HeldExtract list = TRY(valid_extract(cli, files, policy));
  const auto status = chosen<LoadingStatus>(command.status);
  const auto steps = steps_to(status, TRY(said_so_far(cli.client(), list)));
  if (steps.empty()) {
    return refuse("loading-out-of-order", "version " + std::to_string(list.version) +
                                              " of the list is " + command.status + " already");
  }
  const DeskVoice desk = TRY(DeskVoice::open(cli, command.key, policy));
  for (const LoadingStatus step : steps) {
    const Loading loading = TRY(loading_of(cli, command, list, step));
    TRY(desk.say(
        {list.origin, loading,
         "version " + std::to_string(list.version) + " of the list is " + green(to_string(step))}));
    if (cli.dry_run) break;  // The rest would follow from what is not there.
  }
  return {};
}

}  // namespace

void add_desk_list_commands(Cli& cli, CLI::App& desk) {
  auto options = std::make_shared<ListCommand>();
  CLI::App* list = add_command(
      desk, "list", "Check a version of the list and sign that it is loaded, or rejected",
      "cpl desk list extract.csv --policy policy.txt --key desk.key\n"
      "  cpl desk list extract.csv --status rejected --code load-failed --reason \"It stopped.\"");
  list->add_option("file", options->file,
                   "The list, with its signature and its proof beside it (cpl extract fetch)")
      ->required();
  list->add_option("--policy", options->policy, "The trust policy file")
      ->envname("CPL_POLICY")
      ->required();
  list->add_option("-k,--key", options->key, "The Service Desk's key file")
      ->envname("CPL_DESK_KEY");
  choose_from(list->add_option("--status", options->status,
                               "How far it has come; what comes before it is signed, too"),
              loading_status_words)
      ->default_str("loaded");
  list->add_option("--at-time", options->at_time, "When: a time, or a day; now if left out");
  choose_from(list->add_option("--code", options->code, "With rejected: what is wrong"),
              loading_code_words);
  CLI::Option* reason =
      list->add_option("--reason", options->reason, "With rejected: the reason in words");
  list->add_option("--reason-file", options->reason_file, reason_file_help)->excludes(reason);
  add_dry_run(cli, *list);
  list->callback([&cli, options] { cli.run([&] { return say(cli, *options); }); });
}

}  // namespace cpl
