#include "registry/statement/deployed.hpp"

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/base/csv.hpp"

namespace cpl {
namespace {

constexpr std::size_t file_size_max = std::size_t{16} << 20U;
constexpr std::uint64_t devices_max = 1'000'000'000;  // There are some thirty million homes.

Error row_error(const CsvRow& row, const std::string& what) {
  return malformed("counts-malformed", "row " + std::to_string(row.number) + ": " + what);
}

Result<DeployedRow> read_row(const CsvRow& row) {
  auto model = ModelId::parse(text_from_spreadsheet(row.fields[0]));
  if (!model) return row_error(row, model.error().detail);
  const auto devices = from_decimal(text_from_spreadsheet(row.fields[1]));
  if (devices && *devices <= devices_max) return DeployedRow{*model, *devices};
  return row_error(row, "\"" + row.fields[1] + "\" is no number of devices");
}

std::string row_text(const DeployedRow& row) {
  return row.model.text() + "," + std::to_string(row.devices);
}

}  // namespace

Result<DeployedCounts> DeployedCounts::parse(BytesView csv) {
  CsvReader reader = TRY(CsvReader::open(csv, file_size_max));
  const auto header = TRY(reader.next());
  if (!header || header->fields != std::vector<std::string>{"model", "devices"}) {
    return malformed("counts-malformed", "the first row must be model,devices");
  }
  DeployedCounts counts;
  while (const auto row = TRY(reader.next())) {
    if (counts.rows_.size() == deployed_rows_max) {
      return malformed("counts-malformed", "more than 100,000 models are counted");
    }
    counts.rows_.push_back(TRY(read_row(*row)));
  }
  if (counts.rows_.empty()) return malformed("counts-malformed", "no model is counted");
  std::sort(counts.rows_.begin(), counts.rows_.end(),
            [](const DeployedRow& a, const DeployedRow& b) { return a.model < b.model; });
  const auto twice = std::adjacent_find(
      counts.rows_.begin(), counts.rows_.end(),
      [](const DeployedRow& a, const DeployedRow& b) { return a.model == b.model; });
  if (twice == counts.rows_.end()) return counts;
  return malformed("counts-malformed", twice->model.text() + " is counted twice");
}

std::optional<std::uint64_t> DeployedCounts::of(const ModelId& model) const {
  const auto found =
      std::lower_bound(rows_.begin(), rows_.end(), model,
                       [](const DeployedRow& row, const ModelId& id) { return row.model < id; });
  if (found == rows_.end() || found->model != model) return std::nullopt;
  return found->devices;
}

std::uint64_t DeployedCounts::devices() const {
  std::uint64_t devices = 0;
  for (const DeployedRow& row : rows_) devices += row.devices;
  return devices;
}

Hash DeployedCounts::root() const {
  MerkleFrontier tree;
  for (const DeployedRow& row : rows_) tree.append(merkle_leaf(row_text(row)));
  return tree.root();
}

Bytes DeployedCounts::format() const {
  Bytes out = "model,devices\r\n";
  for (const DeployedRow& row : rows_) out += row_text(row) + "\r\n";
  return out;
}

Deployment deployment_of(const Date& day, const DeployedCounts& counts) {
  return {day, counts.rows().size(), counts.devices(), counts.root()};
}

bool commits_to(const Deployment& deployment, const DeployedCounts& counts) {
  return deployment.rows == counts.rows().size() && deployment.devices == counts.devices() &&
         deployment.root == counts.root();
}

}  // namespace cpl
