#include "api/accounts/party_book.hpp"

#include <limits>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/plain_text.hpp"
#include "registry/log/log_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t token_size = 32;
constexpr std::size_t token_id_size = 6;

Error no_party(std::string_view name) {
  return Error{Errc::not_found, "party-not-found",
               "there is no Party \"" + std::string(name) + "\"; cpl party list shows them"};
}

Result<void> check_label(const std::string& label) {
  if (!label.empty() && label.size() <= label_size_max && is_plain_text(label)) return {};
  return malformed("party-label-malformed",
                   "a token's label is a printable text of 1 to 100 octets");
}

bool in_use(const PartyToken& token) { return !token.revoked; }

}  // namespace

Result<std::unique_ptr<PartyBook>> PartyBook::open(Store& store, const Clock& clock,
                                                   Limits limits) {
  std::unique_ptr<PartyBook> book(new PartyBook(store, clock, limits));
  const Lock lock(book->mutex_);
  for (const KeyValue& row : TRY(scan_all(store, keyspace::Kind::party))) {
    Party party = TRY(decode_party(row.value));
    const std::string name = party.name;
    book->parties_.emplace(name, std::move(party));
  }
  return book;
}

std::optional<PartyId> PartyBook::authenticate(const Hash& token) const {
  const SharedLock lock(mutex_);
  return find_token(token, false);
}

std::optional<PartyId> PartyBook::authenticate_certificate(std::string_view subject) const {
  const SharedLock lock(mutex_);
  return find_token(sha256(subject), true);
}

std::optional<PartyId> PartyBook::find_token(const Hash& sha256, bool of_certificate) const {
  std::optional<PartyId> found;
  for (const auto& [name, party] : parties_) {
    for (const PartyToken& own : party.tokens) {
      const bool equal = equal_in_constant_time(own.sha256.view(), sha256.view());
      const bool same_kind = own.certificate.has_value() == of_certificate;
      if (equal && same_kind && in_use(own)) found = PartyId{name, party.audience};
    }
  }
  return found;
}

std::vector<Party> PartyBook::list() const {
  const SharedLock lock(mutex_);
  std::vector<Party> all;
  for (const auto& [name, party] : parties_) all.push_back(party);
  return all;
}

Result<Party> PartyBook::find(std::string_view name) const {
  const SharedLock lock(mutex_);
  return stored(name);
}

Result<Party> PartyBook::stored(std::string_view name) const {
  const auto found = parties_.find(name);
  if (found == parties_.end()) return no_party(name);
  return found->second;
}

PartyToken PartyBook::make_token(const std::string& label, const Hash& sha256) const {
  PartyToken token;
  token.id = "tok_" + to_hex(random_bytes(token_id_size));
  token.label = label;
  token.sha256 = sha256;
  token.created = clock_.now();
  return token;
}

NewToken PartyBook::new_token(const std::string& label) const {
  std::string secret = to_base64url(random_bytes(token_size));
  return {make_token(label, sha256(secret)), std::move(secret)};
}

// On disk before it counts, with what else is in the batch: what was
// revoked stays revoked.
Result<void> PartyBook::keep(Party party, WriteBatch batch) {
  batch.put(store_keys::party(party.name), encode(party));
  TRY_VOID(store_.commit(batch, Durability::synced));
  const std::string name = party.name;
  parties_.insert_or_assign(name, std::move(party));
  return {};
}

Result<void> PartyBook::check_room_for(const std::string& name) const {
  if (!is_party_name(name)) {
    return malformed("party-name-malformed",
                     "a Party's name is 1 to 64 lower-case letters, digits, '-' and '.'");
  }
  if (parties_.contains(name)) {
    return refuse("party-exists",
                  "there is a Party \"" + name + "\" already; cpl party token gives it one more");
  }
  if (parties_.size() < limits_.parties) return {};
  return refuse("parties-full", "there is no room for another Party");
}

Result<Party> PartyBook::enter(const std::string& name, Audience audience, PartyDetails details,
                               const ExtraWrites<Party>& extra_writes) {
  const Lock lock(mutex_);
  TRY_VOID(check_room_for(name));
  Party party{name, audience, clock_.now(), {}, std::move(details), {}};
  WriteBatch batch;
  if (extra_writes) extra_writes(party, batch);
  TRY_VOID(keep(party, std::move(batch)));
  return party;
}

