// What the owner of a mailbox may do who has no token of the Party: stop the mail, with one click.
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/run/notifier.hpp"
#include "registry/log/log_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t mac_octets = 16;

Error unknown_mailbox() {
  return Error{Errc::not_found, "token-unknown", "this link unsubscribes no mailbox here"};
}

}  // namespace

std::string unsubscribe_token(BytesView master_key, const std::string& subscription,
                              std::string_view url) {
  Bytes labelled = "cpl/unsubscribe";
  labelled += '\0';
  labelled += subscription;
  labelled += '\0';
  labelled += url;
  const Hash mac = hmac_sha256(master_key, labelled);
  return subscription + "." + to_base64url(mac.view().substr(0, mac_octets));
}

Result<void> Notifier::unsubscribe_mailbox(std::string_view token) {
  const std::string id(token.substr(0, token.find('.')));
  const Lock lock(mutex_);
  const auto key = key_of(id);
  const auto found = key ? rows_.find(*key) : rows_.end();
  // Of a subscription that is not there, too, the token is compared with one.
  const std::string url = found == rows_.end() ? "" : found->second.subscription.url;
  const bool fits = equal_in_constant_time(unsubscribe_token(master_key_, id, url), token);
  if (!fits || found == rows_.end()) return unknown_mailbox();
  Row changed = found->second;
  Subscription& subscription = changed.subscription;
  if (subscription.state == SubscriptionState::retired ||
      subscription.state == SubscriptionState::paused) {
    return {};
  }
  set_state(subscription, SubscriptionState::paused, clock_.now());
  subscription.last_failure = "the mailbox was unsubscribed with one click";
  WriteBatch batch;
  batch.put(store_keys::subscription(id), encode(subscription));
  notify_siblings(*found, NewsKind::unsubscribed, batch);
  TRY_VOID(store_.commit(batch, Durability::synced));
  found->second = std::move(changed);
  wake();
  return {};
}

}  // namespace cpl
