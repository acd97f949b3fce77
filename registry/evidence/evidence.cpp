#include "registry/evidence/evidence.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/tlog/entry.hpp"

namespace cpl {
namespace {

constexpr std::string_view format_name = "cpl/evidence/v1";
constexpr std::size_t entries_max = 5000;
// Room for an extra line as long as others take, and for many signatures of kinds to come.
constexpr std::size_t proof_size_max = 128U << 10U;

std::optional<ProvenState> read_state(const Json& value, const std::string& pointer,
                                      FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  const auto id = ModelId::parse(reader.text("model", 64));
  if (!id) reader.fail("model", id.error().detail);
  std::optional<Bytes> record = reader.optional_text("record", 4096);
  PrefixProof proof = read_prefix_proof(reader.object("proof"), reader.pointer_to("proof"), errors);
  reader.done();
  if (!id) return std::nullopt;
  return ProvenState{*id, std::move(record), std::move(proof)};
}

}  // namespace

Json to_json(const ProvenEntry& entry) { return {{"entry", entry.leaf}, {"proof", entry.proof}}; }

ProvenEntry read_proven_entry(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  ProvenEntry entry{reader.text("entry", entry_size_max, "\n"),
                    reader.text("proof", proof_size_max, "\n")};
  reader.done();
  return entry;
}

Json to_json(const PrefixProof& proof) {
  Bytes bitmap((proof.siblings.size() + 7) / 8, '\0');
  Json siblings = Json::array();
  for (std::size_t i = 0; i < proof.siblings.size(); ++i) {
    if (proof.siblings[i] == Hash{}) continue;
    bitmap[i / 8] = static_cast<char>(static_cast<unsigned char>(bitmap[i / 8]) | 0x80U >> i % 8);
    siblings.push_back(to_base64(proof.siblings[i]));
  }
  Json json = {{"depth", proof.siblings.size()}, {"siblings", siblings}, {"end", "empty"}};
  if (!bitmap.empty()) json["bitmap"] = to_hex(bitmap);
  if (std::holds_alternative<PrefixProof::Present>(proof.end)) json["end"] = "present";
  if (const auto* other = std::get_if<PrefixProof::Other>(&proof.end)) {
    json["end"] = "other";
    json["other"] = {{"key", to_base64(other->key)}, {"value", to_base64(other->value)}};
  }
  return json;
}

PrefixProof read_prefix_proof(const Json& value, const std::string& pointer, FieldErrors& errors) {
  constexpr std::array<std::string_view, 3> ends = {"present", "other", "empty"};
  FieldReader reader(value, pointer, errors);
  PrefixProof proof;
  const std::size_t depth = reader.integer("depth", 0, prefix_depth_max);
  // The only model of a list stands at the root: there is nothing to map.
  const Bytes bitmap = depth == 0 ? Bytes() : from_hex(reader.text("bitmap", 64)).value_or(Bytes());
  const Json& siblings = reader.array("siblings", 0, depth);
  std::size_t used = 0;
  if (bitmap.size() != (depth + 7) / 8) reader.fail("bitmap", "does not fit the depth");
  for (std::size_t i = 0; i < bitmap.size() * 8; ++i) {
    const bool set = (static_cast<unsigned char>(bitmap[i / 8]) & 0x80U >> i % 8) != 0;
    if (i >= depth) {
      if (set) reader.fail("bitmap", "has a bit beyond the depth");
      continue;
    }
    std::optional<Hash> hash = Hash{};
    if (set) {
      const bool there = used < siblings.size() && siblings[used].is_string();
      hash = hash_from_base64(there ? siblings[used].get<std::string>() : "");
      ++used;
    }
    if (!hash || (set && *hash == Hash{})) {
      reader.fail("siblings", "must hold one hash for each bit of the bitmap");
    }
    proof.siblings.push_back(hash.value_or(Hash{}));
  }
  if (used != siblings.size())
    reader.fail("siblings", "holds more hashes than the bitmap has bits");
  const std::size_t end = reader.word("end", ends);
  if (end == 0) proof.end = PrefixProof::Present{};
  if (end == 2) proof.end = PrefixProof::Empty{};
  if (end == 1) {
    FieldReader other(reader.object("other"), reader.pointer_to("other"), errors);
    const auto key = hash_from_base64(other.text("key", 44));
    const auto state = hash_from_base64(other.text("value", 44));
    if (!key || !state) other.fail("key", "and value must be base64 of 32 octets");
    proof.end = PrefixProof::Other{key.value_or(Hash{}), state.value_or(Hash{})};
    other.done();
  }
  reader.done();
  return proof;
}

Bytes format_evidence(const Evidence& evidence) {
  Json json = {{"format", format_name},          {"question", word_of(evidence.question)},
               {"subject", evidence.subject},    {"entries", Json::array()},
               {"last", to_json(evidence.last)}, {"states", Json::array()}};
  for (const ProvenEntry& entry : evidence.entries) json["entries"].push_back(to_json(entry));
  for (const ProvenState& state : evidence.states) {
    Json out = {{"model", state.model.text()}, {"proof", to_json(state.proof)}};
    if (state.record) out["record"] = *state.record;
    json["states"].push_back(out);
  }
  if (evidence.next) json["next"] = to_json(*evidence.next);
  return json.dump(1) + "\n";
}

Result<Evidence> parse_evidence(BytesView text) {
  if (text.size() > evidence_size_max) {
    return malformed("evidence-malformed", "not an evidence file: it is larger than 16 MiB");
  }
  const Json json = TRY(parse_json(text));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  Evidence evidence;
  if (reader.text("format", 64) != format_name) {
    reader.fail("format", "must be \"cpl/evidence/v1\"");
  }
  evidence.question = reader.word<Question>("question");
  evidence.subject = reader.text("subject", 64);
  std::size_t position = 0;
  for (const Json& item : reader.array("entries", 1, entries_max)) {
    evidence.entries.push_back(read_proven_entry(
        item, reader.pointer_to("entries/") + std::to_string(position++), errors));
  }
  evidence.last = read_proven_entry(reader.object("last"), reader.pointer_to("last"), errors);
  position = 0;
  for (const Json& item : reader.array("states", 0, entries_max)) {
    auto state =
        read_state(item, reader.pointer_to("states/") + std::to_string(position++), errors);
    if (state) evidence.states.push_back(*std::move(state));
  }
  if (reader.has("next")) {
    evidence.next = read_proven_entry(reader.object("next"), reader.pointer_to("next"), errors);
  }
  reader.done();
  if (!errors.empty()) {
    return malformed("evidence-malformed", "not an evidence file: " + describe(errors));
  }
  return evidence;
}

}  // namespace cpl
