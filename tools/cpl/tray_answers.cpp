#include "tools/cpl/tray_answers.hpp"

#include "crypto/encoding.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/told.hpp"

namespace cpl {
namespace {

constexpr std::string_view id_prefix = "tray_";
constexpr std::size_t id_size_max = 64;
const std::string tray_path = "/v1/tray";
constexpr const char* note_type = "text/plain";

Result<TrayAnswer> read_answer(Json told, const std::filesystem::path& copy,
                               const CharterInForce& charter) {
  const auto note = told.find("note");
  if (note == told.end() || !note->is_string()) {
    return answer_malformed("the registry's answer holds no statement of the tray");
  }
  Note parsed = TRY(parse_note(note->get<std::string>()));
  TRY_VOID(check_told(told, "statement", to_hex(statement_id(parsed.text))));
  const std::filesystem::path file = copy.empty() ? text_of(told, "id") : copy.string();
  StatementReview review = TRY(review_note(file, std::move(parsed), charter));
  return TrayAnswer{std::move(told), std::move(review)};
}

// That the answer is of this text.
Result<void> check_text(const TrayAnswer& answer, BytesView text) {
  if (answer.review.note.text == text) return {};
  return evidence_mismatch(
      "the registry answered with another text than the one that was sent: do not sign what it "
      "shows");
}

// That the line is there as it was sent.
Result<void> check_line(const TrayAnswer& answer, const Note& sent, const NoteVerifier& key) {
  const NoteSignature* const line = line_of(sent, key);
  const NoteSignature* const told = line_of(answer.review.note, key);
  if (line != nullptr && told != nullptr && line->signature == told->signature) return {};
  return evidence_mismatch("the registry answered without the signature of " + key.name());
}

}  // namespace

Result<void> check_tray_id(const std::string& id) {
  const bool is_id = id.starts_with(id_prefix) && id.size() > id_prefix.size() &&
                     id.size() <= id_size_max &&
                     id.find_first_not_of("0123456789abcdef", id_prefix.size()) == id.npos;
  if (is_id) return {};
  return malformed("tray-id-malformed",
                   "a statement of the tray is named by an id such as tray_3fa9…: cpl tray list");
}

Result<std::vector<Json>> tray_rows(const HttpClient& client) {
  return rows_of(TRY(client.get_json(tray_path)), "statements");
}

Result<TrayAnswer> tray_statement(const HttpClient& client, const std::string& id,
                                  const std::filesystem::path& copy,
                                  const CharterInForce& charter) {
  TRY_VOID(check_tray_id(id));
  Json told = TRY(client.get_json(tray_path + "/" + id));
  TRY_VOID(check_told(told, "id", id));
  return read_answer(std::move(told), copy, charter);
}

Result<TrayAnswer> put_into_tray(const HttpClient& client, const StatementReview& review,
                                 bool submits, const CharterInForce& charter) {
  const std::string path = tray_path + (submits ? "?submits=true" : "");
  const HttpAnswer sent = TRY(client.post(path, format_note(review.note), note_type));
  TrayAnswer answer = TRY(read_answer(TRY(json_of(sent)), review.file, charter));
  TRY_VOID(check_tray_id(text_of(answer.told, "id")));
  TRY_VOID(check_text(answer, review.note.text));
  // Where it was there before, who put it there said whether it is submitted.
  if (sent.status == 201) TRY_VOID(check_told(answer.told, "submits", submits));
  return answer;
}

Result<TrayAnswer> sign_in_tray(const HttpClient& client, const std::string& id,
                                const StatementReview& review,
                                const std::vector<NoteVerifier>& keys,
                                const CharterInForce& charter) {
  TRY_VOID(check_tray_id(id));
  const HttpAnswer sent =
      TRY(client.post(tray_path + "/" + id + "/signatures", format_note(review.note), note_type));
  TrayAnswer answer = TRY(read_answer(TRY(json_of(sent)), review.file, charter));
  TRY_VOID(check_told(answer.told, "id", id));
  TRY_VOID(check_text(answer, review.note.text));
  for (const NoteVerifier& key : keys) TRY_VOID(check_line(answer, review.note, key));
  return answer;
}

Result<void> withdraw_from_tray(const HttpClient& client, const std::string& id) {
  TRY_VOID(check_tray_id(id));
  TRY(client.del(tray_path + "/" + id));
  return {};
}

}  // namespace cpl
