// A small registry to tell stories with: its people and their keys, bodies of every statement type
// that the rules accept as they stand, and a Story that runs signed statements through the rules.
// Everything but the Service Desk's key is the same in every run.
#pragma once

#include <catch2/catch.hpp>

#include "crypto/hash.hpp"
#include "registry/rules/rules.hpp"

namespace cpl {

using Signers = std::vector<NoteSigner>;

inline const std::string test_origin = "cpl.example.org/log";

inline Date day(std::string_view text) {
  const auto date = Date::parse(text);
  check(date.has_value());
  return *date;
}

inline UnixMillis at(std::string_view text) {
  const auto time = parse_time(text);
  check(time.has_value());
  return *time;
}

inline UnixMillis plus_seconds(UnixMillis time, std::int64_t seconds) {
  return UnixMillis{
      static_cast<std::uint64_t>(static_cast<std::int64_t>(time.value) + seconds * 1000)};
}

// The key's seed is the name's hash.
inline NoteSigner ed25519_signer(const std::string& name) {
  const auto key = PrivateKey::from_ed25519_seed(sha256(name).view());
  check(key.has_value());
  auto signer = NoteSigner::create(name, *key);
  check(signer.has_value());
  return *std::move(signer);
}

inline NoteSigner witness_signer(const std::string& name) {
  const auto key = PrivateKey::from_ed25519_seed(sha256(name).view());
  check(key.has_value());
  auto signer = NoteSigner::create_cosigner(name, *key);
  check(signer.has_value());
  return *std::move(signer);
}

inline Signers numbered_signers(const std::string& name, int count) {
  Signers signers;
  for (int i = 1; i <= count; ++i)
    signers.push_back(ed25519_signer(name + "-" + std::to_string(i)));
  return signers;
}

struct People {
  Signers panel = numbered_signers("panel", 5);
  Signers registrar = numbered_signers("registrar", 3);
  Signers desk;  // One key of the kind that the smart metering PKI has.

