// What the commands that prepare a statement for signing share.
#pragma once

#include "tools/cpl/cli.hpp"
#include "tools/cpl/sealer.hpp"

namespace cpl {

struct PrepareOptions {
  std::string origin;
  std::string out;
  std::string file;
  std::vector<std::string> models;
  std::optional<std::uint64_t> decision;
  std::uint64_t notice = 0;
  std::uint64_t entry = 0;
  std::string basis = "PANEL_DECISION";
  std::string effective_from;
  std::string status;
  std::string reason;
  std::string reason_file;
  std::string sealed_reason;
  std::string seals;
  std::string scheme;
  std::string event;
  std::string date;
  std::string field;
};

// A time, or a day, which means its beginning in the UK; nothing where the text is empty.
Result<StatedTime> stated_time(const std::string& text);
Result<ModelId> one_model(const PrepareOptions& options);
Result<DeviceModel> read_model_file(const std::string& file);
// From --reason or --reason-file, or sealed from --sealed-reason.
Result<std::optional<Text>> reason_of(const PrepareOptions& options, Sealer& sealer);

// Saves the statement, if the registry would take it, and beside it what opens its seals; the name
// of that file, or nothing.
Result<std::string> save_sealed(const Cli& cli, const std::string& out, BytesView text,
                                const Sealer& sealer);

// Writes the statement, having read it back as the registry would, and its seals beside it.
Result<void> put_statement(const Cli& cli, const PrepareOptions& options, StatementBody body,
                           std::string_view who, const Sealer& sealer = {});

using Prepare = Result<void> (*)(const Cli&, const PrepareOptions&);
CLI::App* add_prepare(Cli& cli, const std::shared_ptr<PrepareOptions>& options,
                      const std::string& name, const std::string& description,
                      const std::string& example, Prepare prepare);
void add_reason(CLI::App* command, const std::shared_ptr<PrepareOptions>& options);

}  // namespace cpl
