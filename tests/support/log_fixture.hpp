// A registry's log for the tests of its keeping: keys from seeds, a clock that the test moves, a
// signed-size record in memory, and statements that are valid and cheap to sign. Everything is the
// same in every run, so golden values can be taken from it.
#pragma once

#include <atomic>
#include <catch2/catch.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/log/log.hpp"

namespace cpl::testing {

inline const std::string log_origin = "log.example/cpl";
inline constexpr UnixMillis start_time{1'780'000'000'000};  // 2026-05-28T20:26:40Z

inline NoteSigner signer_of(const std::string& name) {
  const auto key = PrivateKey::from_ed25519_seed(sha256("test key of " + name).view());
  REQUIRE(key);
  auto signer = NoteSigner::create(name, *key);
  REQUIRE(signer);
  return *std::move(signer);
}

// Another key under the log's name.
inline NoteSigner log_key_from(const std::string& seed) {
  const auto key = PrivateKey::from_ed25519_seed(sha256(seed).view());
  REQUIRE(key);
  auto signer = NoteSigner::create(log_origin, *key);
  REQUIRE(signer);
  return *std::move(signer);
}

// One key each, so that one signature makes a statement; the thresholds are the rules' business.
struct LogKeys {
  NoteSigner log = signer_of(log_origin);
  NoteSigner panel = signer_of("panel");
  NoteSigner registrar = signer_of("registrar");
  NoteSigner desk = signer_of("desk");
};
inline const LogKeys& log_keys() {
  static const LogKeys keys;
  return keys;
}

class TestClock final : public Clock {
 public:
  UnixMillis now() const override { return UnixMillis{millis_}; }
  void advance(std::uint64_t millis) { millis_ += millis; }
  void set(UnixMillis time) { millis_ = time.value; }

 private:
  std::atomic<std::uint64_t> millis_ = start_time.value;
};

// What the next advance does beside, or instead of, its work.
enum class RecordFault : std::uint8_t { none, not_persisted, persisted };

class MemorySignedSize final : public SignedSizeRecord {
 public:
  Result<std::optional<SignedSize>> read() const override { return recorded; }
  Result<void> advance(const SignedSize& to) override {
    check(!recorded || recorded->size < to.size);
    const RecordFault now = std::exchange(fault, RecordFault::none);
    if (now != RecordFault::not_persisted) recorded = to;
    if (now == RecordFault::none) return {};
    return Error{Errc::unavailable, "signed-size-unavailable", "a fault of the test"};
  }

