#include "api/tray/tray_book.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/log/log_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t id_size_max = 64;
constexpr std::size_t base64_size_max = 2 * statement_size_max;
constexpr std::size_t account_size_max = 64;
constexpr std::size_t refusal_size_max = 4096;
constexpr std::string_view id_prefix = "tray_";
constexpr std::size_t id_octets = 16;

Error no_statement() {
  return Error{
      Errc::not_found, "tray-statement-not-found",
      "there is no such statement in the tray that you may see: it was entered, withdrawn, "
      "or its time is over; cpl tray list shows what there is"};
}

std::string new_id() { return std::string(id_prefix) + to_hex(random_bytes(id_octets)); }

BytesView text_of(const TrayStatement& statement) {
  return BytesView(statement.note).substr(0, statement.note.find("\n\n") + 1);
}

}  // namespace

Bytes encode(const TrayStatement& statement) {
  Json json = {{"id", statement.id},           {"role", word_of(statement.role)},
               {"put_by", statement.put_by},   {"put", statement.put.value},
               {"submits", statement.submits}, {"note", to_base64(statement.note)}};
  if (statement.refused) {
    json["refused"] = {{"code", statement.refused->code}, {"detail", statement.refused->detail}};
  }
  return canonical_json(json);
}

Result<TrayStatement> decode_tray_statement(BytesView value) {
  const auto json = parse_json(value);
  if (!json) return corrupt("a stored statement of the tray is no JSON: " + json.error().detail);
  FieldErrors errors;
  FieldReader reader(*json, "#", errors);
  TrayStatement statement;
  statement.id = reader.text("id", id_size_max);
  statement.role = reader.word<Role>("role");
  statement.put_by = reader.text("put_by", account_size_max);
  statement.put = UnixMillis{reader.integer("put", 0, json_integer_max)};
  statement.submits = reader.boolean("submits");
  if (auto note = from_base64(reader.text("note", base64_size_max))) {
    statement.note = *std::move(note);
  } else {
    reader.fail("note", "must be base64");
  }
  if (reader.has("refused")) {
    FieldReader refused(reader.object("refused"), "#/refused", errors);
    statement.refused = TrayRefusal{refused.text("code", account_size_max),
                                    refused.text("detail", refusal_size_max, "\n")};
    refused.done();
  }
  reader.done();
  if (!errors.empty())
    return corrupt("a stored statement of the tray is wrong: " + describe(errors));
  if (!parse_note(statement.note))
    return corrupt("a stored statement of the tray is no signed note");
  return statement;
}

Result<std::unique_ptr<TrayBook>> TrayBook::open(Store& store, const Clock& clock, Limits limits) {
  std::unique_ptr<TrayBook> book(new TrayBook(store, clock, limits));
  const Lock lock(book->mutex_);
  TRY_VOID(book->read_back());
  return book;
}

Result<void> TrayBook::read_back() {
  Rows found;
  for (const KeyValue& row : TRY(scan_all(store_, keyspace::Kind::tray))) {
    TrayStatement statement = TRY(decode_tray_statement(row.value));
    if (row.key != store_keys::tray(statement.id)) {
      return corrupt("a stored statement of the tray has another's id, " + statement.id);
    }
    std::string id = statement.id;
    found.emplace(std::move(id), std::move(statement));
  }
  rows_ = std::move(found);
  unsure_ = false;
  return {};
}

UnixMillis TrayBook::end_of(const TrayStatement& statement) const {
  const auto kept = std::chrono::duration_cast<std::chrono::milliseconds>(limits_.kept).count();
  return UnixMillis{statement.put.value + static_cast<std::uint64_t>(kept)};
}

bool TrayBook::is_over(const TrayStatement& statement) const {
  return end_of(statement) <= clock_.now();
}

// With it goes what is over. Where the outcome of a write is not known, the store knows.
Result<void> TrayBook::write(WriteBatch batch) {
  std::vector<std::string> over;
  for (const auto& [id, statement] : rows_) {
    if (!is_over(statement)) continue;
    over.push_back(id);
    batch.deletes.push_back(store_keys::tray(id));
  }
  auto written = store_.commit(batch, Durability::synced);
  if (written) {
    for (const std::string& id : over) rows_.erase(id);
  } else if (written.error().errc == Errc::indeterminate) {
    unsure_ = !read_back();
  }
  return written;
}

Result<void> TrayBook::keep(TrayStatement statement) {
  WriteBatch batch;
  batch.put(store_keys::tray(statement.id), encode(statement));
  TRY_VOID(write(std::move(batch)));
  std::string id = statement.id;
  rows_.insert_or_assign(std::move(id), std::move(statement));
  return {};
}

