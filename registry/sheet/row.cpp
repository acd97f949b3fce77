#include "registry/sheet/row.hpp"

#include "crypto/encoding.hpp"

namespace cpl::sheet {
namespace {

constexpr std::string_view list_separators = "; \n";

struct CertificateColumns {
  std::string_view body;
  Column number, as_printed, issue_date, match, status;
};
constexpr CertificateColumns zigbee_columns = {"ZigBee",
                                               Column::cert_zigbee_number,
                                               Column::cert_zigbee_as_printed,
                                               Column::cert_zigbee_issue_date,
                                               Column::cert_zigbee_match,
                                               Column::cert_zigbee_status};
constexpr CertificateColumns dlms_columns = {"DLMS",
                                             Column::cert_dlms_number,
                                             Column::cert_dlms_as_printed,
                                             Column::cert_dlms_issue_date,
                                             Column::cert_dlms_match,
                                             Column::cert_dlms_status};
constexpr CertificateColumns cpa_columns = {"CPA",
                                            Column::cert_cpa_number,
                                            Column::cert_cpa_as_printed,
                                            Column::cert_cpa_issue_date,
                                            Column::cert_cpa_match,
                                            Column::cert_cpa_status};

// Stands in for a date that was malformed or missing, which has been noted: it is never used.
Date no_date() { return *Date::parse("1970-01-01"); }

class RowReader {
 public:
  RowReader(Cells& cells, const SheetDefaults& defaults) : cells_(cells), defaults_(defaults) {}

  RowModel read() {
    cells_.check_damage();
    identity();
    specification();
    image();
    model_.zigbee = certificate(zigbee_columns);
    model_.dlms = certificate(dlms_columns);
    model_.cpa = cpa();
    references();
    origin();
    status();
    check_whole();
    return {std::move(model_), std::move(predecessors_), cells_.faulty()};
  }

 private:
  void identity() {
    model_.cpl_entry_id = cells_.optional_text(Column::cpl_entry_id);
    model_.generation = needed_word(Column::generation, generation_words).value_or("");
    const auto type = needed_word(Column::physical_device_type, device_type_words);
    if (type) model_.device_type = *device_type_of(*type);
    model_.manufacturer_id = cells_.hex(Column::manufacturer_id, 4);
    model_.manufacturer_name = cells_.needed_text(Column::manufacturer_name);
    joined_model();
    model_.firmware_version = cells_.hex(Column::firmware_version, 8);
    model_.firmware_version_printed = cells_.optional_text(Column::firmware_version_printed);
    model_.firmware_encoding = cells_.word_text(Column::firmware_encoding, firmware_encoding_words);
  }

  // The device model is the model id followed by the hardware version. A sheet that has both forms
  // must say the same in both.
  void joined_model() {
    const bool joined =
        !cells_.text(Column::device_model).empty() || cells_.faulty(Column::device_model);
    const std::string both = joined ? cells_.hex(Column::device_model, 8) : "";
    const auto half = [&](Column column, std::size_t offset) {
      if (!joined) return cells_.hex(column, 4);
      std::string taken = both.empty() ? "" : both.substr(offset, 4);
      if (taken.empty()) cells_.silence(column);
      if (cells_.text(column).empty()) return taken;
      std::string own = cells_.hex(column, 4);
      if (!own.empty() && !taken.empty() && own != taken) {
        cells_.fail(column, own + " is not what the device model, " + both + ", says");
      }
      return own;
    };
    model_.model_id = half(Column::model_id, 0);
    model_.hardware_version = half(Column::hardware_version, 4);
  }

  void specification() {
    const std::string joined = cells_.text(Column::ts);
    if (joined.empty()) {
      model_.ts_name = needed_word(Column::ts_name, ts_name_words).value_or("");
      model_.ts_version = cells_.needed_text(Column::ts_version);
    } else {
      const std::size_t space = std::min(joined.find(' '), joined.size());
      model_.ts_name = joined.substr(0, space);
      model_.ts_version = trimmed(std::string_view(joined).substr(space));
      const auto name = cells_.optional_text(Column::ts_name);
      const auto version = cells_.optional_text(Column::ts_version);
      if (model_.ts_version.empty()) {
        cells_.fail(Column::ts, "must be name and version, like SMETS V4.2");
        cells_.silence(Column::ts_name);
        cells_.silence(Column::ts_version);
      } else if (name.value_or(model_.ts_name) != model_.ts_name ||
                 version.value_or(model_.ts_version) != model_.ts_version) {
        cells_.fail(Column::ts, joined + " is not what the columns ts_name and ts_version say");
      }
    }
    model_.gbcs_version = cells_.optional_text(Column::gbcs_version);
    model_.esme_variant = cells_.word_text(Column::esme_variant, esme_variant_words);
    model_.han_variant = cells_.word_text(Column::han_variant, han_variant_words);
  }

