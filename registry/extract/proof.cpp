#include "registry/extract/proof.hpp"

#include <nlohmann/json.hpp>

#include "registry/tlog/tlog_proof.hpp"

namespace cpl {
namespace {

constexpr std::string_view format_name = "cpl/extract-proof/v1";
constexpr std::size_t charters_max = 1000;

}  // namespace

Bytes format_extract_proof(const ExtractProof& proof) {
  Json json = {{"format", format_name}, {"charters", Json::array()}, {"last", to_json(proof.last)}};
  for (const ProvenEntry& charter : proof.charters) json["charters"].push_back(to_json(charter));
  return json.dump(1) + "\n";
}

Result<ExtractProof> parse_extract_proof(BytesView text) {
  if (text.size() > extract_proof_size_max) {
    return malformed("extract-proof-malformed", "not an extract's proof: larger than 4 MiB");
  }
  const Json json = TRY(parse_json(text));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  ExtractProof proof;
  if (reader.text("format", 64) != format_name) {
    reader.fail("format", "must be \"cpl/extract-proof/v1\"");
  }
  std::size_t position = 0;
  for (const Json& item : reader.array("charters", 1, charters_max)) {
    proof.charters.push_back(read_proven_entry(
        item, reader.pointer_to("charters/") + std::to_string(position++), errors));
  }
  proof.last = read_proven_entry(reader.object("last"), reader.pointer_to("last"), errors);
  reader.done();
  if (!errors.empty()) {
    return malformed("extract-proof-malformed", "not an extract's proof: " + describe(errors));
  }
  return proof;
}

Result<ProvenEntry> prove_entry(EntryIndex index, Bytes leaf, const TileNodes& nodes, TreeSize size,
                                const Bytes& checkpoint_note) {
  auto hashes = TRY(inclusion_proof(nodes, index, size));
  return ProvenEntry{std::move(leaf),
                     format_tlog_proof({index, std::move(hashes), checkpoint_note})};
}

}  // namespace cpl
