#include "registry/sheet/links.hpp"

#include "crypto/encoding.hpp"

#include <numeric>

namespace cpl::sheet {
namespace {

using Severity = SheetProblem::Severity;
using Indices = std::vector<std::size_t>;
using IndexById = std::unordered_map<std::string_view, std::size_t>;

constexpr std::size_t circle_named_max = 8;

// For each model, its predecessors among the models.
std::vector<Indices> parents_of(std::span<const DeviceModel> models, const IndexById& by_id) {
  std::vector<Indices> parents(models.size());
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (const ModelId& predecessor : models[i].predecessors) {
      const auto found = by_id.find(predecessor.text());
      if (found != by_id.end()) parents[i].push_back(found->second);
    }
  }
  return parents;
}

// Each in a later generation than all its parents; those in or behind a circle are in none.
std::vector<Indices> generations_of(const std::vector<Indices>& parents) {
  std::vector<Indices> children(parents.size());
  Indices waiting(parents.size());
  Indices generation;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    waiting[i] = parents[i].size();
    for (const std::size_t parent : parents[i]) children[parent].push_back(i);
    if (waiting[i] == 0) generation.push_back(i);
  }
  std::vector<Indices> generations;
  while (!generation.empty()) {
    Indices next;
    for (const std::size_t i : generation) {
      for (const std::size_t child : children[i]) {
        if (--waiting[child] == 0) next.push_back(child);
      }
    }
    std::sort(next.begin(), next.end());
    generations.push_back(std::move(generation));
    generation = std::move(next);
  }
  return generations;
}

// Whoever is in no generation has a parent that is in none either, so walking up from it must end
// in a circle. Each circle that such walks meet is given once, from its first model on.
std::vector<Indices> circles_in(const std::vector<Indices>& parents,
                                const std::vector<Indices>& generations) {
  constexpr std::size_t unseen = 0;
  constexpr std::size_t placed = 1;
  Indices walk_of(parents.size(), unseen);
  for (const Indices& generation : generations) {
    for (const std::size_t i : generation) walk_of[i] = placed;
  }
  std::vector<Indices> circles;
  for (std::size_t start = 0; start < parents.size(); ++start) {
    const std::size_t walk = start + 2;
    Indices path;
    std::size_t at = start;
    while (walk_of[at] == unseen) {
      walk_of[at] = walk;
      path.push_back(at);
      at = *std::find_if(parents[at].begin(), parents[at].end(),
                         [&](std::size_t parent) { return walk_of[parent] != placed; });
    }
    if (walk_of[at] != walk) continue;
    Indices circle(std::find(path.begin(), path.end(), at), path.end());
    std::rotate(circle.begin(), std::min_element(circle.begin(), circle.end()), circle.end());
    circles.push_back(std::move(circle));
  }
  return circles;
}

// "2, 3, 7 and back to 2".
std::string name_circle(const Indices& circle,
                        const std::function<std::string(std::size_t)>& name) {
  std::string out;
  for (std::size_t i = 0; i < circle.size() && i < circle_named_max; ++i) {
    out += (i > 0 ? ", " : "") + name(circle[i]);
  }
  if (circle.size() > circle_named_max) out += ", …";
  return out + " and back to " + name(circle.front());
}

// For each model, one model of its upgrade chain that stands for all of the chain.
Indices chains_of(const std::vector<Indices>& parents) {
  Indices chain(parents.size());
  std::iota(chain.begin(), chain.end(), std::size_t{0});
  const auto root = [&](std::size_t i) {
    while (chain[i] != i) i = chain[i] = chain[chain[i]];
    return i;
  };
  for (std::size_t i = 0; i < parents.size(); ++i) {
    for (const std::size_t parent : parents[i]) chain[root(i)] = root(parent);
  }
  for (std::size_t i = 0; i < chain.size(); ++i) chain[i] = root(i);
  return chain;
}

}  // namespace

Links::Links(const Header& header, SheetReading& reading,
             std::vector<std::vector<std::string>> predecessors,
             std::vector<std::string> faulty_entry_ids)
    : header_(header),
      reading_(reading),
      predecessors_(std::move(predecessors)),
      faulty_entry_ids_(std::move(faulty_entry_ids)) {
  std::sort(faulty_entry_ids_.begin(), faulty_entry_ids_.end());
  ids_.reserve(reading_.models.size());
  for (const DeviceModel& model : reading_.models) ids_.push_back(model.id());
}

void Links::check() {
  find_doubles();
  resolve_predecessors();
  find_circles();
  find_transposed_digits();
}

void Links::note(std::size_t index, Severity severity, std::string column, std::string detail) {
  reading_.note({reading_.rows[index], std::move(column), severity, std::move(detail)});
}

