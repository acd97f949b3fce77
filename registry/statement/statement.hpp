// Statements: every change to the registry is one, signed by the people entitled to make it, as a
// signed note whose text is
//
//   cpl/statement/v1 LF <origin> LF <type> LF <one JSON object> LF
//
// The types below are that JSON object, read. registry/FORMAT.md lists every member.
#pragma once

#include <variant>

#include "crypto/note.hpp"
#include "registry/statement/action.hpp"
#include "registry/statement/charter.hpp"
#include "registry/statement/deployment.hpp"
#include "registry/statement/loading.hpp"
#include "registry/statement/meeting.hpp"
#include "registry/statement/specifications.hpp"

namespace cpl {

inline constexpr std::size_t statement_size_max = 65'000;  // With its signatures: fits one entry.

// The four verbs of Panel minutes. Only two of them authorise (rule 4).
enum class Verb : std::uint8_t { noted, approved, agreed, supported };
inline constexpr std::array<std::string_view, 4> verb_words = {"NOTED", "APPROVED", "AGREED",
                                                               "SUPPORTED"};
template <>
struct Words<Verb> {
  static constexpr const auto& list = verb_words;
};
std::string to_string(Verb verb);
bool authorises(Verb verb);

// Where a decision stands in the minutes of a meeting: its item, and its number within the item.
struct DecisionPlace {
  std::uint64_t item = 0;
  std::uint64_t ordinal = 0;
  auto operator<=>(const DecisionPlace&) const = default;
};

struct MinutesDecision {
  DecisionPlace place;
  std::string verb;  // As the minutes have it; the four verbs or another.
  Text text;
};

struct MinutesAction {
  std::string ref;
  std::string owner;
  Text text;
  std::optional<Date> due{};
};

// What minutes say of an action of an earlier meeting, under "Actions Outstanding".
struct MinutesOutstanding {
  std::string ref;
  ActionState state{};
  std::optional<Date> due{};  // With `open` only.
  std::optional<Text> text{};
};

// Panel minutes as a document and as what was read from it.
struct Minutes {
  MeetingRef meeting;
  Date date;
  std::string title;
  bool is_final = false;  // Otherwise a draft.
  Hash document_sha256;
  std::uint64_t document_size = 0;
  std::string media_type;
  std::string classification;
  std::vector<MinutesDecision> decisions;
  std::vector<MinutesAction> actions;
  std::vector<MinutesOutstanding> outstanding{};
};

enum class Act : std::uint8_t { remove, reinstate, withdraw };
inline constexpr std::array<std::string_view, 3> act_words = {"remove", "reinstate", "withdraw"};
template <>
struct Words<Act> {
  static constexpr const auto& list = act_words;
};

struct Authorisation {
  Act act{};
  std::vector<ModelId> models;  // Explicit ids only.
};

// A decision of the Panel, signed by its members.
struct Decision {
  std::string body;
  Date date;
  // Where it stands in minutes; absent for a decision taken ex-committee.
  std::optional<MeetingRef> meeting;
  DecisionPlace place;
  std::optional<std::string> ex_committee;  // Its reference, where it was taken ex-committee.
  Verb verb{};
  Text text;
  std::vector<Authorisation> authorises;
  std::optional<Text> handling{};  // Of its sealed texts, and of what is done on it: handling.hpp.
  // What bears the hardware of what is removed: listed models of it, and removed models of whose
  // hardware none is left (B22).
  std::vector<ModelId> successors{};
  std::vector<ModelId> without_successor{};

