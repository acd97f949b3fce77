// What the groups of commands of `cpl` share: options, output, and how a failure is told.
//
// Exit codes: 0 done, or valid; 1 refused, or invalid; 2 could not be done or checked; 3 valid, but
// the newest witness time is older than allowed.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "crypto/mutex.hpp"
#include "registry/audit/audit.hpp"
#include "registry/base/clock.hpp"
#include "registry/evidence/verdict.hpp"
#include "tools/shared/files.hpp"
#include "tools/shared/http_client.hpp"

namespace cpl {

inline constexpr int exit_done = 0;
inline constexpr int exit_refused = 1;
inline constexpr int exit_not_done = 2;

struct Cli {
  CLI::App& app;
  bool json = false;     // --json
  bool force = false;    // --force: write over what is there, sign in spite of a warning
  bool yes = false;      // --yes: the answer to what a person at a terminal is asked
  bool quiet = false;    // --quiet: errors, and what a command is asked to make, alone
  bool dry_run = false;  // --dry-run: show what would be sent, and send nothing
  std::string server;    // --server or CPL_SERVER
  std::uint64_t timeout_seconds = 60;  // --timeout: how long one answer may take.
  std::string charter;                 // --charter or CPL_CHARTER: the id of entry 0.
  HttpIdentity identity;  // CPL_TOKEN, CPL_CLIENT_CERTIFICATE, CPL_CLIENT_KEY, CPL_CA_FILE
  SystemClock clock;
  int exit_code = exit_done;

  explicit Cli(CLI::App& root) : app(root) {}

  // Prints the value as JSON where --json was given, else the text, what cannot be seen by its
  // number: on standard output, or on standard error once `save` gave that to a file's content.
  void print(const Json& value, const std::string& text) const;
  // What a command was asked to make goes to `path`, "-" being standard output. Error `file-exists`
  // where something is there already, unless --force.
  Result<void> save(const std::filesystem::path& path, BytesView content) const;
  // The same over whatever is there: what can be fetched again is nobody's work.
  Result<void> replace(const std::filesystem::path& path, BytesView content) const;
  // Whether `save` would take the place, before long work.
  Result<void> check_save(const std::filesystem::path& path) const;
  // By --server or CPL_SERVER, and not just the default.
  bool server_is_named() const;
  // The log that a command is about: the URL or folder that it was given, else the server.
  Result<std::string> log_named(const std::string& given) const;
  // Runs a command's body and turns its error into a message and an exit code.
  void run(const std::function<Result<void>()>& body);
  // The same for commands that judge: whatever keeps them from it means "could not be checked".
  void run_check(const std::function<Result<void>()>& body);
  std::optional<Hash> charter_id() const;
  JudgeOptions judge_options(std::uint64_t age_seconds_max = 86'400) const {
    return {clock.now(), age_seconds_max, charter_id()};
  }
  std::chrono::seconds time_max() const { return std::chrono::seconds(timeout_seconds); }
  HttpClient client() const { return client_of(identity); }
  HttpClient client_of(HttpIdentity who) const {
    return HttpClient(server, std::move(who), time_max(), dry_run ? Changes::told : Changes::sent);
  }

 private:
  mutable bool output_is_content_ = false;
};

// The options of every command.
void add_common_options(Cli& cli);
// --dry-run, of a command that changes something at the registry.
void add_dry_run(Cli& cli, CLI::App& command);
// Adds a command with a description and an example that its help ends with.
CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description,
                      const std::string& example);

// Text from elsewhere, made safe for a terminal.
std::string printable(std::string_view text);
// Colour only where standard output is a terminal and NO_COLOR is not set.
std::string green(const std::string& text);
std::string red(const std::string& text);
std::string bold(const std::string& text);

// A bar on standard error while a person waits; nothing where that is no terminal.
class Progress {
 public:
  explicit Progress(std::string label) : label_(std::move(label)) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(std::uint64_t done, std::uint64_t of);  // Any thread.

 private:
  const std::string label_;
  Mutex mutex_;
  std::uint64_t shown_percent_ GUARDED_BY(mutex_) = 101;
};

// The files themselves; of a folder, the files in it by name.
Result<std::vector<std::filesystem::path>> statement_files(const std::vector<std::string>& given);
// Octets that are a bare statement text or its signed note; its text and signatures.
Result<Note> statement_note(BytesView content);
Result<Note> read_statement_file(const std::filesystem::path& path);
Result<NoteSigner> read_key_file(const std::filesystem::path& path);
// A key string, or a file that holds one.
Result<NoteVerifier> read_public_key(const std::string& text_or_file);
Result<TrustPolicy> read_policy_file(const std::filesystem::path& path);
// Blank lines before it, which come of copying, are no part of it.
Result<Bytes> read_checkpoint_file(const std::filesystem::path& file);

// A verdict for people: the checks, each passed or failed, then the outcome and a sentence.
std::string verdict_text(const std::vector<Check>& checks, Outcome outcome,
                         const std::string& sentence);

void add_key_commands(Cli& cli);
void add_notice_key_command(Cli& cli, CLI::App& key);
void add_token_key_command(Cli& cli, CLI::App& key);
void add_charter_commands(Cli& cli);
void add_minutes_commands(Cli& cli);
void add_prepare_commands(Cli& cli);
void add_change_commands(Cli& cli);
void add_disclose_command(Cli& cli);
void add_data_commands(Cli& cli);
void add_desk_commands(Cli& cli);
void add_mirror_command(Cli& cli);
void add_list_file_commands(Cli& cli);
void add_sign_command(Cli& cli);
void add_submit_command(Cli& cli);
void add_read_commands(Cli& cli);
void add_show_command(Cli& cli);
void add_prove_commands(Cli& cli);
void add_verifier_command(Cli& cli);
void add_verify_command(Cli& cli);
void add_audit_command(Cli& cli);
void add_monitor_command(Cli& cli);
void add_extract_commands(Cli& cli);
void add_reconcile_command(Cli& cli);
void add_extract_key_commands(Cli& cli, CLI::App& extract);
void add_journal_command(Cli& cli);
void add_listen_command(Cli& cli);
void add_agenda_command(Cli& cli);
void add_openings_commands(Cli& cli);
void add_party_commands(Cli& cli);
void add_report_commands(Cli& cli);
void add_submission_commands(Cli& cli);
void add_subscribe_commands(Cli& cli);
void add_tray_commands(Cli& cli);
void add_witness_command(Cli& cli);
void add_completion_command(Cli& cli);
void add_checkpoint_command(Cli& cli);
void add_notices_command(Cli& cli);
void add_diff_command(Cli& cli);
void add_log_command(Cli& cli);

}  // namespace cpl
