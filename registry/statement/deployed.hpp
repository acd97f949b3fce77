// The DCC's counts of devices by model on one day, as a file: what a deployment commits to by a
// tree's root, so that one row can be proved without the rest.
#pragma once

#include "registry/statement/deployment.hpp"

namespace cpl {

struct DeployedRow {
  ModelId model;
  std::uint64_t devices = 0;
};

class DeployedCounts {
 public:
  // CSV with the columns model,devices, in any order of rows, no model twice. What is wrong is
  // named with its row.
  static Result<DeployedCounts> parse(BytesView csv);

  const std::vector<DeployedRow>& rows() const { return rows_; }  // By rising id.
  std::optional<std::uint64_t> of(const ModelId& model) const;
  std::uint64_t devices() const;
  // RFC 6962, over the rows as "<model id>,<devices>".
  Hash root() const;
  // The one spelling of the file.
  Bytes format() const;

 private:
  std::vector<DeployedRow> rows_;
};

Deployment deployment_of(const Date& day, const DeployedCounts& counts);
// Whether these are the counts that it commits to.
bool commits_to(const Deployment& deployment, const DeployedCounts& counts);

}  // namespace cpl