  std::optional<SignedSize> recorded;
  RecordFault fault = RecordFault::none;
};

inline Bytes sign(const StatementBody& body, const NoteSigner& signer,
                  UnixMillis issued_at = start_time) {
  Note note{format_statement({log_origin, issued_at, body}), {}};
  sign_note(note, signer);
  return format_note(note);
}

inline Charter small_charter() {
  Charter charter;
  charter.name = "Test registry";
  charter.roles[Role::panel] = {1, {log_keys().panel.verifier()}};
  charter.roles[Role::registrar] = {1, {log_keys().registrar.verifier()}};
  charter.roles[Role::service_desk] = {1, {log_keys().desk.verifier()}};
  charter.policy.statement_age_seconds_max = 366 * 86'400;
  return charter;
}
inline Bytes charter_note() { return sign(small_charter(), log_keys().panel); }

inline DeviceModel small_model(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  DeviceModel model;
  model.generation = "SMETS1";
  model.device_type = DeviceType::ppmid;
  model.manufacturer_id = "1063";
  model.manufacturer_name = "Example Meters Ltd";
  model.model_id = "0005";
  model.hardware_version = "0203";
  for (int shift = 28; shift >= 0; shift -= 4) {
    model.firmware_version += digits[number >> shift & 0xFU];
  }
  model.ts_name = "PPMIDTS";
  model.ts_version = "V1.0";
  model.submitted_by = "Example Meters Ltd";
  model.received_at = start_time;
  return model;
}
inline ModelId small_id(std::uint64_t number) { return small_model(number).id(); }

inline Bytes addition_note(std::uint64_t number) {
  return sign(Addition{small_model(number), start_time}, log_keys().registrar);
}

// The one decision of these tests: item 4, decision 2 of one meeting, to remove some models.
inline const MeetingRef the_meeting{"SECP", "SECP_30_1103"};
inline const std::string the_text = "AGREED to remove the models named in the paper.";

inline Decision the_decision(std::vector<ModelId> models) {
  return {
      the_meeting.body, *Date::parse("2026-05-20"),        the_meeting, {4, 2}, {}, Verb::agreed,
      the_text,         {{Act::remove, std::move(models)}}};
}
inline Bytes decision_note(std::vector<ModelId> models) {
  return sign(the_decision(std::move(models)), log_keys().panel);
}
inline Bytes minutes_note(bool is_final) {
  return sign(Minutes{the_meeting,
                      *Date::parse("2026-05-20"),
                      "Minutes of the 30th meeting",
                      is_final,
                      sha256("the document"),
                      12,
                      "application/pdf",
                      "WHITE",
                      {{{4, 2}, "AGREED", the_text}},
                      {{"30/01", "The secretary", "To tell the Service Desk."}}},
              log_keys().registrar);
}
inline Bytes notice_note(std::vector<ModelId> models, EntryIndex decision) {
  return sign(Notice{std::move(models), decision, RemovalBasis::panel_decision, start_time},
              log_keys().registrar);
}
inline Bytes receipt_note(EntryIndex notice, ReceiptStatus status) {
  return sign(Receipt{notice, status, {}, {}, {}}, log_keys().desk);
}
inline Bytes removal_note(const ModelId& model, EntryIndex notice) {
  return sign(Removal{model, notice, RemovalBasis::panel_decision, {}, "Withdrawn"},
              log_keys().registrar);
}

// The ten statements that take one of three models from its addition to its confirmed removal.
inline std::vector<Bytes> story_notes() {
  return {charter_note(),
          addition_note(1),
          addition_note(2),
          addition_note(3),
          decision_note({small_id(1), small_id(2)}),
          notice_note({small_id(1)}, EntryIndex{4}),
          receipt_note(EntryIndex{5}, ReceiptStatus::received),
          receipt_note(EntryIndex{5}, ReceiptStatus::validated),
          removal_note(small_id(1), EntryIndex{5}),
          minutes_note(true)};
}

inline SignedStatement open_note(BytesView note,
                                 const std::shared_ptr<const CharterRecord>& charter) {
  auto opened = open_statement(note, charter);
  if (!opened) FAIL(opened.error().detail);
  return *std::move(opened);
}

// A log over a store that outlives it, so that a test can close it and open it again.
class TestLog {
 public:
  explicit TestLog(Store& store) : store_(store) { open(); }

  void close() { log_.reset(); }
  void open() {
    log_.reset();
    auto opened = Log::open(store_, record, clock, log_keys().log, log_origin);
    if (!opened) FAIL(opened.error().detail);
    log_ = *std::move(opened);
  }
  Log& operator*() { return *log_; }
  Log* operator->() { return log_.get(); }
  std::shared_ptr<const LogView> view() const { return log_->view(); }

  std::vector<SignedStatement> opened(const std::vector<Bytes>& notes) const {
    // Before the first charter is in the log, one of the same batch is what they will meet.
    std::vector<SignedStatement> statements;
    for (const Bytes& note : notes) statements.push_back(open_note(note, charter_for(note)));
    return statements;
  }
  std::vector<Result<Accepted>> try_append(const std::vector<Bytes>& notes) {
    clock.advance(1000);
    return log_->append(opened(notes));
  }
  // One batch, all of which must get in; the index of the last.
  EntryIndex append(const std::vector<Bytes>& notes) {
    EntryIndex last;
    for (const auto& answer : try_append(notes)) {
      if (!answer) FAIL(answer.error().code + ": " + answer.error().detail);
      last = answer->index;
    }
    return last;
  }

  TestClock clock;
  MemorySignedSize record;

 private:
  std::shared_ptr<const CharterRecord> charter_for(BytesView note) const {
    const bool is_charter = note.find("\ncharter\n") != note.npos;
    if (const auto charter = log_->view()->charter(); charter != nullptr || is_charter) {
      return charter;
    }
    return std::make_shared<const CharterRecord>(CharterRecord{small_charter(), EntryIndex{0}});
  }

  Store& store_;
  std::unique_ptr<Log> log_;
};

}  // namespace cpl::testing
