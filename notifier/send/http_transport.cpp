#include "notifier/send/http_transport.hpp"

#include <netdb.h>
#include <netinet/in.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <cstring>
#include <deque>
#include <set>
#include <thread>

#include "crypto/mutex.hpp"
#include "notifier/send/http_exchange.hpp"

namespace cpl {
namespace {

namespace asio = boost::asio;

// Names are resolved by blocking calls: so many slow ones are needed to hold up the others, more
// than one owner may have under way (PerOwnerLimit).
constexpr std::size_t resolver_threads = 64;

struct Job {
  OutgoingMessage message;
  TargetUrl url;
  Transport::Done done;
};

// A host of one owner's: what somebody else sends there has no place of it. No owner's name has a
// space.
std::string host_of(const Job& job) { return job.message.owner + " " + job.url.authority(); }

Error stopping() {
  return Error{Errc::unavailable, "delivery-stopping", "the registry is stopping", 0};
}

std::optional<IpAddress> address_of(const sockaddr& address) {
  IpAddress out;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof(v4));
    std::memcpy(out.octets.data(), &v4.sin_addr, 4);
    return out;
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof(v6));
  std::memcpy(out.octets.data(), &v6.sin6_addr, 16);
  out.is_v6 = true;
  return out;
}

// One thread with its attempts. Owned by that thread, except what says otherwise.
class Client final {
 public:
  Client(const HttpTransportOptions& options, EndpointTlsContexts& tls,
         asio::thread_pool& resolvers, std::size_t in_flight_max)
      : options_(options),
        tls_(tls),
        resolvers_(resolvers),
        in_flight_max_(in_flight_max),
        work_(context_.get_executor()),
        grace_(context_),
        pool_(context_, options) {}

  void run() { context_.run(); }  // The thread's body.

  // Any thread, as is stop().
  void submit(Job job) {
    asio::post(context_, [this, job = std::make_shared<Job>(std::move(job))] {
      const auto host = hosts_.try_emplace(host_of(*job)).first;
      host->second.waiting.push_back(std::move(*job));
      note_ready(*host);
      start_next();
    });
  }
  void refuse(Transport::Done done, Error error) {
    asio::post(context_, [done = std::move(done), error = std::move(error)] { done(error); });
  }
  void stop() {
    asio::post(context_, [this] { begin_stop(); });
  }

 private:
  struct Host {
    std::size_t active = 0;
    std::deque<Job> waiting;
  };
  using Hosts = std::map<std::string, Host>;

  // After each change of the host.
  void note_ready(const Hosts::value_type& host) {
    if (!host.second.waiting.empty() && host.second.active < options_.per_host_max) {
      ready_.insert(host.first);
    } else {
      ready_.erase(host.first);
    }
  }

  // The hosts of all owners take turns, so that one with a long queue does not hold up the others.
  Hosts::iterator next_host() {
    const auto after = ready_.upper_bound(last_host_);
    return hosts_.find(after != ready_.end() ? *after : *ready_.begin());
  }

  void start_next() {
    while (active_.size() < in_flight_max_ && !ready_.empty()) {
      const auto host = next_host();
      last_host_ = host->first;
      Job job = std::move(host->second.waiting.front());
      host->second.waiting.pop_front();
      ++host->second.active;
      note_ready(*host);
      start(std::move(job));
    }
  }

  void start(Job job) {
    const std::string host = host_of(job);
    const HttpClientParts parts{options_, tls_, resolvers_, context_, pool_};
    active_.push_back(std::make_unique<HttpExchange>(parts, job.message, std::move(job.url)));
    const auto place = std::prev(active_.end());
    asio::co_spawn(context_, (*place)->run(),
                   [this, place, host, done = std::move(job.done)](
                       const std::exception_ptr& error, Result<Delivered> outcome) mutable {
                     check(error == nullptr);  // run() meets its errors as codes.
                     active_.erase(place);
                     done(std::move(outcome));
                     finish(host);
                   });
  }

  void finish(const std::string& name) {
    const auto host = hosts_.find(name);
    --host->second.active;
    note_ready(*host);
    if (host->second.active == 0 && host->second.waiting.empty()) hosts_.erase(host);
    start_next();
    end_if_stopped();
  }

