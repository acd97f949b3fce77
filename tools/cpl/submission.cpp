// cpl submission: what a manufacturer, a supplier or the DCC does before a sheet of new models is
// sent to SECAS. Nothing leaves the machine.
#include <iostream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/sheet/problems_json.hpp"
#include "registry/sheet/submission.hpp"
#include "tools/cpl/additions.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/sheet_problems.hpp"

namespace cpl {
namespace {

constexpr std::size_t sheet_size_max = 8U << 20U;
constexpr std::size_t evidence_file_max = 64U << 20U;
constexpr std::size_t files_max = 1000;

struct CheckOptions {
  std::string file;
  std::vector<std::string> firmware;
  std::vector<std::string> evidence;
  std::string sender;
  std::string charter;
  std::string dates;
  std::size_t kinds_max = 50;
};

std::string name_of(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

Result<std::vector<SubmittedFirmware>> read_firmware(const std::vector<std::string>& paths) {
  std::vector<SubmittedFirmware> files;
  for (const std::string& path : paths) {
    auto image = read_firmware_image(TRY(read_file(path, firmware_size_max)));
    if (!image) return within(path, image.error());
    files.push_back({name_of(path), *std::move(image)});
  }
  return files;
}

Result<std::vector<SubmittedEvidence>> read_evidence(const std::vector<std::string>& paths) {
  std::vector<SubmittedEvidence> files;
  for (const std::string& path : paths) {
    const Bytes content = TRY(read_file(path, evidence_file_max));
    files.push_back({name_of(path), sha256(content)});
  }
  return files;
}

// What the charter asks of an addition; where none is given, the values that a charter has unless
// it says otherwise.
Result<void> apply_charter(const CheckOptions& options, UnixMillis now, SheetReading& reading) {
  Charter charter;
  charter.policy = default_policy();
  if (!options.charter.empty()) charter = TRY(read_charter_file(options.charter));
  const auto prepared = TRY(prepare_additions("submission", reading.models, now, StatedTime{}));
  std::vector<Bytes> texts;
  texts.reserve(prepared.size());
  for (const PreparedAddition& one : prepared) texts.push_back(one.text);
  note_refusals(judge_by_charter(charter, texts, now), prepared, reading);
  return {};
}

Json firmware_json(const std::vector<SubmittedFirmware>& files) {
  Json list = Json::array();
  for (const auto& [name, image] : files) {
    list.push_back({{"file", name},
                    {"manufacturer_id", image.manufacturer_code},
                    {"image_type", image.image_type},
                    {"firmware_version", image.file_version},
                    {"image_hash", to_hex(image.image_sha256)}});
  }
  return list;
}

std::string firmware_text(const std::vector<SubmittedFirmware>& files) {
  std::string text;
  for (const auto& [name, image] : files) {
    text += printable(name) + ": manufacturer " + image.manufacturer_code + ", image type " +
            image.image_type + ", file version " + image.file_version + ", SHA-256 " +
            to_hex(image.image_sha256) + "\n";
  }
  return text;
}

struct Submitted {
  std::vector<SubmittedFirmware> firmware;
  std::vector<SubmittedEvidence> evidence;
};

// What is asked of rows that can be read.
Result<void> check_rows(const CheckOptions& options, const Submitted& files, UnixMillis now,
                        SheetReading& reading) {
  check_firmware(files.firmware, reading);
  check_evidence(files.evidence, reading);
  check_predecessors(reading);
  if (!options.sender.empty()) check_sender(chosen<Sender>(options.sender), reading);
  return apply_charter(options, now, reading);
}

Json answer_of(const SheetReading& reading, const Submitted& files, const Hash& id) {
  Json models = Json::array();
  for (const DeviceModel& model : reading.models) models.push_back(model.id().text());
  return {{"submission", to_hex(id)},
          {"models", std::move(models)},
          {"firmware", firmware_json(files.firmware)},
          {"errors", reading.error_count},
          {"warnings", reading.warning_count},
          {"problems", problems_json(reading)}};
}

Result<void> check_submission(const Cli& cli, const CheckOptions& options) {
  if (options.firmware.size() > files_max || options.evidence.size() > files_max) {
    return malformed("files-too-many", "give at most 1000 files with one sheet");
  }
  const Bytes sheet = TRY(read_file(options.file, sheet_size_max));
  Submitted files;
  files.firmware = TRY(read_firmware(options.firmware));
  files.evidence = TRY(read_evidence(options.evidence));
  const UnixMillis now{cli.clock.now().value / 1000 * 1000};
  SheetDefaults defaults{"the submitter", now};
  if (options.dates == "dmy") defaults.dates = SheetDefaults::DateOrder::dmy;
  if (options.dates == "mdy") defaults.dates = SheetDefaults::DateOrder::mdy;
  SheetReading reading = read_model_sheet(sheet, defaults);
  const bool is_read = reading.usable() && !reading.models.empty();
  if (is_read) TRY_VOID(check_rows(options, files, now, reading));
  const Json answer = answer_of(reading, files, sha256(sheet));
  const std::string problems =
      firmware_text(files.firmware) + problems_text(reading, options.kinds_max);
  if (reading.usable() && is_read) {
    cli.print(answer, problems + green("nothing is wrong") + " with " +
                          counted(reading.models.size(), "row") + "; the submission is " +
                          to_hex(sha256(sheet)));
    return {};
  }
  cli.print(answer, problems);
  if (reading.usable()) return malformed("sheet-empty", options.file + " has no row of a model");
  return refuse(
      "submission-wrong",
      options.file + " has " + counted(reading.error_count, "error") +
          (is_read ? "" : "; firmware and evidence are looked at when the cells are right"));
}

}  // namespace

void add_submission_commands(Cli& cli) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* const submission =
      add_command(cli.app, "submission", "Check a sheet of new models before it is sent to SECAS",
                  "cpl submission check models.csv --firmware image.zigbee");
  submission->require_subcommand(1);
  CLI::App* const check_command = add_command(
      *submission, "check", "Say of each field what is wrong and what to do; sends nothing",
      "cpl submission check models.csv --firmware image.zigbee --evidence release-notes.pdf");
  check_command->add_option("file", options->file, "The sheet, CSV in UTF-8")->required();
  check_command
      ->add_option("--firmware", options->firmware,
                   "The firmware file of a row: its OTA header and hash are compared; repeatable")
      ->allow_extra_args(false);
  check_command
      ->add_option("--evidence", options->evidence,
                   "A file that maps a certificate to a firmware: its hash is compared; repeatable")
      ->allow_extra_args(false);
  choose_from(check_command->add_option("--sent-by", options->sender,
                                        "Who will send it: not everybody may send everything"),
              sender_words);
  check_command->add_option("--charter-file", options->charter,
                            "Apply the rules of this charter, instead of the usual ones");
  choose(check_command->add_option("--dates", options->dates,
                                   "How dates with slashes are written; 2026-07-09 is always read"),
         {"dmy", "mdy", "ymd"});
  check_command->add_option("--max-errors", options->kinds_max, "How many kinds of mistake to show")
      ->capture_default_str();
  check_command->callback(
      [&cli, options] { cli.run([&] { return check_submission(cli, *options); }); });
}

}  // namespace cpl
