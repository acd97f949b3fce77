#include "registry/given/sealed.hpp"

#include <nlohmann/json.hpp>

#include "registry/evidence/evidence.hpp"
#include "registry/statement/openings.hpp"
#include "registry/statement/statement.hpp"
#include "registry/tlog/entry.hpp"

namespace cpl {
namespace {

struct SealedEntry {
  EntryIndex index;
  std::map<std::string, Seal> seals;
};

Result<std::vector<SealedEntry>> sealed_entries(BytesView text) {
  const Evidence evidence = TRY(parse_evidence(text));
  std::vector<SealedEntry> entries;
  for (const ProvenEntry& proven : evidence.entries) {
    const Entry entry = TRY(parse_entry(proven.leaf));
    const Statement statement = TRY(read_signed(entry.statement));
    entries.push_back({entry.index, statement.seals});
  }
  return entries;
}

bool opens(const Opening& opening, const SealedEntry& entry) {
  const auto seal = entry.seals.find(opening.field);
  return seal != entry.seals.end() && seal->second.seal == opening.seal();
}

}  // namespace

Result<Json> opened_json(BytesView evidence, BytesView openings) {
  const std::vector<SealedEntry> entries = TRY(sealed_entries(evidence));
  Json opened = Json::array();
  for (const Opening& opening : TRY(parse_openings(openings))) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const SealedEntry& entry) {
      return opens(opening, entry);
    });
    opened.push_back({{"field", opening.field},
                      {"text", opening.words},
                      {"entry", found == entries.end() ? Json() : Json(found->index.value)}});
  }
  return opened;
}

}  // namespace cpl
