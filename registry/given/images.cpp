#include "registry/given/images.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/evidence/evidence.hpp"
#include "registry/statement/statement.hpp"
#include "registry/tlog/entry.hpp"

namespace cpl {
namespace {

const DeviceModel* model_in(const Statement& statement) {
  if (const auto* const addition = std::get_if<Addition>(&statement.body)) return &addition->model;
  if (const auto* const correction = std::get_if<Correction>(&statement.body)) {
    return &correction->model;
  }
  return nullptr;
}

void add_image(Json& images, const ProvenEntry& proven) {
  const auto entry = parse_entry(proven.leaf);
  if (!entry) return;
  const auto statement = read_signed(entry->statement);
  if (!statement) return;
  const DeviceModel* const model = model_in(*statement);
  if (model == nullptr || !model->image_hash) return;
  images.push_back({{"model", model->id().text()},
                    {"image_hash", to_hex(*model->image_hash)},
                    {"entry", entry->index.value}});
}

}  // namespace

Json images_json(BytesView evidence) {
  Json images = Json::array();
  const auto read = parse_evidence(evidence);
  if (!read) return images;
  for (const ProvenEntry& entry : read->entries) add_image(images, entry);
  return images;
}

}  // namespace cpl
