// The device model: what one entry of the products list describes. Its identity is physical type,
// manufacturer, model, hardware and firmware version; a removal hits exactly that combination.
// Fields: the recommended entry fields of the Smart Energy Code's list.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "registry/base/json.hpp"
#include "registry/base/time.hpp"
#include "registry/base/words.hpp"

namespace cpl {

enum class DeviceType : std::uint8_t { esme, gsme, ch, ppmid, hcalcs, sapc };
inline constexpr std::array<std::string_view, 6> device_type_words = {"ESME",  "GSME",   "CH",
                                                                      "PPMID", "HCALCS", "SAPC"};
template <>
struct Words<DeviceType> {
  static constexpr const auto& list = device_type_words;
};
std::string to_string(DeviceType type);
std::optional<DeviceType> device_type_of(std::string_view word);

// <type>-<manufacturer>-<device model>-<firmware>, for example ESME-1063-00050203-38040404. Upper
// case hexadecimal, never computed from printed versions.
class ModelId {
 public:
  static Result<ModelId> parse(std::string_view text);

  const std::string& text() const { return text_; }
  DeviceType device_type() const;
  std::string_view manufacturer_id() const;
  std::string_view device_model() const;  // Model (4 digits) and hardware version (4 digits).
  std::string_view firmware_version() const;
  auto operator<=>(const ModelId&) const = default;

 private:
  explicit ModelId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// How a certificate's printed versions agree with the record.
enum class CertificateMatch : std::uint8_t { exact, mapped_by_evidence };
inline constexpr std::array<std::string_view, 2> certificate_match_words = {"EXACT",
                                                                            "MAPPED_BY_EVIDENCE"};
template <>
struct Words<CertificateMatch> {
  static constexpr const auto& list = certificate_match_words;
};

// A ZigBee or DLMS certificate; these have no expiry.
struct Certificate {
  std::string number;
  std::optional<std::string> as_printed;
  Date issue_date;
  CertificateMatch match{};
};

// An NCSC Commercial Product Assurance certificate. A dated one expires; a lifetime one has a date
// by which it is to be renewed.
struct CpaCertificate {
  enum class Kind : std::uint8_t { dated, lifetime };

  std::string number;
  std::optional<std::string> as_printed;
  std::optional<std::string> security_characteristic_version;
  Date issue_date;
  Kind kind{};
  Date end_date;  // Expiry of a dated one, renewal of a lifetime one.
  CertificateMatch match{};
};
inline constexpr std::array<std::string_view, 2> cpa_kind_words = {"DATED", "LIFETIME"};
template <>
struct Words<CpaCertificate::Kind> {
  static constexpr const auto& list = cpa_kind_words;
};

struct EvidenceReference {
  Hash sha256;
  bool is_public = false;  // Otherwise kept for audit only.
};

struct DeviceModel {
  std::optional<std::string> cpl_entry_id;  // The number that older lists gave it.
  std::string generation;                   // SMETS1 or SMETS2+
  DeviceType device_type{};
  std::string manufacturer_id;  // 4 hexadecimal digits.
  std::string manufacturer_name;
  std::string model_id;          // 4 hexadecimal digits.
  std::string hardware_version;  // 4 hexadecimal digits: version and revision.
  std::string firmware_version;  // 8 hexadecimal digits.
  std::optional<std::string> firmware_version_printed;
  std::optional<std::string> firmware_encoding;
  std::string ts_name;
  std::string ts_version;
  std::optional<std::string> gbcs_version;
  std::optional<std::string> esme_variant;
  std::optional<std::string> han_variant;
  std::optional<Hash> image_hash;
  std::optional<std::string> image_creator;
  std::optional<std::string> image_hash_signature;
  std::optional<std::string> associating_party;
  std::optional<Certificate> zigbee;
  std::optional<Certificate> dlms;
  std::optional<CpaCertificate> cpa;
  std::vector<EvidenceReference> evidence;
  std::vector<ModelId> predecessors;  // Firmware that can be upgraded to this one.
  std::optional<std::string> fir_contact;
  std::optional<Date> fir_release_date;
  std::optional<std::string> fir_notes;
  std::string submitted_by;
  UnixMillis received_at;
  std::vector<std::string> s1_combination_refs;
  std::optional<std::string> remarks;

  ModelId id() const;  // The identity fields must be well formed.
};

bool is_manufacturer_id(std::string_view text);  // 4 upper-case hexadecimal digits.

// The fields that are not as the table of the domain demands, whatever the charter says.
void check_device_model(const DeviceModel& model, const std::string& pointer, FieldErrors& errors);

// Reads the members of the object; notes what is wrong, unknown members included.
DeviceModel read_device_model(const Json& value, const std::string& pointer, FieldErrors& errors);
Json to_json(const DeviceModel& model);
void append_json(Bytes& out, const DeviceModel& model);  // The same, as canonical JSON.
Certificate read_certificate(const Json& value, const std::string& pointer, FieldErrors& errors);
CpaCertificate read_cpa(const Json& value, const std::string& pointer, FieldErrors& errors);
Json to_json(const Certificate& certificate);
Json to_json(const CpaCertificate& certificate);

inline constexpr std::array<std::string_view, 25> esme_variant_words = {
    "A",    "B",    "C",   "AD",   "BD", "CD", "ADE", "BDE", "CDE", "ADF", "BDF", "CDF", "ADEF",
    "BDEF", "CDEF", "ADG", "ADEG", "AF", "BF", "CF",  "AEF", "BEF", "CEF", "AG",  "AEG"};
inline constexpr std::array<std::string_view, 2> generation_words = {"SMETS1", "SMETS2+"};
inline constexpr std::array<std::string_view, 4> firmware_encoding_words = {"HEX", "BCD", "MIXED",
                                                                            "UNKNOWN"};
inline constexpr std::array<std::string_view, 5> ts_name_words = {"SMETS", "CHTS", "HCALCSTS",
                                                                  "PPMIDTS", "SAPCTS"};
inline constexpr std::array<std::string_view, 2> han_variant_words = {"Single Band", "Dual Band"};

}  // namespace cpl
