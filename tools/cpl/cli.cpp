#include "tools/cpl/cli.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "crypto/encoding.hpp"
#include "crypto/locked_memory.hpp"
#include "crypto/plain_text.hpp"
#include "registry/base/printed_json.hpp"
#include "registry/given/given.hpp"
#include "tools/cpl/layout.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

constexpr std::size_t mark_width = 8;
constexpr std::size_t small_file_max = 1U << 20U;
constexpr std::size_t bar_width = 30;
constexpr std::string_view colours_and_lines = "\x1b\n\t";

// https://no-color.org: set, and not to nothing.
bool no_colour() {
  const char* const set = std::getenv("NO_COLOR");
  return set != nullptr && *set != '\0';
}

std::string coloured(const char* code, const std::string& text) {
  static const bool colour = is_terminal() && !no_colour();
  return colour ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
}

std::string without_newline(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

bool is_refusal(Errc errc) {
  return errc == Errc::invalid || errc == Errc::unauthorized || errc == Errc::not_found ||
         errc == Errc::conflict || errc == Errc::too_large;
}

}  // namespace

void Cli::print(const Json& value, const std::string& text) const {
  if (quiet && !json) return;
  std::ostream& out = output_is_content_ ? std::cerr : std::cout;
  if (json) {
    out << printed_json(value) << "\n";
  } else {
    out << shown(text, colours_and_lines);
    if (!text.ends_with('\n')) out << "\n";
  }
}

Result<void> Cli::check_save(const std::filesystem::path& path) const {
  std::error_code unknown;  // Writing tells what is wrong with the place.
  const auto there = std::filesystem::status(path, unknown);
  // A pipe or a terminal is written to, not written over.
  if (path == "-" || force || !std::filesystem::is_regular_file(there)) return {};
  return refuse("file-exists", path.string() +
                                   " is there already and was left as it is; name another file, "
                                   "or write over it with --force");
}

Result<void> Cli::save(const std::filesystem::path& path, BytesView content) const {
  TRY_VOID(check_save(path));
  return replace(path, content);
}

Result<void> Cli::replace(const std::filesystem::path& path, BytesView content) const {
  if (path == "-") output_is_content_ = true;
  return write_file(path, content, Secrecy::open);
}

bool Cli::server_is_named() const { return app.get_option("--server")->count() > 0; }

Result<std::string> Cli::log_named(const std::string& given) const {
  if (!given.empty()) return given;
  if (server_is_named()) return server;
  return malformed("log-missing",
                   "which log? Name its URL or a folder with a copy, or set CPL_SERVER");
}

std::optional<Hash> Cli::charter_id() const {
  if (charter.empty()) return std::nullopt;
  return hash_from_hex(charter);
}

void add_common_options(Cli& cli) {
  cli.app.add_flag("--json", cli.json, "Print JSON for programs instead of text for people");
  cli.app.add_flag("--force", cli.force,
                   "Write over files that are there; sign in spite of a warning");
  cli.app.add_flag("-y,--yes", cli.yes, "Do not ask");
  cli.app.add_flag("-q,--quiet", cli.quiet, "Print only errors and what you asked for");
  cli.app.add_flag_callback("--utc", &show_times_in_utc, "Show times in UTC instead of UK time");
  cli.app.add_option("--server", cli.server, "The registry's URL")
      ->envname("CPL_SERVER")
      ->default_str("http://127.0.0.1:8080");
  cli.server = "http://127.0.0.1:8080";
  take_duration(
      cli.app.add_option("--timeout", cli.timeout_seconds, "How long one answer may take"),
      cli.timeout_seconds)
      ->envname("CPL_TIMEOUT")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{3'600}));
  cli.app
      .add_option("--charter", cli.charter,
                  "The id of the registry's first charter: evidence and logs of any other are "
                  "refused")
      ->envname("CPL_CHARTER")
      ->check([](const std::string& text) -> std::string {
        return hash_from_hex(text) ? "" : "must be 64 lower-case hexadecimal digits";
      });
}

void add_dry_run(Cli& cli, CLI::App& command) {
  command.add_flag("--dry-run", cli.dry_run, "Show what would be sent; send nothing");
}

void Cli::run(const std::function<Result<void>()>& body) {
  const auto done = body();
  if (done) return;
  const Error& error = done.error();
  if (dry_run && error.code == dry_run_code) {
    return print({{"would_send", error.detail}},
                 "nothing was sent; without --dry-run this would be:\n" + error.detail);
  }
  exit_code = is_refusal(error.errc) ? exit_refused : exit_not_done;
  if (json) {
    std::cout << printed_json(error_json(error)) << "\n";
  }
  std::cerr << "cpl: " << printable(error.detail) << "\n     (" << printable(error.code);
  if (error.rule != 0) std::cerr << ", rule " << error.rule;
  std::cerr << ")\n";
}

void Cli::run_check(const std::function<Result<void>()>& body) {
  bool judged = false;
  run([&]() -> Result<void> {
    TRY_VOID(body());
    judged = true;
    return {};
  });
  if (!judged) exit_code = exit_not_done;
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description,
                      const std::string& example) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->footer("Example:\n  " + example);
  return command;
}

