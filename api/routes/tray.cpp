// The tray: half-signed statements, seen by the holders of the role whose signatures they need.
// Whoever holds another role is answered as if there were nothing.
#include "api/routes/tray.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/not_ready.hpp"
#include "api/routes/views.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

Error not_a_holder(Role role) {
  return Error{Errc::unauthorized, "tray-role-not-held",
               "this account does not hold the role of the " + to_string(role) +
                   ", whose keys sign this: ask the registry's operator"};
}

Result<bool> wants_submitting(const HttpRequest& request) {
  const std::string_view wanted = request.parameter("submits").value_or("false");
  if (wanted == "true" || wanted == "false") return wanted == "true";
  return malformed("parameter-malformed", "submits must be true or false");
}

Json signers_json(const std::vector<TraySigners>& groups) {
  Json list = Json::array();
  for (const TraySigners& one : groups) {
    list.push_back({{"whose", one.whose},
                    {"signatures", one.needed},
                    {"signed_by", one.signed_by},
                    {"can_sign", one.can_sign}});
  }
  return list;
}

// For the journal: which, and nothing of what it says.
Bytes about(const TrayStatement& statement, const TrayNote& note) {
  return Json{{"tray", statement.id}, {"statement", to_hex(note.id)}}.dump();
}

}  // namespace

Result<TrayBook*> TrayRoutes::book_here() const {
  if (parts_.book != nullptr) return parts_.book.get();
  return Error{Errc::unavailable, "tray-unavailable", "this service keeps no tray"};
}

std::set<Role> TrayRoutes::roles_of(const PartyId& account) const {
  std::set<Role> roles;
  if (account.audience == Audience::service_desk) roles.insert(Role::service_desk);
  for (const TrayHolder& holder : parts_.holders) {
    if (holder.account == account.name) roles.insert(holder.role);
  }
  return roles;
}

Result<Json> TrayRoutes::row(const TrayStatement& statement, const LogView& log,
                             const PartyId& account) const {
  const auto charter = log.charter();
  if (charter == nullptr) return refuse("charter-missing", "there is no charter yet", 2);
  const TrayNote note = TRY(recount_tray_note(statement.note, *charter));
  Json json = {{"id", statement.id},
               {"statement", to_hex(note.id)},
               {"type", note.statement.type()},
               {"summary", summary_of(note.statement)},
               {"role", word_of(statement.role)},
               {"put_by", statement.put_by},
               {"put", format_time(statement.put)},
               {"kept_until", format_time(parts_.book->end_of(statement))},
               {"submits", statement.submits},
               {"yours", statement.put_by == account.name},
               {"signers", signers_json(note.signers)},
               {"state", note.is_complete() ? "complete" : "waiting"}};
  if (const auto entry = TRY(log.find_statement(note.id))) {
    json["state"] = "entered";
    json["entry"] = entry->value;
  } else if (statement.refused) {
    json["refused"] = {{"code", statement.refused->code}, {"detail", statement.refused->detail}};
  }
  return json;
}

Result<Json> TrayRoutes::whole(const TrayStatement& statement, const LogView& log,
                               const PartyId& account) const {
  Json json = TRY(row(statement, log, account));
  json["note"] = statement.note;
  return json;
}

// A statement of this log, signed by somebody who counts, that is not in the log yet.
Result<TrayNote> TrayRoutes::receive(const Call& call) const {
  const auto charter = call.log.charter();
  if (charter == nullptr) return refuse("charter-missing", "there is no charter yet", 2);
  TrayNote note = TRY(receive_tray_note(call.request.body, *charter));
  if (note.statement.origin != parts_.origin) {
    return refuse("origin-mismatch", "the statement is for " + note.statement.origin +
                                         ", and this is the tray of " + parts_.origin);
  }
  if (const auto entry = TRY(call.log.find_statement(note.id))) {
    return refuse("tray-entered", "the statement is in the log: entry " +
                                      std::to_string(entry->value) + ". Nothing is missing");
  }
  return note;
}

Result<HttpResponse> TrayRoutes::list(const Call& call) const {
  const TrayBook& book = *TRY(book_here());
  Json rows = Json::array();
  for (const TrayStatement& statement : book.list(roles_of(*call.party))) {
    rows.push_back(TRY(row(statement, call.log, *call.party)));
  }
  return json_response(200, {{"statements", std::move(rows)}});
}