  People() {
    auto signer =
        NoteSigner::create("service-desk-1", PrivateKey::generate(KeyAlgorithm::ecdsa_p256));
    check(signer.has_value());
    desk.push_back(*std::move(signer));
  }
};
inline const People& people() {
  static const People everybody;
  return everybody;
}

inline Signers first(std::size_t count, const Signers& signers) {
  return {signers.begin(), signers.begin() + static_cast<std::ptrdiff_t>(count)};
}
inline Signers together(Signers some, const Signers& others) {
  some.insert(some.end(), others.begin(), others.end());
  return some;
}

inline RoleKeys role_keys(std::uint64_t threshold, const Signers& signers) {
  RoleKeys role{threshold, {}};
  for (const NoteSigner& signer : signers) role.keys.push_back(signer.verifier());
  return role;
}

inline Charter make_charter() {
  return {"Certified Products List",
          {{Role::panel, role_keys(3, people().panel)},
           {Role::registrar, role_keys(2, people().registrar)},
           {Role::service_desk, role_keys(1, people().desk)}},
          default_policy(),
          {}};
}

inline Certificate make_certificate(const std::string& number) {
  return {number, {}, day("2022-08-30"), CertificateMatch::exact};
}
inline CpaCertificate make_cpa() {
  return {"CPA-1",
          {},
          {},
          day("2022-08-30"),
          CpaCertificate::Kind::dated,
          day("2028-08-30"),
          CertificateMatch::exact};
}

// An electricity meter that may come onto the list.
inline DeviceModel make_model(const std::string& firmware = "38040404") {
  DeviceModel model;
  model.generation = "SMETS2+";
  model.device_type = DeviceType::esme;
  model.manufacturer_id = "1063";
  model.manufacturer_name = "Example Meters Ltd";
  model.model_id = "0005";
  model.hardware_version = "0203";
  model.firmware_version = firmware;
  model.ts_name = "SMETS";
  model.ts_version = "V4.2";
  model.gbcs_version = "3.2";
  model.esme_variant = "ADE";
  model.image_hash = sha256(firmware);
  model.zigbee = make_certificate("ZIG-1");
  model.dlms = make_certificate("DLMS-1");
  model.cpa = make_cpa();
  model.submitted_by = "Example Meters Ltd";
  model.received_at = at("2026-07-01T09:00:00Z");
  return model;
}

// A display, which needs a ZigBee certificate and nothing else.
inline DeviceModel make_display() {
  DeviceModel model = make_model("00000001");
  model.device_type = DeviceType::ppmid;
  model.ts_name = "PPMIDTS";
  model.esme_variant.reset();
  model.image_hash.reset();
  model.dlms.reset();
  model.cpa.reset();
  return model;
}

inline const std::string decision_text = "The Panel APPROVED the removal of the models in Annex A.";

inline Addition addition_of(DeviceModel model = make_model()) {
  return {std::move(model), at("2026-07-09T00:00:00Z")};
}

// Stands in the minutes of the meeting as item 7, ordinal 2.
inline Decision decision_on(std::vector<ModelId> models, Verb verb = Verb::approved) {
  return {"SECP", day("2026-07-08"), MeetingRef{"SECP", "SECP_155_0807"}, {7, 2}, {},
          verb,   decision_text,     {{Act::remove, std::move(models)}}};
}

inline Decision ex_committee_decision_on(std::vector<ModelId> models) {
  Decision decision = decision_on(std::move(models));
  decision.meeting.reset();
  decision.place = {};
  decision.ex_committee = "SECP_EX_12";
  return decision;
}

inline MinutesDecision minuted(const std::string& verb = "APPROVED",
                               const std::string& text = decision_text,
                               DecisionPlace place = {7, 2}) {
  return {place, verb, text};
}

inline Minutes minutes_with(std::vector<MinutesDecision> decisions, bool is_final = true) {
  return {{"SECP", "SECP_155_0807"},
          day("2026-07-08"),
          "Minutes of the 155th meeting",
          is_final,
          sha256("the document"),
          81'234,
          "application/pdf",
          "WHITE",
          std::move(decisions),
          {{"SECP155/01", "SECAS", "To notify the DCC Service Desk."}}};
}

inline Notice notice_of(std::vector<ModelId> models, EntryIndex decision) {
  return {std::move(models), decision, RemovalBasis::cpa_expired, at("2026-07-09T10:00:00Z")};
}

// A rejection names the models of its notice.
inline Receipt receipt_of(EntryIndex notice, ReceiptStatus status,
                          std::vector<ModelId> models = {make_model().id()}) {
  Receipt receipt{notice, status, {}, {}, {}};
  if (status == ReceiptStatus::rejected) {
    receipt.models = std::move(models);
    receipt.reject_code = "minute-mismatch";
    receipt.reject_text = "The minutes say something else.";
  }
  if (status == ReceiptStatus::applied) receipt.applied_at = at("2026-07-09T11:00:00Z");
  return receipt;
}

inline Removal removal_of(const ModelId& model, EntryIndex notice) {
  return {model, notice, RemovalBasis::cpa_expired, {}, "Expired"};  // From its entry on.
}

// As many as the charter asks for, and no more.
inline Signers signers_for(const StatementBody& body) {
  if (std::holds_alternative<Charter>(body)) return first(3, people().panel);
  if (std::holds_alternative<Decision>(body)) return first(3, people().panel);
  if (std::holds_alternative<Receipt>(body)) return people().desk;
  if (std::holds_alternative<Loading>(body)) return people().desk;
  if (std::holds_alternative<Deployment>(body)) return people().desk;
  const auto* minutes = std::get_if<Minutes>(&body);
  if (minutes != nullptr && !minutes->is_final) return first(1, people().registrar);
  return first(2, people().registrar);
}

inline Note sign(const Statement& statement, const Signers& signers) {
  Note note{format_statement(statement), {}};
  for (const NoteSigner& signer : signers) sign_note(note, signer);
  return note;
}

inline std::string to_string(Errc errc) {
  switch (errc) {
    case Errc::invalid:
      return "invalid";
    case Errc::unauthorized:
      return "unauthorized";
    case Errc::not_found:
      return "not_found";
    case Errc::conflict:
      return "conflict";
    case Errc::too_large:
      return "too_large";
    case Errc::overloaded:
      return "overloaded";
    case Errc::unavailable:
      return "unavailable";
    case Errc::indeterminate:
      return "indeterminate";
    case Errc::corrupt:
      return "corrupt";
  }
  return "unknown";
}

// "certificate-missing, rule 3, conflict"
inline std::string told(const Error& error) {
  return error.code + ", rule " + std::to_string(error.rule) + ", " + to_string(error.errc);
}

// Statements, one a second, each entering the list as the next entry if the rules allow it.
class Story {
 public:
  Story() = default;
  virtual ~Story() = default;
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  UnixMillis now = at("2026-07-09T12:00:00Z");