  void image() {
    model_.image_hash = cells_.hash(Column::image_hash);
    model_.image_creator = cells_.optional_text(Column::image_creator);
    model_.image_hash_signature = cells_.optional_text(Column::image_hash_signature);
    model_.associating_party = cells_.optional_text(Column::associating_party);
  }

  bool any_text(std::initializer_list<Column> columns) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](Column column) { return !cells_.text(column).empty(); });
  }

  Date needed_date(Column column) {
    auto date = cells_.date(column);
    if (!date && !cells_.faulty(column)) cells_.fail(column, "is empty, but needed");
    return date.value_or(no_date());
  }

  // How the certificate agrees with the row is for a person to say: nothing is assumed.
  std::optional<CertificateMatch> match(const CertificateColumns& columns, bool given) {
    constexpr std::array<std::string_view, 3> words = {
        certificate_match_words[0], certificate_match_words[1], "NOT_APPLICABLE"};
    const auto word = cells_.word(columns.match, words);
    const bool says_none = !word || *word == 2;
    if (cells_.faulty(columns.match) || (says_none && !given)) return std::nullopt;
    if (!word && defaults_.match) return defaults_.match;
    if (says_none) {
      cells_.fail(columns.match, "there is a " + std::string(columns.body) +
                                     " certificate, so this must be EXACT or MAPPED_BY_EVIDENCE");
      return std::nullopt;
    }
    return static_cast<CertificateMatch>(*word);
  }

  void certificate_status(const CertificateColumns& columns) {
    const std::string status = cells_.text(columns.status);
    if (status.empty() || normalized(status) == "valid") return;
    cells_.fail(columns.status,
                "a model comes onto the list with valid certificates only: this "
                "must be VALID or empty");
  }

  std::optional<Certificate> certificate(const CertificateColumns& columns) {
    const bool given = any_text({columns.number, columns.as_printed, columns.issue_date});
    const auto matches = match(columns, given);
    certificate_status(columns);
    if (!given && !matches) return std::nullopt;
    return Certificate{cells_.needed_text(columns.number), cells_.optional_text(columns.as_printed),
                       needed_date(columns.issue_date), matches.value_or(CertificateMatch::exact)};
  }

  std::optional<CpaCertificate> cpa() {
    const bool given = any_text({cpa_columns.number, cpa_columns.as_printed, cpa_columns.issue_date,
                                 Column::cert_cpa_sc_version, Column::cert_cpa_kind,
                                 Column::cert_cpa_expiry_date, Column::cert_cpa_renewal_date});
    const auto matches = match(cpa_columns, given);
    certificate_status(cpa_columns);
    if (!given && !matches) return std::nullopt;
    const CpaCertificate::Kind kind = cpa_kind();
    const bool dated = kind == CpaCertificate::Kind::dated;
    const Column end = dated ? Column::cert_cpa_expiry_date : Column::cert_cpa_renewal_date;
    const Column other = dated ? Column::cert_cpa_renewal_date : Column::cert_cpa_expiry_date;
    if (!cells_.text(other).empty() && !cells_.faulty(Column::cert_cpa_kind)) {
      cells_.fail(other, dated ? "a DATED certificate has an expiry date instead"
                               : "a LIFETIME certificate has a renewal date instead");
    }
    return CpaCertificate{cells_.needed_text(cpa_columns.number),
                          cells_.optional_text(cpa_columns.as_printed),
                          cells_.optional_text(Column::cert_cpa_sc_version),
                          needed_date(cpa_columns.issue_date),
                          kind,
                          needed_date(end),
                          matches.value_or(CertificateMatch::exact)};
  }

  // The date that is given shows the kind where the sheet does not name it.
  CpaCertificate::Kind cpa_kind() {
    if (const auto kind = cells_.word(Column::cert_cpa_kind, cpa_kind_words)) {
      return static_cast<CpaCertificate::Kind>(*kind);
    }
    const bool renewal = !cells_.text(Column::cert_cpa_renewal_date).empty();
    const bool expiry = !cells_.text(Column::cert_cpa_expiry_date).empty();
    return renewal && !expiry ? CpaCertificate::Kind::lifetime : CpaCertificate::Kind::dated;
  }

  void references() {
    for (const std::string& part : cells_.list(Column::evidence, list_separators)) {
      const std::size_t colon = part.find(':');
      const std::string kind = colon == part.npos ? "auditonly" : normalized(part.substr(0, colon));
      const auto bytes = hash_from_hex(colon == part.npos ? part : part.substr(colon + 1));
      if (!bytes || (kind != "auditonly" && kind != "public")) {
        cells_.fail(Column::evidence,
                    "must hold PUBLIC: or AUDIT_ONLY: and 64 lower-case hexadecimal digits, more "
                    "than one separated by semicolons");
        break;
      }
      model_.evidence.push_back({*bytes, kind == "public"});
    }
    predecessors_ = cells_.list(Column::predecessors, list_separators);
    model_.s1_combination_refs = cells_.list(Column::s1_combination_refs, ";\n");
    for (const std::string& reference : model_.s1_combination_refs) {
      if (reference.size() <= 100) continue;
      cells_.fail(Column::s1_combination_refs, "must hold texts of at most 100 octets");
      break;
    }
  }

  void origin() {
    model_.fir_contact = cells_.optional_text(Column::fir_contact);
    model_.fir_release_date = cells_.date(Column::fir_release_date);
    model_.fir_notes = cells_.optional_text(Column::fir_notes);
    model_.submitted_by = cells_.text(Column::submitted_by);
    if (model_.submitted_by.empty()) model_.submitted_by = defaults_.submitted_by;
    if (model_.submitted_by.empty() && !cells_.faulty(Column::submitted_by)) {
      cells_.fail(
          Column::submitted_by,
          "is empty, and nothing else says who submits: fill it in, or give --submitted-by");
    }
    model_.received_at = cells_.time(Column::received_at).value_or(defaults_.received_at);
    model_.remarks = cells_.optional_text(Column::remarks);
    const std::string extras = cells_.extras();
    if (extras.empty()) return;
    model_.remarks = (model_.remarks ? *model_.remarks + "; " : "") + extras;
    if (model_.remarks->size() > remarks_size_max) {
      cells_.fail(Column::remarks, "with the values of the columns kept as remarks, this row has " +
                                       std::to_string(model_.remarks->size()) + " octets, over " +
                                       std::to_string(remarks_size_max) +
                                       ": take such columns out of the sheet");
    }
  }

  void status() {
    const std::string status = cells_.text(Column::status);
    if (status.empty() || normalized(status) == "active") return;
    cells_.fail(Column::status,
                "only ACTIVE models can be brought onto a list: take this row out of the sheet");
  }

  // What the fields say together, by the same check as a submission.
  void check_whole() {
    if (cells_.faulty(Column::physical_device_type)) {
      cells_.silence(Column::esme_variant);
      cells_.silence(Column::han_variant);
    }
    FieldErrors errors;
    check_device_model(model_, "", errors);
    for (FieldError& error : errors) {
      const bool dated = model_.cpa && model_.cpa->kind == CpaCertificate::Kind::dated;
      const Column column =
          error.pointer == "/certificates/cpa"
              ? (dated ? Column::cert_cpa_expiry_date : Column::cert_cpa_renewal_date)
              : column_named(error.pointer.substr(1)).value();
      const bool follows = cells_.faulty(column) || (error.pointer == "/certificates/cpa" &&
                                                     cells_.faulty(Column::cert_cpa_issue_date));
      if (!follows) cells_.fail(column, std::move(error.detail));
    }
  }

  std::optional<std::string> needed_word(Column column, std::span<const std::string_view> words) {
    auto word = cells_.word_text(column, words);
    if (!word && !cells_.faulty(column)) cells_.fail(column, "is empty, but needed");
    return word;
  }

  Cells& cells_;
  const SheetDefaults& defaults_;
  DeviceModel model_;
  std::vector<std::string> predecessors_;
};

}  // namespace

RowModel read_row(Cells& cells, const SheetDefaults& defaults) {
  return RowReader(cells, defaults).read();
}

}  // namespace cpl::sheet
