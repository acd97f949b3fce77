// Makes forged logs at random.
#pragma once

#include <random>

#include "tests/registry/evidence/forged_log.hpp"

namespace cpl {

// A log in the making: what the rules allow for the most part, and now and then what they refuse.
class Forger {
 public:
  explicit Forger(std::uint64_t seed) : random_(seed) {
    does(make_charter(), false);
    for (std::size_t number = 0; number < 2; ++number) does(Addition{model(number), made()}, false);
    for (int step = 0; step < 22; ++step) {
      const bool lie = faults_ < 2 && one_in(9);
      if (!(lie ? forges() : goes_on())) continue;
      if (lie) ++faults_;
    }
  }

  const ForgedLog& log() const { return log_; }
  std::vector<EntryIndex> notices() const { return notices_; }
  std::vector<EntryIndex> decisions() const { return decisions_; }
  std::vector<ModelId> models() const {
    std::vector<ModelId> ids;
    for (std::size_t number = 0; number < models_max; ++number) ids.push_back(model(number).id());
    return ids;
  }

  std::size_t below(std::size_t end) { return random_() % end; }
  bool one_in(std::size_t chance) { return below(chance) == 0; }

 private:
  static constexpr std::size_t models_max = 3;

  static DeviceModel model(std::size_t number) {
    DeviceModel made = make_display();
    made.firmware_version = "0000000" + std::to_string(number);
    return made;
  }
  UnixMillis made() const { return at("2026-07-09T00:00:00Z"); }
  ModelId any_model() { return model(below(models_max)).id(); }
  EntryIndex any(const std::vector<EntryIndex>& entries) {
    return entries.empty() ? EntryIndex{0} : entries[below(entries.size())];
  }

  Decision any_decision() {
    std::vector<ModelId> ids = {any_model()};
    if (const ModelId other = any_model(); one_in(2) && other != ids[0]) ids.push_back(other);
    Decision decision = decision_on(ids, one_in(6) ? Verb::noted : Verb::approved);
    decision.place = {1 + below(2), 1 + below(3)};
    if (one_in(2)) decision.authorises[0].act = Act::reinstate;
    if (one_in(4)) {
      decision.meeting.reset();
      decision.place = {};
      decision.ex_committee = "SECP_EX_12";
    }
    return decision;
  }

  Minutes any_minutes() {
    std::vector<MinutesDecision> held;
    for (std::uint64_t item = 1; item <= 2; ++item) {
      for (std::uint64_t ordinal = 1; ordinal <= 3; ++ordinal) {
        if (!one_in(4)) held.push_back(minuted("APPROVED", decision_text, {item, ordinal}));
      }
    }
    return minutes_with(held, !one_in(3));
  }

  CertificateChange any_certificate() {
    CertificateChange change{any_model(),
                             CertificateKind::zigbee,
                             CertificateEvent::withdrawn,
                             day("2026-07-08"),
                             {},
                             {},
                             {}};
    if (one_in(2)) return change;
    change.event = CertificateEvent::renewed;
    change.renewed = make_certificate("ZIG-" + std::to_string(below(100)));
    return change;
  }

  StatementBody any_statement() {
    switch (below(12)) {
      case 0:
        return Addition{model(below(models_max)), made()};
      case 1:
      case 2:
        return any_decision();
      case 3:
      case 4:
        return notice_of({any_model()}, any(decisions_));
      case 5:
      case 6:
        return receipt_of(any(notices_), static_cast<ReceiptStatus>(below(4)));
      case 7:
      case 8:
        return removal_of(any_model(), any(notices_));
      case 9:
        return Reinstatement{any_model(), any(decisions_), {}, {}};
      case 10:
        return any_minutes();
      default:
        return one_in(3) ? StatementBody(any_correction()) : StatementBody(any_certificate());
    }
  }
  Correction any_correction() {
    DeviceModel corrected = model(below(models_max));
    corrected.remarks = "Corrected " + std::to_string(below(100));
    return {corrected, "It was wrong.", {}};
  }

  Result<Change> asked(const StatementBody& body) const {
    const auto opened =
        open_statement(format_note(sign(Statement{test_origin, log_.now, body}, signers_for(body))),
                       list_.charter());
    return apply(list_, TRY(opened), {test_origin, log_.next(), log_.now, log_keys_});
  }

  // As the rules have it.
  bool goes_on() {
    for (int attempt = 0; attempt < 40; ++attempt) {
      const StatementBody body = any_statement();
      const auto change = asked(body);
      if (!change) continue;
      list_.put(*change);
      does(body, true);
      return true;
    }
    return false;
  }

