#include "tools/cpl/additions.hpp"

#include <iomanip>
#include <sstream>

namespace cpl {
namespace {

// g03-000042-ESME-1063-….stmt: by name they sort so that predecessors come first.
std::string file_name(std::size_t generation, std::size_t number, const ModelId& id) {
  std::ostringstream name;
  name << "g" << std::setfill('0') << std::setw(2) << generation << "-" << std::setw(6) << number
       << "-" << id.text() << ".stmt";
  return name.str();
}

}  // namespace

Result<std::vector<PreparedAddition>> prepare_additions(const std::string& origin,
                                                        const std::vector<DeviceModel>& models,
                                                        UnixMillis now,
                                                        const StatedTime& effective_from) {
  std::vector<PreparedAddition> prepared;
  const auto generations = TRY(order_by_predecessors(models));
  for (std::size_t generation = 0; generation < generations.size(); ++generation) {
    for (const std::size_t position : generations[generation]) {
      const DeviceModel& model = models[position];
      prepared.push_back({position, file_name(generation + 1, prepared.size() + 1, model.id()),
                          format_statement({origin, now, Addition{model, effective_from}})});
      if (auto read = parse_statement(prepared.back().text); !read) return read.error();
    }
  }
  return prepared;
}

void note_refusals(const Judgements& judgements, const std::vector<PreparedAddition>& prepared,
                   SheetReading& reading) {
  for (std::size_t i = 0; i < judgements.size(); ++i) {
    if (!judgements[i]) continue;
    reading.note({reading.rows[prepared[i].position], "", SheetProblem::Severity::error,
                  judgements[i]->detail + " (" + judgements[i]->code + ")"});
  }
}

}  // namespace cpl
