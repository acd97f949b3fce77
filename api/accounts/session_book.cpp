#include "api/accounts/session_book.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::size_t session_secret_octets = 32;
constexpr std::size_t session_id_octets = 8;

Error session_token_unknown() {
  return Error{Errc::unauthorized, "credentials-unknown",
               "No Party here has this token. It may be incomplete, or was revoked: paste it again "
               "whole, or ask the registry's operator for another."};
}

// The clock may have been set back in between.
bool is_over(UnixMillis since, UnixMillis now, std::chrono::milliseconds limit) {
  return now > since && now.value - since.value >= static_cast<std::uint64_t>(limit.count());
}

}  // namespace

Result<std::string> SessionBook::begin(const Hash& token) {
  const auto party = parties_ ? parties_->authenticate(token) : std::nullopt;
  if (!party) return session_token_unknown();
  const UnixMillis now = clock_.now();
  const Lock lock(mutex_);
  drop_old(now);
  make_room_for(party->name);
  if (rows_.size() >= limits_.all) {
    return Error{Errc::overloaded, "sessions-full",
                 "As many people are signed in as there is room for: try again in some minutes."};
  }
  std::string secret = to_hex(random_bytes(session_secret_octets));
  Session session{"ses_" + to_hex(random_bytes(session_id_octets)), *party, now, now};
  rows_.emplace(sha256(secret), Row{std::move(session), token});
  return secret;
}

std::optional<Session> SessionBook::use(std::string_view secret) {
  const UnixMillis now = clock_.now();
  const Lock lock(mutex_);
  const auto found = rows_.find(sha256(secret));
  if (found == rows_.end()) return std::nullopt;
  if (is_too_old(found->second, now) || !parties_->authenticate(found->second.token)) {
    rows_.erase(found);
    return std::nullopt;
  }
  Session& session = found->second.session;
  session.used = std::max(session.used, now);
  return session;
}

std::vector<Session> SessionBook::of_party(std::string_view party) {
  const Lock lock(mutex_);
  drop_old(clock_.now());
  std::vector<Session> found;
  for (const auto& [hash, row] : rows_) {
    const bool is_of_party = row.session.party.name == party;
    if (is_of_party && parties_->authenticate(row.token)) found.push_back(row.session);
  }
  std::sort(found.begin(), found.end(), [](const Session& a, const Session& b) {
    return std::tie(a.began, a.id) < std::tie(b.began, b.id);
  });
  return found;
}

void SessionBook::end(std::string_view secret) {
  const Lock lock(mutex_);
  rows_.erase(sha256(secret));
}

Result<void> SessionBook::end_of(std::string_view party, std::string_view id) {
  const Lock lock(mutex_);
  const auto is_it = [&](const Rows::value_type& row) {
    return row.second.session.party.name == party && row.second.session.id == id;
  };
  if (std::erase_if(rows_, is_it) > 0) return {};
  return Error{Errc::not_found, "session-not-found",
               "There is no such session. It may have ended already."};
}

bool SessionBook::is_too_old(const Row& row, UnixMillis now) const {
  return is_over(row.session.used, now, limits_.idle) ||
         is_over(row.session.began, now, limits_.life);
}

// Whether tokens still hold takes too long to ask for everybody.
void SessionBook::drop_old(UnixMillis now) {
  std::erase_if(rows_, [&](const Rows::value_type& row) { return is_too_old(row.second, now); });
}

void SessionBook::make_room_for(std::string_view party) {
  auto longest = rows_.end();
  std::size_t count = 0;
  for (auto at = rows_.begin(); at != rows_.end(); ++at) {
    const Session& session = at->second.session;
    if (session.party.name != party) continue;
    ++count;
    if (longest == rows_.end() || session.used < longest->second.session.used) longest = at;
  }
  if (count >= limits_.of_one) rows_.erase(longest);
}

}  // namespace cpl
