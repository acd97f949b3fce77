// The device model as it stands in statements.
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/base/json_text.hpp"
#include "registry/statement/model.hpp"

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

// The members of an object as a JSON value; JsonText has the same for text.
class JsonTree {
 public:
  explicit JsonTree(Json& json) : json_(json = Json::object()) {}

  void put(std::string_view name, std::string_view text) { json_[std::string(name)] = text; }
  Json& begin(std::string_view name) { return json_[std::string(name)]; }

 private:
  Json& json_;
};

template <class Object>
void put(Object& object, std::string_view name, const std::optional<std::string>& value) {
  if (value) object.put(name, *value);
}

void append_item(Bytes& list, std::string_view text) { append_json_text(list, text); }
void append_item(Json& list, std::string_view text) { list.push_back(text); }
void append_item(Bytes& list, const EvidenceReference& reference);
void append_item(Json& list, const EvidenceReference& reference);

template <class Items>
void write_list(Bytes& out, const Items& items) {
  out.push_back('[');
  bool first = true;
  for (const auto& item : items) {
    if (!std::exchange(first, false)) out.push_back(',');
    append_item(out, item);
  }
  out.push_back(']');
}
template <class Items>
void write_list(Json& out, const Items& items) {
  out = Json::array();
  for (const auto& item : items) append_item(out, item);
}

template <class Object>
void put_members(Object& object, const EvidenceReference& reference) {
  object.put("class", evidence_class_words[reference.is_public ? 1 : 0]);
  object.put("sha256", to_hex(reference.sha256));
}

template <class Object>
void put_members(Object& object, const Certificate& certificate) {
  put(object, "as_printed", certificate.as_printed);
  object.put("issue_date", certificate.issue_date.text());
  object.put("match", word_of(certificate.match));
  object.put("number", certificate.number);
}

template <class Object>
void put_members(Object& object, const CpaCertificate& certificate) {
  const bool dated = certificate.kind == CpaCertificate::Kind::dated;
  put(object, "as_printed", certificate.as_printed);
  if (dated) object.put("expiry_date", certificate.end_date.text());
  object.put("issue_date", certificate.issue_date.text());
  object.put("kind", word_of(certificate.kind));
  object.put("match", word_of(certificate.match));
  object.put("number", certificate.number);
  if (!dated) object.put("renewal_date", certificate.end_date.text());
  put(object, "sc_version", certificate.security_characteristic_version);
}

struct Certificates {
  const DeviceModel& model;
};
template <class Object>
void put_members(Object& object, const Certificates& certificates);
template <class Object>
void put_members(Object& object, const DeviceModel& model);

// The two forms that an object is written in: text and tree.
template <class Value>
void write_object(Bytes& out, const Value& value) {
  JsonText object(out);
  put_members(object, value);
}
template <class Value>
void write_object(Json& out, const Value& value) {
  JsonTree object(out);
  put_members(object, value);
}

void append_item(Bytes& list, const EvidenceReference& reference) { write_object(list, reference); }
void append_item(Json& list, const EvidenceReference& reference) {
  write_object(list.emplace_back(), reference);
}

template <class Object>
void put_members(Object& object, const Certificates& certificates) {
  const DeviceModel& model = certificates.model;
  if (model.cpa) write_object(object.begin("cpa"), *model.cpa);
  if (model.dlms) write_object(object.begin("dlms"), *model.dlms);
  if (model.zigbee) write_object(object.begin("zigbee"), *model.zigbee);
}

// In the order of their names, as canonical JSON has them.
template <class Object>
void put_members(Object& object, const DeviceModel& model) {
  std::vector<std::string> predecessors;
  for (const ModelId& id : model.predecessors) predecessors.push_back(id.text());
  put(object, "associating_party", model.associating_party);
  write_object(object.begin("certificates"), Certificates{model});
  put(object, "cpl_entry_id", model.cpl_entry_id);
  put(object, "esme_variant", model.esme_variant);
  if (!model.evidence.empty()) write_list(object.begin("evidence"), model.evidence);
  put(object, "fir_contact", model.fir_contact);
  put(object, "fir_notes", model.fir_notes);
  if (model.fir_release_date) object.put("fir_release_date", model.fir_release_date->text());
  put(object, "firmware_encoding", model.firmware_encoding);
  object.put("firmware_version", model.firmware_version);
  put(object, "firmware_version_printed", model.firmware_version_printed);
  put(object, "gbcs_version", model.gbcs_version);
  object.put("generation", model.generation);
  put(object, "han_variant", model.han_variant);
  object.put("hardware_version", model.hardware_version);
  put(object, "image_creator", model.image_creator);
  if (model.image_hash) object.put("image_hash", to_hex(*model.image_hash));
  put(object, "image_hash_signature", model.image_hash_signature);
  object.put("manufacturer_id", model.manufacturer_id);
  object.put("manufacturer_name", model.manufacturer_name);
  object.put("model_id", model.model_id);
  object.put("physical_device_type", to_string(model.device_type));
  write_list(object.begin("predecessors"), predecessors);
  object.put("received_at", format_time(model.received_at));
  put(object, "remarks", model.remarks);
  if (!model.s1_combination_refs.empty()) {
    write_list(object.begin("s1_combination_refs"), model.s1_combination_refs);
  }
  object.put("submitted_by", model.submitted_by);
  object.put("ts_name", model.ts_name);
  object.put("ts_version", model.ts_version);
}

template <class Value>
Json tree_of(const Value& value) {
  Json json;
  write_object(json, value);
  return json;
}

}  // namespace

Certificate read_certificate(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  Certificate certificate{reader.text("number", text_max),
                          reader.optional_text("as_printed", text_max),
                          date_of(reader, "issue_date"), reader.word<CertificateMatch>("match")};
  reader.done();
  return certificate;
}

CpaCertificate read_cpa(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  const auto kind = reader.word<CpaCertificate::Kind>("kind");
  CpaCertificate certificate{
      reader.text("number", text_max),
      reader.optional_text("as_printed", text_max),
      reader.optional_text("sc_version", text_max),
      date_of(reader, "issue_date"),
      kind,
      date_of(reader, kind == CpaCertificate::Kind::dated ? "expiry_date" : "renewal_date"),
      reader.word<CertificateMatch>("match")};
  reader.done();
  return certificate;
}

Json to_json(const Certificate& certificate) { return tree_of(certificate); }
Json to_json(const CpaCertificate& certificate) { return tree_of(certificate); }
Json to_json(const DeviceModel& model) { return tree_of(model); }
void append_json(Bytes& out, const DeviceModel& model) { write_object(out, model); }

DeviceModel read_device_model(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  DeviceModel model;
  model.cpl_entry_id = reader.optional_text("cpl_entry_id", text_max);
  model.generation = reader.text("generation", text_max);
  model.device_type = reader.word<DeviceType>("physical_device_type");
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

}  // namespace cpl