Result<HttpResponse> TrayRoutes::get(const Call& call) const {
  const TrayBook& book = *TRY(book_here());
  const TrayStatement found = TRY(book.find(call.segment(), roles_of(*call.party)));
  return json_response(200, TRY(whole(found, call.log, *call.party)));
}

Result<HttpResponse> TrayRoutes::put(const Call& call) {
  const bool submits = TRY(wants_submitting(call.request));
  TrayBook& book = *TRY(book_here());
  return parts_.journal.recorded_of(
      *call.party, call.request, [&](Bytes& told) -> Result<HttpResponse> {
        const TrayNote note = TRY(receive(call));
        if (!roles_of(*call.party).contains(note.role)) return not_a_holder(note.role);
        const auto [statement, is_new] = TRY(book.put(note, call.party->name, submits));
        told = about(statement, note);
        if (is_new) tell_holders(statement.role, *call.party);
        submit_if_complete(statement);
        HttpResponse response =
            json_response(is_new ? 201 : 200, TRY(whole(statement, call.log, *call.party)));
        response.headers.emplace_back("Location", "/v1/tray/" + statement.id);
        return response;
      });
}

Result<HttpResponse> TrayRoutes::sign(const Call& call) {
  TrayBook& book = *TRY(book_here());
  const std::set<Role> roles = roles_of(*call.party);
  // Before anything of it is looked at: whoever may not see it pays nothing and learns nothing.
  TRY(book.find(call.segment(), roles));
  return parts_.journal.recorded_of(
      *call.party, call.request, [&](Bytes& told) -> Result<HttpResponse> {
        const TrayNote note = TRY(receive(call));
        const TrayStatement statement = TRY(book.sign(call.segment(), roles, note));
        told = about(statement, note);
        submit_if_complete(statement);
        return json_response(200, TRY(whole(statement, call.log, *call.party)));
      });
}

Result<HttpResponse> TrayRoutes::withdraw(const Call& call) {
  TrayBook& book = *TRY(book_here());
  const std::set<Role> roles = roles_of(*call.party);
  TRY(book.find(call.segment(), roles));
  return parts_.journal.recorded_of(
      *call.party, call.request, [&](Bytes& told) -> Result<HttpResponse> {
        const TrayStatement gone = TRY(book.withdraw(call.segment(), roles, call.party->name));
        told = Json{{"tray", gone.id}}.dump();
        HttpResponse response;
        response.status = 204;
        return response;
      });
}

// Its answer does not wait for that: what became of it, the tray says.
void TrayRoutes::submit_if_complete(const TrayStatement& statement) {
  if (!statement.submits) return;
  const auto view = parts_.log.view();
  if (view->charter() == nullptr) return;
  const auto note = recount_tray_note(statement.note, *view->charter());
  if (!note || !note->is_complete()) return;
  const auto refused = [book = parts_.book, id = statement.id](const Error& error) {
    static_cast<void>(book->note_refusal(id, error));
  };
  if (const auto not_ready = public_refusal(parts_.log)) return refused(*not_ready);
  auto opened = open_statement(format_note(note->note), view->charter());
  if (!opened) return refused(opened.error());
  parts_.statements.enter(*std::move(opened), [refused](const Result<Accepted>& accepted) {
    if (!accepted) refused(accepted.error());
  });
}

void TrayRoutes::submit_complete() {
  if (parts_.book == nullptr) return;
  for (const TrayStatement& statement :
       parts_.book->list({Role::panel, Role::registrar, Role::service_desk})) {
    submit_if_complete(statement);
  }
}

void TrayRoutes::tell_holders(Role role, const PartyId& put_by) {
  if (parts_.mail == nullptr) return;
  for (const TrayHolder& holder : parts_.holders) {
    if (holder.role != role || holder.account == put_by.name || !holder.mail) continue;
    {
      const Lock lock(mutex_);
      const UnixMillis now = parts_.clock.now();
      if (mails_.full_until(holder.mail->text(), now)) continue;
      mails_.note(holder.mail->text(), now);
    }
    const Audience audience =
        role == Role::service_desk ? Audience::service_desk : Audience::parties;
    parts_.mail->tell_waiting(
        *holder.mail, holder.account, audience,
        [tell = parts_.tell_fault, to = holder.mail->text()](const Result<Delivered>& outcome) {
          if (outcome && outcome->status / 100 == 2) return;
          if (tell) tell("nobody at " + to + " could be told of the tray");
        });
  }
}

}  // namespace cpl