  bool forges() {
    switch (below(7)) {
      case 0:
        return forges_signers();
      case 1:
        return forges_time();
      case 2:
        log_.repeats(EntryIndex{1 + below(log_.next().value - 1)});
        return true;
      case 3:
        return forges_charter();
      default:
        return forges_statement();
    }
  }

  // What the rules refuse of a statement that is signed and dated as it must be.
  bool forges_statement() {
    for (int attempt = 0; attempt < 40; ++attempt) {
      const StatementBody body = any_statement();
      if (asked(body)) continue;
      pretends(body);
      does(body, true);
      return true;
    }
    return false;
  }

  bool forges_signers() {
    const StatementBody body = any_statement();
    if (const auto change = asked(body)) list_.put(*change);
    Signers signers = signers_for(body);
    if (signers.size() > 1) {
      signers.pop_back();
    } else {
      signers = numbered_signers("stranger", 1);
    }
    note(body, log_.does(body, signers));
    return true;
  }

  bool forges_time() {
    const StatementBody body = any_statement();
    if (const auto change = asked(body)) list_.put(*change);
    const UnixMillis now = log_.now;
    Statement statement{test_origin, now, body};
    switch (below(4)) {
      case 0:
        statement.issued_at = plus_seconds(now, -400 * 86'400);
        break;
      case 1:
        statement.issued_at = plus_seconds(now, 400);
        break;
      case 2:
        log_.now = statement.issued_at = plus_seconds(now, -3600);
        break;
      default:
        log_.now = statement.issued_at = plus_seconds(now, 3600);
        break;
    }
    note(body, log_.takes(statement, signers_for(body)));
    log_.now = plus_seconds(now, 1);
    return true;
  }

  bool forges_charter() {
    Charter charter = make_charter();
    if (one_in(2)) charter.replaces = list_.charter()->entry;
    if (one_in(2)) charter.log_keys = {ed25519_signer("another-log").verifier()};
    Signers signers = first(3, people().panel);
    if (one_in(3)) {
      signers = numbered_signers("thief", 3);
      charter.roles[Role::panel] = role_keys(3, signers);
    }
    log_.does(charter, signers);
    return true;
  }

  // The list as it would be if that were allowed, as far as later statements build on it.
  void pretends(const StatementBody& body) {
    Change change;
    const EntryIndex index = log_.next();
    if (const auto* notice = std::get_if<Notice>(&body)) {
      change.notices.push_back({index, log_.now, *notice, NoticeState::issued, {}, {}, {}});
      take_models(*notice, index, change);
    }
    if (const auto* receipt = std::get_if<Receipt>(&body)) {
      if (auto notice = *list_.notice(receipt->notice)) {
        notice->state = static_cast<NoticeState>(static_cast<int>(receipt->status) + 1);
        notice->receipts.push_back(index);
        change.notices.push_back(*notice);
      }
    }
    if (const auto* removal = std::get_if<Removal>(&body)) {
      take_status(removal->model, ModelStatus::removed, index, change);
      if (auto notice = *list_.notice(removal->notice)) {
        notice->removals.insert_or_assign(removal->model, index);
        change.notices.push_back(*notice);
      }
    }
    if (const auto* reinstatement = std::get_if<Reinstatement>(&body)) {
      take_status(reinstatement->model, ModelStatus::listed, index, change);
    }
    list_.put(change);
  }
  void take_models(const Notice& notice, EntryIndex index, Change& change) {
    for (const ModelId& id : notice.models) {
      if (auto record = *list_.model(id)) {
        record->notice = index;
        change.models.push_back(*record);
      }
    }
  }
  void take_status(const ModelId& id, ModelStatus status, EntryIndex index, Change& change) {
    if (auto record = *list_.model(id)) {
      record->status = status;
      record->changed_at = index;
      record->notice.reset();
      change.models.push_back(*record);
    }
  }

  void does(const StatementBody& body, bool listed_already) {
    if (!listed_already) {
      const auto change = asked(body);
      REQUIRE(change.has_value());
      list_.put(*change);
    }
    note(body, log_.does(body));
  }
  void note(const StatementBody& body, EntryIndex index) {
    if (std::holds_alternative<Notice>(body)) notices_.push_back(index);
    if (std::holds_alternative<Decision>(body)) decisions_.push_back(index);
  }

  std::mt19937_64 random_;
  ForgedLog log_;
  MemoryList list_;
  int faults_ = 0;
  std::vector<EntryIndex> notices_;
  std::vector<EntryIndex> decisions_;
  std::vector<NoteVerifier> log_keys_ = {log_key().verifier()};
};

}  // namespace cpl
