// Parties with a webhook each, and the registry that tells them: the notifier, the transport and
// the store as the service has them. Each Party's receiver has a host name of its own, as strangers
// have, so that the transport's limits are those of its defaults; all names lead to the loopback.
#pragma once

#include "tools/bench/bench.hpp"
#include "tools/bench/receiver.hpp"

namespace cpl::bench {

inline constexpr std::chrono::milliseconds patience{60'000};

class Parties {
 public:
  // Over a log of its own in a folder of that name; `models` are there to be added.
  static Result<std::unique_ptr<Parties>> open(Bench& bench, const std::string& name,
                                               std::size_t count, std::size_t models);

  // The service; what is measured is between these. Subscriptions outlive it.
  Result<void> start();
  void stop() { registry_.reset(); }
  // Appends, while the service is stopped.
  Result<void> append(const std::vector<Bytes>& notes);
  Result<void> append_additions(std::size_t count);  // The next ones.
  // Everybody to all that comes next; returns when every receiver has consented.
  Result<void> subscribe();
  // Moves all cursors back.
  Result<void> replay(EntryIndex from);
  // Signed, and not yet sent to the service.
  Bytes next_addition();

  std::size_t count() const { return count_; }
  // Of the last Party's subscription.
  WebhookKeys last_keys() const;
  const Certificate& certificate() const { return certificate_; }
  Receiver& receiver() { return *receiver_; }
  RunningRegistry& registry() { return *registry_; }
  const std::vector<DeviceModel>& models() const { return models_; }

 private:
  Parties(Bench& bench, const std::string& name, std::size_t count);

  Bench& bench_;
  const std::filesystem::path folder_;
  const std::size_t count_;
  const Certificate certificate_;
  std::unique_ptr<Receiver> receiver_;
  std::unique_ptr<RunningRegistry> registry_;
  std::vector<DeviceModel> models_;  // That there are to add.
  std::size_t next_ = 0;             // The first of them that was not added.
  std::vector<std::string> ids_;     // Of the subscriptions, by Party.
};

}  // namespace cpl::bench