  bool names(const ModelId& model, Act act) const;
};

// From when a statement has effect, where it says so. One that does not has it from its entry on:
// nobody knows before what time that will be.
using StatedTime = std::optional<UnixMillis>;
UnixMillis effective_time(const StatedTime& stated, UnixMillis entered);

struct Addition {
  DeviceModel model;
  StatedTime effective_from{};
  std::optional<Hash> submission{};  // That it was made from: the SHA-256 of the text sent.
};

// The formal notice to the DCC Service Desk that models are to be removed.
struct Notice {
  std::vector<ModelId> models;
  EntryIndex decision;
  RemovalBasis basis{};
  StatedTime effective_from{};
  std::optional<Text> reason{};  // For people; may be sealed until it can do no harm.
};

enum class ReceiptStatus : std::uint8_t { received, validated, rejected, applied };
inline constexpr std::array<std::string_view, 4> receipt_status_words = {"received", "validated",
                                                                         "rejected", "applied"};
template <>
struct Words<ReceiptStatus> {
  static constexpr const auto& list = receipt_status_words;
};
inline constexpr std::array<std::string_view, 8> reject_code_words = {
    "minute-not-found", "minute-mismatch", "signature-invalid", "proof-invalid",
    "unknown-model",    "already-removed", "superseded",        "other"};

// The Service Desk's word on a notice.
struct Receipt {
  EntryIndex notice;
  ReceiptStatus status{};
  std::optional<std::string> reject_code;  // With `rejected` only, as is the text.
  std::optional<Text> reject_text;
  std::optional<UnixMillis> applied_at;  // With `applied` only.
  // With `rejected` only: those of the notice, so that the receipt alone tells whom it concerns.
  std::vector<ModelId> models{};
};

// The words that the DCC's interface has for a model that is off the list.
inline constexpr std::array<std::string_view, 3> removed_status_words = {"Withdrawn", "Cancelled",
                                                                         "Expired"};

struct Removal {
  ModelId model;
  EntryIndex notice;
  RemovalBasis basis{};
  StatedTime effective_from{};
  std::string status_word;
  std::optional<Text> reason{};
  std::optional<Date> concerns_since{};  // From when devices may have been affected.
};

// Takes a notice back before anything was removed on it.
struct Withdrawal {
  EntryIndex notice;
  std::vector<ModelId> models;  // Those of the notice.
  Text why;
  std::optional<EntryIndex> decision{};  // Where the charter asks for one (rule 11).
};

// Brings a removed model back, on a decision that was taken after its removal (rule 9).
struct Reinstatement {
  ModelId model;
  EntryIndex decision;
  StatedTime effective_from{};
  std::optional<Text> reason{};
};

// Puts right what an addition had wrong, by the whole record as it should be. Its identity stays:
// another identity is another model.
struct Correction {
  DeviceModel model;
  Text why;
  std::optional<EntryIndex> decision;
};

enum class CertificateEvent : std::uint8_t { renewed, expired, withdrawn, cancelled };
inline constexpr std::array<std::string_view, 4> certificate_event_words = {
    "renewed", "expired", "withdrawn", "cancelled"};
template <>
struct Words<CertificateEvent> {
  static constexpr const auto& list = certificate_event_words;
};

// What became of an assurance certificate of a model. It changes the record; it never removes the
// model (rule 10).
struct CertificateChange {
  ModelId model;
  CertificateKind kind{};
  CertificateEvent event{};
  Date date;  // Of the event.
  // With `renewed` only, the one that fits the kind: the certificate that now holds.
  std::optional<Certificate> renewed;
  std::optional<CpaCertificate> renewed_cpa;
  std::optional<Text> reason{};
  std::optional<Date> concerns_since{};  // From when devices may have been affected.
};

// The model's record with a renewed certificate in the place of the old one.
void put_renewed(const CertificateChange& change, DeviceModel& model);

// Opens a sealed text of an entry.
struct Disclosure {
  EntryIndex entry;
  std::string field;  // Its place in the entry's statement: "/text", for example.
  Bytes salt;         // 32 octets.
  std::string words;
};

using StatementBody =
    std::variant<Charter, Minutes, Decision, Addition, Notice, Receipt, Removal, Reinstatement,
                 Correction, CertificateChange, Disclosure, Withdrawal, Loading, Deployment,
                 MeetingCalendar, MeetingPaper, ActionUpdate, Specifications>;
// In the order of the variant.
inline constexpr std::array<std::string_view, 18> statement_type_words = {
    "charter", "minutes",       "decision",   "addition",    "notice",     "receipt",
    "removal", "reinstatement", "correction", "certificate", "disclosure", "withdrawal",
    "loading", "deployment",    "calendar",   "paper",       "action",     "specifications"};
static_assert(statement_type_words.size() == std::variant_size_v<StatementBody>);

struct Statement {
  std::string origin;
  UnixMillis issued_at;
  StatementBody body;
  std::map<std::string, Seal> seals{};  // As read: the sealed texts by their place in the body.

  std::string_view type() const { return statement_type_words[body.index()]; }
};

// The text to sign.
Bytes format_statement(const Statement& statement);
// Strict: every member known, well formed and within bounds; all faults are told at once.
Result<Statement> parse_statement(BytesView text);
// What a signed note says; its signatures are not looked at.
Result<Statement> read_signed(BytesView note);
// SHA-256 of the text: what makes a statement submitted twice one statement.
Hash statement_id(BytesView text);
Json to_json(const StatementBody& body);

}  // namespace cpl