void Links::find_doubles() {
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const auto [same, fresh] = by_id_.emplace(ids_[i].text(), i);
    if (!fresh) {
      note(i, Severity::error, "",
           "describes " + ids_[i].text() + ", as row " +
               std::to_string(reading_.rows[same->second]) + " does: keep one of them");
    }
    const auto& entry_id = reading_.models[i].cpl_entry_id;
    if (!entry_id) continue;
    const auto [other, unused] = by_entry_id_.emplace(*entry_id, i);
    if (!unused) {
      note(i, Severity::error, header_.name(Column::cpl_entry_id),
           *entry_id + " is the number of row " + std::to_string(reading_.rows[other->second]) +
               " too: a number names one entry only");
    }
  }
}

void Links::resolve_predecessors() {
  for (std::size_t i = 0; i < predecessors_.size(); ++i) {
    for (const std::string& name : predecessors_[i]) resolve(i, name);
  }
}

void Links::resolve(std::size_t index, const std::string& name) {
  const std::string column = header_.name(Column::predecessors);
  DeviceModel& model = reading_.models[index];
  std::optional<ModelId> id;
  if (const auto entry = by_entry_id_.find(name); entry != by_entry_id_.end()) {
    id = ids_[entry->second];
  } else if (auto exact = ModelId::parse(ascii_upper(name))) {
    id = *std::move(exact);
    if (id->text() != name) {
      note(index, Severity::warning, column, name + " is read as upper case, " + id->text());
    }
  } else {
    if (std::binary_search(faulty_entry_ids_.begin(), faulty_entry_ids_.end(), name)) return;
    note(index, Severity::error, column,
         "\"" + name.substr(0, 100) +
             "\" is neither the cpl_entry_id of a row of this sheet nor a model id like "
             "ESME-1063-00050203-38040404: if that entry is on the list already, name it by its "
             "model id");
    return;
  }
  if (id->manufacturer_id() != model.manufacturer_id ||
      id->device_model().substr(0, 4) != model.model_id) {
    note(index, Severity::error, column,
         "the predecessor " + id->text() + " is of another manufacturer or model than " +
             ids_[index].text());
    return;
  }
  const auto& named = model.predecessors;
  if (std::find(named.begin(), named.end(), *id) != named.end()) return;
  model.predecessors.push_back(*std::move(id));
}

void Links::find_circles() {
  const auto parents = parents_of(reading_.models, by_id_);
  for (const Indices& circle : circles_in(parents, generations_of(parents))) {
    const std::string rows =
        name_circle(circle, [&](std::size_t i) { return std::to_string(reading_.rows[i]); });
    note(circle.front(), Severity::error, header_.name(Column::predecessors),
         "these rows name each other as predecessors in a circle: rows " + rows);
  }
}

// A valid format with a wrong value is what no check of a single row can find, and two digits
// changing places is how hands produce it. Versions of one upgrade chain differ on purpose.
void Links::find_transposed_digits() {
  const Indices chain = chains_of(parents_of(reading_.models, by_id_));
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const std::size_t firmware = ids_[i].text().size() - 8;
    const std::size_t model = firmware - 9;
    for (std::size_t digit = 0; digit < 3; ++digit) compare_transposed(i, model + digit, chain);
    for (std::size_t digit = 0; digit < 7; ++digit) compare_transposed(i, firmware + digit, chain);
  }
}

void Links::compare_transposed(std::size_t index, std::size_t at, const Indices& chain) {
  std::string other = ids_[index].text();
  if (other[at] == other[at + 1]) return;
  std::swap(other[at], other[at + 1]);
  const auto found = by_id_.find(other);
  if (found == by_id_.end() || found->second >= index) return;
  if (chain[found->second] == chain[index]) return;
  const bool firmware = at + 8 >= other.size();
  note(index, Severity::warning,
       header_.name(firmware ? Column::firmware_version : Column::model_id),
       ids_[index].text() + " differs from " + other + " in row " +
           std::to_string(reading_.rows[found->second]) +
           " only by two digits that change places: make sure that it is not a slip");
}

}  // namespace cpl::sheet

namespace cpl {

Result<std::vector<std::vector<std::size_t>>> order_by_predecessors(
    std::span<const DeviceModel> models) {
  std::vector<ModelId> ids;
  for (const DeviceModel& model : models) ids.push_back(model.id());
  sheet::IndexById by_id;
  for (std::size_t i = 0; i < ids.size(); ++i) by_id.emplace(ids[i].text(), i);
  const auto parents = sheet::parents_of(models, by_id);
  auto generations = sheet::generations_of(parents);
  const auto circles = sheet::circles_in(parents, generations);
  if (!circles.empty()) {
    return refuse(
        "predecessor-circle",
        "these models name each other as predecessors in a circle: " +
            sheet::name_circle(circles.front(), [&](std::size_t i) { return ids[i].text(); }));
  }
  return generations;
}

}  // namespace cpl