std::string printable(std::string_view text) { return shown(text, "\n"); }

std::string green(const std::string& text) { return coloured("32", text); }
std::string red(const std::string& text) { return coloured("31", text); }
std::string bold(const std::string& text) { return coloured("1", text); }

void Progress::show(std::uint64_t done, std::uint64_t of) {
  if (::isatty(STDERR_FILENO) != 1 || of == 0) return;
  const std::uint64_t percent = done * 100 / of;
  const Lock lock(mutex_);
  if (percent == shown_percent_) return;
  shown_percent_ = percent;
  const std::size_t filled = percent * bar_width / 100;
  std::cerr << "\r" << label_ << " [" << std::string(filled, '#')
            << std::string(bar_width - filled, '.') << "] " << percent << " %" << std::flush;
}

Progress::~Progress() {
  if (shown_percent_ <= 100) std::cerr << "\r\x1b[K" << std::flush;
}

std::string verdict_text(const std::vector<Check>& checks, Outcome outcome,
                         const std::string& sentence) {
  std::string text;
  for (const Check& check : checks) {
    const std::string said = printable(check.name) + ": " + printable(in_uk_time(check.detail));
    text += (check.passed ? green("  ok    ") : red("  FAIL  ")) +
            (is_terminal() ? wrapped(said, terminal_width(), mark_width, mark_width) : said) + "\n";
  }
  const std::string word = to_string(outcome);
  return text + "\n" + bold(outcome == Outcome::invalid ? red(word) : green(word)) + ": " +
         printable(in_uk_time(sentence));
}

Result<std::vector<std::filesystem::path>> statement_files(const std::vector<std::string>& given) {
  std::vector<std::filesystem::path> files;
  for (const std::string& path : given) {
    if (!std::filesystem::is_directory(path)) {
      files.emplace_back(path);
      continue;
    }
    std::vector<std::filesystem::path> inside;
    for (const auto& file : std::filesystem::directory_iterator(path)) {
      if (file.is_regular_file()) inside.push_back(file.path());
    }
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  if (files.empty()) return Error{Errc::not_found, "no-files", "no file was found there", 0};
  return files;
}

Result<Note> statement_note(BytesView content) {
  if (content.find("\n\n") != content.npos) return parse_note(content);
  if (is_note_text(content)) return Note{Bytes(content), {}};
  return malformed("statement-malformed", "this is neither a statement nor its signed note");
}

Result<Note> read_statement_file(const std::filesystem::path& path) {
  auto note = statement_note(TRY(read_exact_file(path, statement_size_max)));
  if (!note) return within(path.string(), note.error());
  return note;
}

Result<NoteSigner> read_key_file(const std::filesystem::path& path) {
  Bytes text = TRY(read_key_text(path));
  auto key = NoteSigner::parse(text);
  wipe(text);
  if (!key) return within(path.string(), key.error());
  return key;
}

Result<NoteVerifier> read_public_key(const std::string& text_or_file) {
  if (text_or_file.find('+') != std::string::npos && !std::filesystem::exists(text_or_file)) {
    return NoteVerifier::parse(text_or_file);
  }
  auto key =
      NoteVerifier::parse(without_newline(TRY(read_exact_file(text_or_file, small_file_max))));
  if (!key) return within(text_or_file, key.error());
  return key;
}

Result<TrustPolicy> read_policy_file(const std::filesystem::path& path) {
  if (path.empty()) {
    return malformed("policy-missing",
                     "whom to trust? Give --policy FILE or set CPL_POLICY (cpl key policy makes "
                     "one from the log's public key)");
  }
  return policy_given(path.string(), TRY(read_file(path, small_file_max)));
}

}  // namespace cpl