  void begin_stop() {
    stopping_ = true;
    std::vector<Job> turned_away;
    for (auto& [name, host] : hosts_) {
      std::ranges::move(host.waiting, std::back_inserter(turned_away));
      host.waiting.clear();
    }
    ready_.clear();
    for (Job& job : turned_away) job.done(stopping());
    pool_.close();
    grace_.expires_after(options_.stop_grace);
    grace_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      for (const auto& exchange : active_) exchange->cancel();
    });
    end_if_stopped();
  }

  void end_if_stopped() {
    if (!stopping_ || !active_.empty()) return;
    grace_.cancel();
    work_.reset();
  }

  const HttpTransportOptions& options_;
  EndpointTlsContexts& tls_;
  asio::thread_pool& resolvers_;
  const std::size_t in_flight_max_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer grace_;
  HttpLinkPool pool_;
  Hosts hosts_;                  // Those with attempts waiting or under way.
  std::set<std::string> ready_;  // Those that may start another.
  std::string last_host_;
  std::list<std::unique_ptr<HttpExchange>> active_;
  bool stopping_ = false;
};

}  // namespace

class HttpTransport::Impl final {
 public:
  Impl(HttpTransportOptions options, EndpointTlsContexts tls)
      : options_(std::move(options)), tls_(std::move(tls)) {
    const std::size_t count = std::max(1U, options_.threads);
    const std::size_t share = std::max<std::size_t>(1, options_.in_flight_max / count);
    for (std::size_t i = 0; i < count; ++i) {
      clients_.push_back(std::make_unique<Client>(options_, tls_, resolvers_, share));
    }
    for (const auto& client : clients_) {
      threads_.emplace_back([&client] { client->run(); });
    }
  }
  ~Impl() { stop(); }

  void send(OutgoingMessage message, Done done) {
    auto url = check_target_url(message.url, options_.rules);
    Lock lock(mutex_);
    if (stopped_) {
      lock.unlock();
      done(stopping());
      return;
    }
    // Posted under the lock, so that no message comes after the word to stop.
    if (!url) {
      clients_.front()->refuse(std::move(done), std::as_const(url).error());
      return;
    }
    // One host, one thread: limits per host and kept connections need no lock.
    const std::size_t place = std::hash<std::string>()(url->authority()) % clients_.size();
    clients_[place]->submit({std::move(message), *std::move(url), std::move(done)});
  }

  void stop() {
    {
      const Lock lock(mutex_);
      if (std::exchange(stopped_, true)) return;
      for (const auto& client : clients_) client->stop();
    }
    for (std::thread& thread : threads_) thread.join();
    resolvers_.stop();  // Nobody waits for the names that are still to be looked up.
    resolvers_.join();
  }

 private:
  const HttpTransportOptions options_;
  EndpointTlsContexts tls_;
  asio::thread_pool resolvers_{resolver_threads};
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::thread> threads_;
  Mutex mutex_;
  bool stopped_ GUARDED_BY(mutex_) = false;
};

Result<std::vector<IpAddress>> resolve_by_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* raw = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &raw);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(raw, &freeaddrinfo);
  if (code == EAI_NONAME || code == EAI_NODATA) {
    return Error{Errc::unavailable, "delivery-unreachable", "there is no host of that name", 0};
  }
  if (code != 0) {
    return Error{Errc::unavailable, "delivery-unreachable",
                 std::string("the host name cannot be looked up: ") + gai_strerror(code), 0};
  }
  std::vector<IpAddress> addresses;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    if (const auto address = address_of(*entry->ai_addr)) addresses.push_back(*address);
  }
  return addresses;
}

HttpTransport::HttpTransport(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpTransport::~HttpTransport() = default;

Result<std::unique_ptr<HttpTransport>> HttpTransport::create(HttpTransportOptions options) {
  auto tls = TRY(EndpointTlsContexts::open(options.tls, options.tls_by_host));
  auto impl = std::make_unique<Impl>(std::move(options), std::move(tls));
  return std::unique_ptr<HttpTransport>(new HttpTransport(std::move(impl)));
}

void HttpTransport::send(OutgoingMessage message, Done done) {
  impl_->send(std::move(message), std::move(done));
}

void HttpTransport::stop() { impl_->stop(); }

}  // namespace cpl
