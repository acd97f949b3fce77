#include "registry/statement/model.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

bool is_upper_hex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

template <class Words>
bool is_one_of(std::string_view text, const Words& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// 3.2, 1.58, 4.2.1: `parts_min` numbers or more with full stops between them.
bool is_dotted_number(std::string_view text, std::size_t parts_min, std::size_t parts_max) {
  std::size_t parts = 0;
  while (true) {
    const auto dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || part.find_first_not_of("0123456789") != part.npos) return false;
    ++parts;
    if (dot == text.npos) break;
    text.remove_prefix(dot + 1);
  }
  return parts >= parts_min && parts <= parts_max;
}

bool is_ts_version(std::string_view text) {
  if (text.starts_with('V')) text.remove_prefix(1);
  return is_dotted_number(text, 2, 8);
}

// Collects what is wrong with one model's fields.
class ModelChecker {
 public:
  ModelChecker(const DeviceModel& model, const std::string& pointer, FieldErrors& errors)
      : model_(model), pointer_(pointer), errors_(errors) {}

  void run() {
    identity();
    specification();
    image();
    certificates();
  }

 private:
  void expect(bool holds, std::string_view field, std::string detail) {
    if (!holds) errors_.push_back({pointer_ + "/" + std::string(field), std::move(detail)});
  }

  void identity() {
    expect(is_one_of(model_.generation, generation_words), "generation",
           "must be SMETS1 or SMETS2+");
    expect(is_manufacturer_id(model_.manufacturer_id), "manufacturer_id",
           "must be 4 upper-case hexadecimal digits");
    expect(is_upper_hex(model_.model_id, 4), "model_id", "must be 4 upper-case hexadecimal digits");
    expect(is_upper_hex(model_.hardware_version, 4), "hardware_version",
           "must be 4 upper-case hexadecimal digits (version and revision)");
    expect(is_upper_hex(model_.firmware_version, 8), "firmware_version",
           "must be 8 upper-case hexadecimal digits");
    expect(
        !model_.firmware_encoding || is_one_of(*model_.firmware_encoding, firmware_encoding_words),
        "firmware_encoding", "must be HEX, BCD, MIXED or UNKNOWN");
  }

  void specification() {
    expect(is_one_of(model_.ts_name, ts_name_words), "ts_name",
           "must be SMETS, CHTS, HCALCSTS, PPMIDTS or SAPCTS");
    expect(is_ts_version(model_.ts_version), "ts_version", "must be a version such as V4.2");
    expect(model_.ts_name.size() + 1 + model_.ts_version.size() <= 20, "ts_version",
           "name and version together must not be longer than 20 characters");
    expect(model_.generation != "SMETS2+" || model_.gbcs_version.has_value(), "gbcs_version",
           "is needed for SMETS2+");
    expect(!model_.gbcs_version || is_dotted_number(*model_.gbcs_version, 2, 3), "gbcs_version",
           "must be a version such as 3.2");
    const bool esme = model_.device_type == DeviceType::esme;
    expect(esme == model_.esme_variant.has_value(), "esme_variant",
           esme ? "is needed for an ESME" : "is for an ESME only");
    expect(!model_.esme_variant || is_one_of(*model_.esme_variant, esme_variant_words),
           "esme_variant", "is not one of the 25 variants (A, B, C, AD, …)");
    const bool hub = model_.device_type == DeviceType::ch;
    expect(hub == model_.han_variant.has_value(), "han_variant",
           hub ? "is needed for a CH" : "is for a CH only");
    expect(!model_.han_variant || is_one_of(*model_.han_variant, han_variant_words), "han_variant",
           "must be Single Band or Dual Band");
  }

  void image() {
    expect(!model_.image_hash_signature || model_.image_hash.has_value(), "image_hash",
           "is needed where there is an image_hash_signature");
    expect(!model_.image_hash_signature || from_base64(*model_.image_hash_signature).has_value(),
           "image_hash_signature", "must be base64");
  }

  void certificates() {
    if (!model_.cpa) return;
    expect(model_.cpa->issue_date < model_.cpa->end_date, "certificates/cpa",
           "must end after the day it was issued");
  }

  const DeviceModel& model_;
  const std::string& pointer_;
  FieldErrors& errors_;
};

}  // namespace

std::string to_string(DeviceType type) { return std::string(word_of(type)); }

std::optional<DeviceType> device_type_of(std::string_view word) {
  return read_word<DeviceType>(word);
}

Result<ModelId> ModelId::parse(std::string_view text) {
  const auto dash = text.find('-');
  const std::string_view rest = dash == text.npos ? "" : text.substr(dash + 1);
  const bool well_formed =
      dash != text.npos && device_type_of(text.substr(0, dash)) && rest.size() == 22 &&
      rest[4] == '-' && rest[13] == '-' && is_upper_hex(rest.substr(0, 4), 4) &&
      is_upper_hex(rest.substr(5, 8), 8) && is_upper_hex(rest.substr(14, 8), 8);
  if (!well_formed) {
    return malformed("model-id-malformed",
                     "\"" + std::string(utf8_prefix(text, 64)) +
                         "\" is not a model id: it has the form ESME-1063-00050203-38040404 "
                         "(type, manufacturer, device model, firmware; upper-case hexadecimal)");
  }
  return ModelId(std::string(text));
}

DeviceType ModelId::device_type() const {
  return *device_type_of(std::string_view(text_).substr(0, text_.find('-')));
}
std::string_view ModelId::manufacturer_id() const {
  return std::string_view(text_).substr(text_.find('-') + 1, 4);
}
std::string_view ModelId::device_model() const {
  return std::string_view(text_).substr(text_.find('-') + 6, 8);
}
std::string_view ModelId::firmware_version() const {
  return std::string_view(text_).substr(text_.find('-') + 15, 8);
}

ModelId DeviceModel::id() const {
  auto id = ModelId::parse(to_string(device_type) + "-" + manufacturer_id + "-" + model_id +
                           hardware_version + "-" + firmware_version);
  check(id.has_value());
  return *std::move(id);
}

bool is_manufacturer_id(std::string_view text) { return is_upper_hex(text, 4); }

void check_device_model(const DeviceModel& model, const std::string& pointer, FieldErrors& errors) {
  ModelChecker(model, pointer, errors).run();
}

}  // namespace cpl