Result<const TrayStatement*> TrayBook::seen(const std::string& id,
                                            const std::set<Role>& roles) const {
  const auto found = rows_.find(id);
  if (found == rows_.end() || !roles.contains(found->second.role) || is_over(found->second)) {
    return no_statement();
  }
  return &found->second;
}

const TrayStatement* TrayBook::with_text(Role role, BytesView text) const {
  for (const auto& [id, statement] : rows_) {
    if (statement.role == role && !is_over(statement) && text_of(statement) == text) {
      return &statement;
    }
  }
  return nullptr;
}

Result<void> TrayBook::check_room(Role role, std::size_t octets, bool is_new) const {
  std::size_t statements = is_new ? 1 : 0;
  for (const auto& [id, statement] : rows_) {
    if (statement.role != role || is_over(statement)) continue;
    ++statements;
    octets += statement.note.size();
  }
  if (statements <= limits_.statements && octets <= limits_.octets) return {};
  return Error{
      Errc::overloaded, "tray-full",
      "the tray of the " + to_string(role) + " is full: " + counted(statements - 1, "statement") +
          " wait in it. Withdraw what is not needed any more, or pass the file on by hand"};
}

Result<TrayBook::Put> TrayBook::put(const TrayNote& note, const std::string& account,
                                    bool submits) {
  const Lock lock(mutex_);
  if (unsure_) TRY_VOID(read_back());
  if (const TrayStatement* here = with_text(note.role, note.note.text)) {
    TrayStatement changed = *here;
    changed.note = format_note(TRY(merged_note(TRY(parse_note(here->note)), note.note)));
    TRY_VOID(check_room(note.role, changed.note.size() - here->note.size(), false));
    TRY_VOID(keep(changed));
    return Put{std::move(changed), false};
  }
  TrayStatement made{new_id(), note.role, account, clock_.now(), submits, format_note(note.note)};
  TRY_VOID(check_room(made.role, made.note.size(), true));
  TRY_VOID(keep(made));
  return Put{std::move(made), true};
}

Result<TrayStatement> TrayBook::sign(const std::string& id, const std::set<Role>& roles,
                                     const TrayNote& more) {
  const Lock lock(mutex_);
  if (unsure_) TRY_VOID(read_back());
  TrayStatement changed = *TRY(seen(id, roles));
  const Note kept = TRY(parse_note(changed.note));
  if (kept.text != more.note.text) {
    return Error{Errc::conflict, "tray-text-differs",
                 "these signatures are under another text than the statement in the tray: nothing "
                 "was added"};
  }
  const std::size_t before = changed.note.size();
  changed.note = format_note(TRY(merged_note(kept, more.note)));
  changed.refused.reset();
  TRY_VOID(check_room(changed.role, changed.note.size() - before, false));
  TRY_VOID(keep(changed));
  return changed;
}

Result<TrayStatement> TrayBook::withdraw(const std::string& id, const std::set<Role>& roles,
                                         const std::string& account) {
  const Lock lock(mutex_);
  if (unsure_) TRY_VOID(read_back());
  TrayStatement gone = *TRY(seen(id, roles));
  if (gone.put_by != account) {
    return Error{Errc::unauthorized, "tray-not-yours",
                 "only " + gone.put_by + ", who put the statement into the tray, withdraws it"};
  }
  WriteBatch batch;
  batch.deletes.push_back(store_keys::tray(id));
  TRY_VOID(write(std::move(batch)));
  rows_.erase(id);
  return gone;
}

Result<void> TrayBook::note_refusal(const std::string& id, const Error& error) {
  const Lock lock(mutex_);
  if (unsure_) TRY_VOID(read_back());
  const auto found = rows_.find(id);
  if (found == rows_.end()) return {};
  TrayStatement changed = found->second;
  changed.refused = TrayRefusal{error.code, error.detail.substr(0, refusal_size_max)};
  return keep(std::move(changed));
}

Result<TrayStatement> TrayBook::find(const std::string& id, const std::set<Role>& roles) const {
  const Lock lock(mutex_);
  return *TRY(seen(id, roles));
}

std::vector<TrayStatement> TrayBook::list(const std::set<Role>& roles) const {
  std::vector<TrayStatement> found;
  const Lock lock(mutex_);
  for (const auto& [id, statement] : rows_) {
    if (roles.contains(statement.role) && !is_over(statement)) found.push_back(statement);
  }
  std::sort(found.begin(), found.end(), [](const TrayStatement& a, const TrayStatement& b) {
    return std::pair(a.put, a.id) < std::pair(b.put, b.id);
  });
  return found;
}

}  // namespace cpl