Result<Party> PartyBook::describe(const std::string& name, PartyDetails details) {
  const Lock lock(mutex_);
  Party party = TRY(stored(name));
  party.details = std::move(details);
  TRY_VOID(keep(party, {}));
  return party;
}

Result<Party> PartyBook::remove(const std::string& name) {
  const Lock lock(mutex_);
  Party party = TRY(stored(name));
  const UnixMillis now = clock_.now();
  if (!party.removed) party.removed = now;  // Once more changes nothing: the first time counts.
  for (PartyToken& token : party.tokens) {
    if (in_use(token)) token.revoked = now;
  }
  TRY_VOID(keep(party, {}));
  return party;
}

Result<NewToken> PartyBook::add(const std::string& name, Audience audience,
                                const std::string& label,
                                const ExtraWrites<NewToken>& extra_writes) {
  TRY_VOID(check_label(label));
  const Lock lock(mutex_);
  TRY_VOID(check_room_for(name));
  const NewToken made = new_token(label);
  WriteBatch batch;
  if (extra_writes) extra_writes(made, batch);
  TRY_VOID(keep({name, audience, clock_.now(), {made.token}, {}, {}}, std::move(batch)));
  return made;
}

Result<NewToken> PartyBook::add_token(const std::string& name, const std::string& label,
                                      const ExtraWrites<NewToken>& extra_writes) {
  TRY_VOID(check_label(label));
  const NewToken made = new_token(label);
  const Lock lock(mutex_);
  WriteBatch batch;
  if (extra_writes) extra_writes(made, batch);
  TRY_VOID(add_to(name, made.token, std::move(batch)));
  return made;
}

Result<PartyToken> PartyBook::add_certificate(const std::string& name, const std::string& label,
                                              const std::string& subject,
                                              const ExtraWrites<PartyToken>& extra_writes) {
  TRY_VOID(check_label(label));
  if (!is_certificate_subject(subject)) {
    return malformed("party-certificate-malformed",
                     "a certificate's subject is written like CN=example,O=Example Ltd,C=GB");
  }
  PartyToken token = make_token(label, sha256(subject));
  token.certificate = subject;
  const Lock lock(mutex_);
  if (const auto other = find_token(token.sha256, true)) {
    return refuse("party-certificate-taken",
                  "certificates of " + subject + " speak for \"" + other->name + "\" already");
  }
  WriteBatch batch;
  if (extra_writes) extra_writes(token, batch);
  TRY_VOID(add_to(name, token, std::move(batch)));
  return token;
}

Result<void> PartyBook::add_to(const std::string& name, PartyToken token, WriteBatch batch) {
  Party party = TRY(stored(name));
  if (party.removed) {
    return refuse("party-removed", "the Party \"" + name + "\" was removed: it gets no token");
  }
  const auto used = std::count_if(party.tokens.begin(), party.tokens.end(), in_use);
  if (static_cast<std::size_t>(used) >= limits_.tokens_in_use) {
    return refuse("party-tokens-full", "the Party has " + std::to_string(used) +
                                           " tokens and certificates in use: revoke one first");
  }
  if (party.tokens.size() >= limits_.tokens_kept) {
    const auto longest = std::min_element(
        party.tokens.begin(), party.tokens.end(), [](const PartyToken& a, const PartyToken& b) {
          return a.revoked.value_or(UnixMillis{~std::uint64_t{0}}) <
                 b.revoked.value_or(UnixMillis{~std::uint64_t{0}});
        });
    party.tokens.erase(longest);
  }
  party.tokens.push_back(std::move(token));
  return keep(std::move(party), std::move(batch));
}

Result<Party> PartyBook::revoke(const std::string& name, std::string_view token) {
  const Lock lock(mutex_);
  Party party = TRY(stored(name));
  const auto found = std::find_if(party.tokens.begin(), party.tokens.end(),
                                  [&](const PartyToken& own) { return own.id == token; });
  if (found == party.tokens.end()) {
    return Error{Errc::not_found, "party-token-not-found",
                 "the Party \"" + name + "\" has no token " + std::string(token)};
  }
  if (in_use(*found)) {  // Once more changes nothing: the first time counts.
    found->revoked = clock_.now();
    TRY_VOID(keep(party, {}));
  }
  return party;
}

}  // namespace cpl
