#include "registry/list/state_record.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/base/json_text.hpp"

namespace cpl {
namespace {

// In the order of their names, as canonical JSON has them.
constexpr std::array<CertificateKind, 3> kinds_by_name = {
    CertificateKind::cpa, CertificateKind::dlms, CertificateKind::zigbee};

template <class Held>
std::optional<Hash> digest_of(const std::optional<Held>& certificate) {
  if (!certificate) return std::nullopt;
  return sha256(canonical_json(to_json(*certificate)));
}

void put_certificates(Bytes& out, const ModelDigests& digests) {
  JsonText json(out);
  for (const CertificateKind kind : kinds_by_name) {
    if (const auto& digest = digests.of(kind)) json.put(word_of(kind), to_hex(*digest));
  }
}

ModelDigests read_digests(FieldReader& reader, FieldErrors& errors) {
  ModelDigests digests;
  digests.record = reader.hash("record");
  FieldReader certificates(reader.object("certificates"), "#/certificates", errors);
  for (const CertificateKind kind : kinds_by_name) {
    if (certificates.has(word_of(kind))) digests.of(kind) = certificates.hash(word_of(kind));
  }
  certificates.done();
  return digests;
}

std::string index_or_null(const std::optional<EntryIndex>& index) {
  return index ? std::to_string(index->value) : "null";
}

bool is_null(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_null();
}

}  // namespace

ModelDigests digests_of(const DeviceModel& model) {
  DeviceModel rest = model;
  rest.zigbee.reset();
  rest.dlms.reset();
  rest.cpa.reset();
  Bytes text;
  append_json(text, rest);
  ModelDigests digests;
  digests.record = sha256(text);
  digests.of(CertificateKind::zigbee) = digest_of(model.zigbee);
  digests.of(CertificateKind::dlms) = digest_of(model.dlms);
  digests.of(CertificateKind::cpa) = digest_of(model.cpa);
  return digests;
}

ModelDigests digests_of(const ModelRecord& record) {
  return record.digests ? *record.digests : digests_of(record.model);
}

Json to_json(const std::map<CertificateKind, LapsedCertificate>& lapsed) {
  Json json = Json::object();
  for (const auto& [kind, one] : lapsed) {
    json[std::string(word_of(kind))] = {
        {"event", word_of(one.event)}, {"date", one.date.text()}, {"entry", one.entry.value}};
  }
  return json;
}

std::map<CertificateKind, LapsedCertificate> read_lapsed(const Json& value,
                                                         const std::string& pointer,
                                                         FieldErrors& errors) {
  std::map<CertificateKind, LapsedCertificate> lapsed;
  FieldReader reader(value, pointer, errors);
  for (const CertificateKind kind : kinds_by_name) {
    if (!reader.has(word_of(kind))) continue;
    FieldReader one(reader.object(word_of(kind)), reader.pointer_to(word_of(kind)), errors);
    lapsed.emplace(kind, LapsedCertificate{one.word<CertificateEvent>("event"),
                                           one.date("date").value_or(*Date::parse("1970-01-01")),
                                           EntryIndex{one.integer("entry", 0, json_integer_max)}});
    one.done();
  }
  reader.done();
  return lapsed;
}

// Canonical JSON written out: this is done for every entry.
Bytes state_record(const ModelRecord& record) {
  const ModelDigests digests = digests_of(record);
  Bytes out;
  {
    JsonText json(out);
    json.put("added", record.added.value);
    put_certificates(json.begin("certificates"), digests);
    json.put("changed_at", record.changed_at.value);
    json.begin("changed_before") += index_or_null(record.changed_before);
    json.begin("decision") += index_or_null(record.decision);
    json.put("effective_from", format_time(record.effective_from));
    json.begin("lapsed") += record.lapsed.empty() ? "{}" : canonical_json(to_json(record.lapsed));
    json.put("model", record.model.id().text());
    json.put("record", to_hex(digests.record));
    json.put("status", word_of(record.status));
    if (record.status_word) {
      json.put("status_word", *record.status_word);
    } else {
      json.begin("status_word") += "null";
    }
  }
  return out;
}

Result<ModelRecord> read_state_record(BytesView text) {
  Json json = TRY(parse_json(text));
  for (const char* name : {"changed_before", "decision", "status_word"}) {
    if (is_null(json, name)) json.erase(name);
  }
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const auto id = ModelId::parse(reader.text("model", 64));
  if (!id) reader.fail("model", id.error().detail);
  ModelRecord record = id ? record_of_id(*id) : ModelRecord();
  record.status = reader.word<ModelStatus>("status");
  record.added = EntryIndex{reader.integer("added", 0, json_integer_max)};
  record.changed_at = EntryIndex{reader.integer("changed_at", 0, json_integer_max)};
  record.effective_from = reader.time("effective_from");
  if (const auto before = reader.optional_integer("changed_before", 0, json_integer_max)) {
    record.changed_before = EntryIndex{*before};
  }
  if (const auto decision = reader.optional_integer("decision", 0, json_integer_max)) {
    record.decision = EntryIndex{*decision};
  }
  record.digests = read_digests(reader, errors);
  record.lapsed = read_lapsed(reader.object("lapsed"), "#/lapsed", errors);
  if (reader.has("status_word")) {
    record.status_word = removed_status_words[reader.word("status_word", removed_status_words)];
  }
  reader.done();
  if (errors.empty() && state_record(record) != text) {
    errors.push_back({"#", "is not in canonical form"});
  }
  if (errors.empty()) return record;
  return malformed("state-record-malformed", "not a state record: " + describe(errors));
}

Hash state_key(const ModelId& id) {
  return sha256({"cpl/model-key/v1", BytesView("\0", 1), id.text()});
}

Hash state_value(BytesView state_record) {
  return sha256({"cpl/model-state/v1", BytesView("\0", 1), state_record});
}

ModelRecord record_of_id(const ModelId& id) {
  ModelRecord record;
  record.model.device_type = id.device_type();
  record.model.manufacturer_id = id.manufacturer_id();
  record.model.model_id = id.device_model().substr(0, 4);
  record.model.hardware_version = id.device_model().substr(4);
  record.model.firmware_version = id.firmware_version();
  return record;
}

}  // namespace cpl
