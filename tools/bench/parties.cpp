#include "tools/bench/parties.hpp"

#include <poll.h>

#include "tools/shared/sample.hpp"

namespace cpl::bench {
namespace {

constexpr std::uint64_t parties_seed = 17;

std::string name_of(std::size_t party) { return "party-" + std::to_string(party); }

HttpTransportOptions sending_to(const Certificate& certificate) {
  HttpTransportOptions options;
  options.rules.lab_mode = true;  // The loopback, at any port.
  options.tls.ca_file = certificate.certificate_file;
  options.resolve = [](const std::string&) -> Result<std::vector<IpAddress>> {
    return std::vector<IpAddress>{*parse_ip_address("127.0.0.1")};
  };
  options.stop_grace = std::chrono::milliseconds(0);  // Some never answer.
  return options;
}

}  // namespace

Parties::Parties(Bench& bench, const std::string& name, std::size_t count)
    : bench_(bench),
      folder_(bench.folder / name),
      count_(count),
      certificate_(make_certificate(folder_ / "receiver", Receiver::domain)),
      receiver_(std::make_unique<Receiver>(certificate_, count)) {}

Result<std::unique_ptr<Parties>> Parties::open(Bench& bench, const std::string& name,
                                               std::size_t count, std::size_t models) {
  std::unique_ptr<Parties> made(new Parties(bench, name, count));
  SampleList list(models, parties_seed, Date::of(SystemClock().now()));
  while (made->models_.size() < models) made->models_.push_back(*list.next());
  const auto open = TRY(open_log(made->folder_, bench.people));
  TRY_VOID(bench::append(*open->log, {sign(bench.people.charter(), bench.people.panel)}, 1));
  return made;
}

Result<void> Parties::start() {
  registry_ = TRY(RunningRegistry::start(folder_, bench_.people, bench_.options.threads,
                                         sending_to(certificate_)));
  return {};
}

Result<void> Parties::append(const std::vector<Bytes>& notes) {
  check(registry_ == nullptr);
  const auto open = TRY(open_log(folder_, bench_.people));
  return bench::append(*open->log, notes, bench_.options.threads);
}

Result<void> Parties::append_additions(std::size_t count) {
  check(next_ + count <= models_.size());
  const auto begin = models_.begin() + static_cast<std::ptrdiff_t>(next_);
  const std::vector<DeviceModel> models(begin, begin + static_cast<std::ptrdiff_t>(count));
  next_ += count;
  return append(sign_additions(models, bench_.people, bench_.options.threads));
}

Bytes Parties::next_addition() {
  check(next_ < models_.size());
  return sign_additions({models_[next_++]}, bench_.people, 1).front();
}

Result<void> Parties::subscribe() {
  Notifier& notifier = registry_->notifier();
  const EntryIndex from{registry_->view()->size().value};
  for (std::size_t i = 0; i < count_; ++i) {
    const SubscriptionRequest wish{receiver_->url_of(i), {}};
    ids_.push_back(TRY(notifier.subscribe(name_of(i), Audience::parties, wish, from)).id);
  }
  const auto end = Clock::now() + patience;
  while (notifier.stats().pending > 0) {
    if (Clock::now() > end) {
      const auto last = TRY(notifier.find(name_of(count_ - 1), ids_.back()));
      return refuse("receivers-pending", "not every receiver consented: " + last.last_failure);
    }
    ::poll(nullptr, 0, 1);
  }
  return {};
}

WebhookKeys Parties::last_keys() const {
  const Notifier& notifier = registry_->notifier();
  const auto last = notifier.find(name_of(count_ - 1), ids_.back());
  check(last.has_value());
  return notifier.keys_of(*last);
}

Result<void> Parties::replay(EntryIndex from) {
  for (std::size_t i = 0; i < count_; ++i) {
    TRY_VOID(registry_->notifier().replay(name_of(i), ids_[i], from));
  }
  return {};
}

}  // namespace cpl::bench