  virtual Result<EntryIndex> enter(const Bytes& note) {
    const SignedStatement opened = TRY(open_statement(note, list_.charter()));
    const EntryIndex index{next_};
    list_.put(TRY(apply(list_, opened, {test_origin, index, now})));
    ++next_;
    return index;
  }

  Statement issued_now(StatementBody body) const { return {test_origin, now, std::move(body)}; }

  Result<EntryIndex> submit(const Statement& statement, const Signers& signers) {
    auto entered = enter(format_note(sign(statement, signers)));
    now = plus_seconds(now, 1);
    return entered;
  }

  EntryIndex does(const StatementBody& body) { return does(body, signers_for(body)); }
  EntryIndex does(const StatementBody& body, const Signers& signers) {
    const auto entered = submit(issued_now(body), signers);
    INFO((entered ? "" : entered.error().detail));
    REQUIRE(entered.has_value());
    return *entered;
  }

  // How the registry answers: "accepted", or the refusal.
  std::string says(const Statement& statement, const Signers& signers) {
    const auto entered = submit(statement, signers);
    return entered ? "accepted" : told(entered.error());
  }
  std::string says(const StatementBody& body, const Signers& signers) {
    return says(issued_now(body), signers);
  }
  std::string says(const StatementBody& body) { return says(body, signers_for(body)); }

  // The verbs. Each is done by as many signers as it takes.
  EntryIndex founds() { return does(make_charter()); }
  EntryIndex adds(const DeviceModel& model = make_model()) { return does(addition_of(model)); }
  EntryIndex decides(std::vector<ModelId> models, Verb verb = Verb::approved) {
    return does(decision_on(std::move(models), verb));
  }
  EntryIndex notifies(std::vector<ModelId> models, EntryIndex decision) {
    const EntryIndex notice = does(notice_of(models, decision));
    notified_.emplace(notice, std::move(models));
    return notice;
  }
  EntryIndex receipts(EntryIndex notice, ReceiptStatus status) {
    const auto named = notified_.find(notice);
    return does(named == notified_.end() ? receipt_of(notice, status)
                                         : receipt_of(notice, status, named->second));
  }
  EntryIndex removes(const ModelId& model, EntryIndex notice) {
    return does(removal_of(model, notice));
  }
  EntryIndex minutes(std::vector<MinutesDecision> decisions, bool is_final = true) {
    return does(minutes_with(std::move(decisions), is_final));
  }

  // A notice that the desk has validated.
  EntryIndex notifies_and_validates(std::vector<ModelId> models, EntryIndex decision) {
    const EntryIndex notice = notifies(std::move(models), decision);
    receipts(notice, ReceiptStatus::received);
    receipts(notice, ReceiptStatus::validated);
    return notice;
  }

  const MemoryList& list() const { return list_; }
  ModelRecord model(const ModelId& id) const {
    const auto record = list_.model(id);
    REQUIRE(record.has_value());
    REQUIRE(record->has_value());
    return **record;
  }
  NoticeRecord notice(EntryIndex entry) const {
    const auto record = list_.notice(entry);
    REQUIRE(record.has_value());
    REQUIRE(record->has_value());
    return **record;
  }
  DecisionStanding standing(EntryIndex decision) const {
    const auto record = list_.decision(decision);
    REQUIRE(record.has_value());
    REQUIRE(record->has_value());
    return (*record)->standing;
  }

 private:
  MemoryList list_;
  std::uint64_t next_ = 0;
  std::map<EntryIndex, std::vector<ModelId>> notified_;
};

}  // namespace cpl
