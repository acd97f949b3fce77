// One attempt over HTTP(S): resolve, check, connect or reuse, send, read the answer; where an
// address does not answer, the next one is tried, within the attempt's time. Lives on one thread,
// like everything it touches but the resolvers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <list>
#include <map>

#include "notifier/send/http_address_race.hpp"
#include "notifier/send/http_transport.hpp"
#include "notifier/send/one_shot.hpp"
#include "notifier/send/tls_fault.hpp"

namespace cpl {

// The executor's own type, instead of one that may hold any: it halves what there is to compile.
using ClientExecutor = boost::asio::io_context::executor_type;
template <class T>
using ClientAwaitable = boost::asio::awaitable<T, ClientExecutor>;

// A connection to one address, checked to be that of one host.
class HttpLink;

// What one thread's attempts share.
class HttpLinkPool final {
 public:
  HttpLinkPool(boost::asio::io_context& context, const HttpTransportOptions& options);
  ~HttpLinkPool();
  HttpLinkPool(const HttpLinkPool&) = delete;
  HttpLinkPool& operator=(const HttpLinkPool&) = delete;

  std::unique_ptr<HttpLink> take(const TargetUrl& url, OwnCertificate own,
                                 const IpAddress& address);
  void keep(std::unique_ptr<HttpLink> link);
  void close();  // Keeps nothing any more.

 private:
  using Idle = std::list<std::unique_ptr<HttpLink>>;

  std::unique_ptr<HttpLink> remove(Idle::iterator link);
  void expire();

  const HttpTransportOptions& options_;
  boost::asio::steady_timer timer_;
  Idle idle_;  // The longest idle first.
  std::multimap<std::string, Idle::iterator> by_host_;
  bool closed_ = false;
};

struct HttpClientParts {
  const HttpTransportOptions& options;
  EndpointTlsContexts& tls;
  boost::asio::thread_pool& resolvers;
  boost::asio::io_context& context;
  HttpLinkPool& pool;
};

class HttpExchange final {
 public:
  HttpExchange(HttpClientParts parts, const OutgoingMessage& message, TargetUrl url);
  ~HttpExchange();
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  // Once; this object outlives it.
  ClientAwaitable<Result<Delivered>> run();

  // Makes run() end soon, with an error.
  void cancel();

 private:
  using Addresses = Result<std::vector<IpAddress>>;

  struct Answer;
  class AnswerParser;

  ClientAwaitable<Result<std::vector<IpAddress>>> resolve();
  std::unique_ptr<HttpLink> kept_link();
  ClientAwaitable<Result<void>> connect();
  ClientAwaitable<Result<void>> shake_hands();
  ClientAwaitable<Answer> exchange();
  template <class Stream>
  ClientAwaitable<boost::system::error_code> ask(Stream& stream, AnswerParser& parser);
  std::shared_ptr<OneShot<Addresses>> start_resolving();
  std::chrono::steady_clock::time_point within(std::chrono::milliseconds limit) const;

  const HttpClientParts parts_;
  const TargetUrl url_;
  const OwnCertificate own_certificate_;
  const Result<std::string> request_;  // Header and body, as they are sent.
  std::chrono::steady_clock::time_point deadline_;
  std::shared_ptr<OneShot<Addresses>> resolving_;
  std::vector<IpAddress> untried_;
  std::shared_ptr<AddressRace> race_;
  std::unique_ptr<HttpLink> link_;
  bool cancelled_ = false;
};

}  // namespace cpl
