// The device model as it stands in statements.
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/model.hpp"

namespace cpl {
namespace {

constexpr std::size_t text_max = 100;
constexpr std::size_t long_text_max = 2000;
constexpr std::size_t references_max = 64;
const std::array<std::string_view, 2> evidence_class_words = {"AUDIT_ONLY", "PUBLIC"};

// A date that was malformed has been noted; what stands in for it is never used.
Date date_of(FieldReader& reader, std::string_view name) {
  return reader.date(name).value_or(*Date::parse("1970-01-01"));
}

void read_certificates(FieldReader& parent, DeviceModel& model, FieldErrors& errors) {
  const std::string pointer = parent.pointer_to("certificates");
  FieldReader reader(parent.object("certificates"), pointer, errors);
  if (reader.has("zigbee")) {
    model.zigbee = read_certificate(reader.object("zigbee"), pointer + "/zigbee", errors);
  }
  if (reader.has("dlms")) {
    model.dlms = read_certificate(reader.object("dlms"), pointer + "/dlms", errors);
  }
  if (reader.has("cpa")) model.cpa = read_cpa(reader.object("cpa"), pointer + "/cpa", errors);
  reader.done();
}

void read_references(FieldReader& reader, DeviceModel& model, FieldErrors& errors) {
  if (reader.has("evidence")) {
    for (const Json& item : reader.array("evidence", 1, references_max)) {
      FieldReader evidence(item, reader.pointer_to("evidence"), errors);
      model.evidence.push_back(
          {evidence.hash("sha256"), evidence.word("class", evidence_class_words) == 1});
      evidence.done();
    }
  }
  for (const Json& item : reader.array("predecessors", 0, references_max)) {
    auto id = ModelId::parse(item.is_string() ? item.get<std::string>() : item.dump());
    if (id) {
      model.predecessors.push_back(*id);
    } else {
      reader.fail("predecessors", id.error().detail);
    }
  }
  if (reader.has("s1_combination_refs")) {
    for (const Json& item : reader.array("s1_combination_refs", 1, references_max)) {
      const std::string ref = item.is_string() ? item.get<std::string>() : "";
      if (!ref.empty() && ref.size() <= text_max && is_printable_utf8(ref)) {
        model.s1_combination_refs.push_back(ref);
      } else {
        reader.fail("s1_combination_refs", "must hold printable texts of 1 to 100 octets");
      }
    }
  }
}

template <class T>
void put(Json& json, const char* name, const std::optional<T>& value) {
  if (value) json[name] = *value;
}

void put_references(Json& json, const DeviceModel& model) {
  json["certificates"] = Json::object();
  if (model.zigbee) json["certificates"]["zigbee"] = to_json(*model.zigbee);
  if (model.dlms) json["certificates"]["dlms"] = to_json(*model.dlms);
  if (model.cpa) json["certificates"]["cpa"] = to_json(*model.cpa);
  for (const EvidenceReference& evidence : model.evidence) {
    json["evidence"].push_back({{"sha256", to_hex(evidence.sha256)},
                                {"class", evidence_class_words[evidence.is_public ? 1 : 0]}});
  }
  json["predecessors"] = Json::array();
  for (const ModelId& id : model.predecessors) json["predecessors"].push_back(id.text());
  for (const std::string& ref : model.s1_combination_refs) {
    json["s1_combination_refs"].push_back(ref);
  }
}

}  // namespace

Certificate read_certificate(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  Certificate certificate{
      reader.text("number", text_max), reader.optional_text("as_printed", text_max),
      date_of(reader, "issue_date"),
      static_cast<CertificateMatch>(reader.word("match", certificate_match_words))};
  reader.done();
  return certificate;
}

CpaCertificate read_cpa(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  const auto kind = static_cast<CpaCertificate::Kind>(reader.word("kind", cpa_kind_words));
  CpaCertificate certificate{
      reader.text("number", text_max),
      reader.optional_text("as_printed", text_max),
      reader.optional_text("sc_version", text_max),
      date_of(reader, "issue_date"),
      kind,
      date_of(reader, kind == CpaCertificate::Kind::dated ? "expiry_date" : "renewal_date"),
      static_cast<CertificateMatch>(reader.word("match", certificate_match_words))};
  reader.done();
  return certificate;
}

Json to_json(const Certificate& certificate) {
  Json json = {{"number", certificate.number},
               {"issue_date", certificate.issue_date.text()},
               {"match", certificate_match_words[static_cast<std::size_t>(certificate.match)]}};
  if (certificate.as_printed) json["as_printed"] = *certificate.as_printed;
  return json;
}

Json to_json(const CpaCertificate& certificate) {
  const bool dated = certificate.kind == CpaCertificate::Kind::dated;
  Json json = {{"number", certificate.number},
               {"issue_date", certificate.issue_date.text()},
               {"kind", cpa_kind_words[static_cast<std::size_t>(certificate.kind)]},
               {dated ? "expiry_date" : "renewal_date", certificate.end_date.text()},
               {"match", certificate_match_words[static_cast<std::size_t>(certificate.match)]}};
  if (certificate.as_printed) json["as_printed"] = *certificate.as_printed;
  if (certificate.security_characteristic_version) {
    json["sc_version"] = *certificate.security_characteristic_version;
  }
  return json;
}

DeviceModel read_device_model(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  DeviceModel model;
  model.cpl_entry_id = reader.optional_text("cpl_entry_id", text_max);
  model.generation = reader.text("generation", text_max);
  model.device_type =
      static_cast<DeviceType>(reader.word("physical_device_type", device_type_words));
  model.manufacturer_id = reader.text("manufacturer_id", text_max);
  model.manufacturer_name = reader.text("manufacturer_name", text_max);
  model.model_id = reader.text("model_id", text_max);
  model.hardware_version = reader.text("hardware_version", text_max);
  model.firmware_version = reader.text("firmware_version", text_max);
  model.firmware_version_printed = reader.optional_text("firmware_version_printed", 40);
  model.firmware_encoding = reader.optional_text("firmware_encoding", text_max);
  model.ts_name = reader.text("ts_name", text_max);
  model.ts_version = reader.text("ts_version", text_max);
  model.gbcs_version = reader.optional_text("gbcs_version", text_max);
  model.esme_variant = reader.optional_text("esme_variant", text_max);
  model.han_variant = reader.optional_text("han_variant", text_max);
  if (reader.has("image_hash")) model.image_hash = reader.hash("image_hash");
  model.image_creator = reader.optional_text("image_creator", text_max);
  model.image_hash_signature = reader.optional_text("image_hash_signature", 400);
  model.associating_party = reader.optional_text("associating_party", text_max);
  read_certificates(reader, model, errors);
  read_references(reader, model, errors);
  model.fir_contact = reader.optional_text("fir_contact", text_max);
  model.fir_release_date = reader.optional_date("fir_release_date");
  model.fir_notes = reader.optional_text("fir_notes", long_text_max);
  model.submitted_by = reader.text("submitted_by", text_max);
  model.received_at = reader.time("received_at");
  model.remarks = reader.optional_text("remarks", long_text_max);
  reader.done();
  if (errors.empty()) check_device_model(model, pointer, errors);
  return model;
}

Json to_json(const DeviceModel& model) {
  Json json = {{"generation", model.generation},
               {"physical_device_type", to_string(model.device_type)},
               {"manufacturer_id", model.manufacturer_id},
               {"manufacturer_name", model.manufacturer_name},
               {"model_id", model.model_id},
               {"hardware_version", model.hardware_version},
               {"firmware_version", model.firmware_version},
               {"ts_name", model.ts_name},
               {"ts_version", model.ts_version},
               {"submitted_by", model.submitted_by},
               {"received_at", format_time(model.received_at)}};
  put(json, "cpl_entry_id", model.cpl_entry_id);
  put(json, "firmware_version_printed", model.firmware_version_printed);
  put(json, "firmware_encoding", model.firmware_encoding);
  put(json, "gbcs_version", model.gbcs_version);
  put(json, "esme_variant", model.esme_variant);
  put(json, "han_variant", model.han_variant);
  if (model.image_hash) json["image_hash"] = to_hex(*model.image_hash);
  put(json, "image_creator", model.image_creator);
  put(json, "image_hash_signature", model.image_hash_signature);
  put(json, "associating_party", model.associating_party);
  put_references(json, model);
  put(json, "fir_contact", model.fir_contact);
  if (model.fir_release_date) json["fir_release_date"] = model.fir_release_date->text();
  put(json, "fir_notes", model.fir_notes);
  put(json, "remarks", model.remarks);
  return json;
}

}  // namespace cpl
