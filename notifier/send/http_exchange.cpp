// The notifier's coroutines. gcc 12 miscompiles temporaries inside a co_await expression: no
// lambda, no braces and no conditional may stand in one.
#include "notifier/send/http_exchange.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "notifier/send/http_failure.hpp"
#include "notifier/send/http_request_text.hpp"

namespace cpl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Code = boost::system::error_code;
using PlainStream = beast::basic_stream<tcp, ClientExecutor>;
using TlsStream = asio::ssl::stream<PlainStream>;
using Clock = std::chrono::steady_clock;

constexpr asio::use_awaitable_t<ClientExecutor> awaited;
constexpr std::size_t read_octets = 8192;
constexpr std::uint32_t answer_head_octets_max = 16 * 1024;
constexpr std::size_t answer_body_octets_max = 20'000;
constexpr int interim_answers_max = 4;

// What it is asked to be, and what its certificate has to name. An address is no server name
// (RFC 6066, 3); the certificate is checked for either.
void name_the_server(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(ssl);
  if (parse_ip_address(host)) {
    check(X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1);
    return;
  }
  check(X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) == 1);
  check(SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.c_str())) == 1);
}

template <class Fields>
std::optional<std::string> field(const Fields& fields, beast::string_view name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return std::nullopt;
  return std::string(found->value());
}

template <class Fields>
Delivered read_head(unsigned status, const Fields& fields) {
  Delivered delivered;
  delivered.status = status;
  delivered.retry_after = field(fields, "Retry-After");
  delivered.content_type = field(fields, "Content-Type");
  delivered.allowed_origin = field(fields, "WebHook-Allowed-Origin");
  delivered.allowed_rate = field(fields, "WebHook-Allowed-Rate");
  return delivered;
}

}  // namespace

class HttpLink final {
 public:
  HttpLink(AddressRace::Socket socket, const IpAddress& address, const TargetUrl& url,
           OwnCertificate own, EndpointTlsContexts& contexts)
      : url_(url), own_(own), address_(address) {
    if (url.tls) {
      tls = std::make_unique<TlsStream>(std::move(socket), contexts.of(url.host, own));
    } else {
      plain = std::make_unique<PlainStream>(std::move(socket));
    }
  }

  bool leads_to(const TargetUrl& url, OwnCertificate own, const IpAddress& address) const {
    return url_.tls == url.tls && url_.host == url.host && url_.port == url.port && own_ == own &&
           address_ == address;
  }

  const std::string& host() const { return url_.host; }
  PlainStream& socket() { return tls != nullptr ? tls->next_layer() : *plain; }

  std::unique_ptr<TlsStream> tls;  // One of the two.
  std::unique_ptr<PlainStream> plain;
  beast::flat_buffer received;
  Clock::time_point idle_since;
  bool reused = false;

 private:
  const TargetUrl url_;
  const OwnCertificate own_;
  const IpAddress address_;
};

HttpLinkPool::HttpLinkPool(asio::io_context& context, const HttpTransportOptions& options)
    : options_(options), timer_(context) {}

HttpLinkPool::~HttpLinkPool() = default;

std::unique_ptr<HttpLink> HttpLinkPool::take(const TargetUrl& url, OwnCertificate own,
                                             const IpAddress& address) {
  const auto [begin, end] = by_host_.equal_range(url.host);
  for (auto at = end; at != begin;) {
    --at;  // The shortest idle is the likeliest to be open still.
    if (!(*at->second)->leads_to(url, own, address)) continue;
    std::unique_ptr<HttpLink> link = remove(at->second);
    link->reused = true;
    return link;
  }
  return nullptr;
}

std::unique_ptr<HttpLink> HttpLinkPool::remove(Idle::iterator link) {
  const auto [begin, end] = by_host_.equal_range((*link)->host());
  by_host_.erase(std::find_if(begin, end, [&](const auto& one) { return one.second == link; }));
  std::unique_ptr<HttpLink> removed = std::move(*link);
  idle_.erase(link);
  return removed;
}

void HttpLinkPool::keep(std::unique_ptr<HttpLink> link) {
  if (closed_ || options_.idle_max == 0) return;
  if (idle_.size() == options_.idle_max) remove(idle_.begin());
  link->idle_since = Clock::now();
  idle_.push_back(std::move(link));
  by_host_.emplace(idle_.back()->host(), std::prev(idle_.end()));
  if (idle_.size() == 1) expire();
}

// Closes what has been idle too long, and comes back when the next one will have been.
void HttpLinkPool::expire() {
  const Clock::time_point now = Clock::now();
  while (!idle_.empty() && idle_.front()->idle_since + options_.idle <= now) remove(idle_.begin());
  if (idle_.empty()) return;
  timer_.expires_at(idle_.front()->idle_since + options_.idle);
  timer_.async_wait([this](const Code& error) {
    if (!error) expire();
  });
}

void HttpLinkPool::close() {
  closed_ = true;
  timer_.cancel();
  by_host_.clear();
  idle_.clear();
}

// What came of one request on one connection.
struct HttpExchange::Answer {
  Result<Delivered> delivered;
  bool reusable = false;
  // Closed before it answered: what becomes of an idle connection whose peer has gone, and of a
  // server that is there and does nothing.
  bool unanswered = false;
};

HttpExchange::HttpExchange(HttpClientParts parts, const OutgoingMessage& message, TargetUrl url)
    : parts_(parts),
      url_(std::move(url)),
      own_certificate_(parts.tls.may_show(url_.host, message.owner, message.verified)
                           ? OwnCertificate::shown
                           : OwnCertificate::hidden),
      request_(request_text(message, url_)) {}

HttpExchange::~HttpExchange() = default;

void HttpExchange::cancel() {
  cancelled_ = true;
  if (resolving_ != nullptr) resolving_->abandon();
  if (race_ != nullptr) race_->stop();
  if (link_ != nullptr) link_->socket().close();
}

Clock::time_point HttpExchange::within(std::chrono::milliseconds limit) const {
  return std::min(deadline_, Clock::now() + limit);
}

ClientAwaitable<Result<Delivered>> HttpExchange::run() {
  if (!request_) co_return request_.error();
  const Clock::time_point start = Clock::now();
  deadline_ = start + parts_.options.attempt;
  Result<std::vector<IpAddress>> addresses = co_await resolve();
  if (!addresses) co_return std::as_const(addresses).error();
  untried_ = *std::move(addresses);
  link_ = kept_link();
  Answer answer{delivery_timed_out()};
  answer.unanswered = true;
  if (link_ != nullptr) answer = co_await exchange();
  // Whatever an address does not do, another may.
  while (answer.unanswered && !untried_.empty() && !cancelled_ && Clock::now() < deadline_) {
    const Result<void> connected = co_await connect();
    if (connected) {
      answer = co_await exchange();
    } else {
      answer.delivered = connected.error();
    }
  }
  if (answer.reusable) parts_.pool.keep(std::move(link_));
  link_ = nullptr;
  if (answer.delivered) {
    answer.delivered->took =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
  }
  co_return std::move(answer.delivered);
}

std::shared_ptr<OneShot<HttpExchange::Addresses>> HttpExchange::start_resolving() {
  auto slot = std::make_shared<OneShot<Addresses>>(parts_.context.get_executor());
  if (const auto literal = parse_ip_address(url_.host)) {
    slot->complete(std::vector<IpAddress>{*literal});
    return slot;
  }
  asio::post(parts_.resolvers, [slot, resolver = parts_.options.resolve, host = url_.host] {
    slot->complete(resolver(host));
  });
  return slot;
}

ClientAwaitable<Result<std::vector<IpAddress>>> HttpExchange::resolve() {
  resolving_ = start_resolving();
  asio::steady_timer timer(parts_.context, deadline_);
  const auto give_up = [slot = resolving_](const Code& error) {
    if (!error) slot->abandon();
  };
  timer.async_wait(give_up);
  if (!resolving_->ready()) co_await resolving_->wait(awaited);
  timer.cancel();
  const std::optional<Addresses> addresses = resolving_->take();
  resolving_ = nullptr;
  if (!addresses || cancelled_) co_return delivery_timed_out();
  if (!*addresses) co_return addresses->error();
  const Result<void> allowed = check_target_addresses(**addresses, parts_.options.rules);
  if (!allowed) co_return allowed.error();
  co_return addresses_in_turn(**addresses);
}

std::unique_ptr<HttpLink> HttpExchange::kept_link() {
  for (const IpAddress& address : untried_) {
    if (auto link = parts_.pool.take(url_, own_certificate_, address)) return link;
  }
  return nullptr;
}

// To one of the addresses that were not tried yet, which then is none of them any more.
ClientAwaitable<Result<void>> HttpExchange::connect() {
  if (cancelled_) co_return delivery_timed_out();
  const auto limit =
      std::chrono::ceil<std::chrono::milliseconds>(within(parts_.options.connect) - Clock::now());
  race_ = std::make_shared<AddressRace>(parts_.context, untried_, url_.port, limit);
  const auto racing = race_->start();
  if (!racing->ready()) co_await racing->wait(awaited);
  race_ = nullptr;
  std::optional<AddressRace::Outcome> outcome = racing->take();
  if (!outcome || cancelled_) co_return delivery_timed_out();
  std::vector<IpAddress>& tried = outcome->failed;
  if (outcome->socket) tried.push_back(outcome->address);
  std::erase_if(untried_, [&](const IpAddress& address) {
    return std::find(tried.begin(), tried.end(), address) != tried.end();
  });
  if (!outcome->socket) co_return not_connected(outcome->error, url_.port);
  Code ignored;
  outcome->socket->set_option(tcp::no_delay(true), ignored);
  link_ = std::make_unique<HttpLink>(*std::move(outcome->socket), outcome->address, url_,
                                     own_certificate_, parts_.tls);
  if (link_->tls == nullptr) co_return Result<void>();
  co_return co_await shake_hands();
}

ClientAwaitable<Result<void>> HttpExchange::shake_hands() {
  TlsStream& tls = *link_->tls;
  name_the_server(tls.native_handle(), url_.host);
  const CertificateWitness witness(url_.host);
  tls.set_verify_callback(witness);
  Code error;
  auto token = asio::redirect_error(awaited, error);
  link_->socket().expires_at(within(parts_.options.tls_handshake));
  co_await tls.async_handshake(asio::ssl::stream_base::client, token);
  if (!error) co_return Result<void>();
  if (!witness.fault().empty()) co_return delivery_tls_failed(witness.fault());
  co_return handshake_failure(error);
}

// Reads one answer, passing over interim ones.
class HttpExchange::AnswerParser final {
 public:
  AnswerParser() : body_(answer_body_octets_max, '\0') { begin(); }

  // Takes what it can of what was received. An error ends the reading, need_more does not.
  Code feed(beast::flat_buffer& received) {
    Code error;
    while (!error && !done() && received.size() > 0) {
      received.consume(parser_->put(received.cdata(), error));
      if (!error && parser_->is_header_done() && is_interim()) error = pass_over();
    }
    return error == http::error::need_more ? Code() : error;
  }
  // No more comes: well for a body without a length, otherwise an error.
  Code feed_end() {
    Code error = http::error::partial_message;
    if (parser_->got_some()) parser_->put_eof(error);
    return error;
  }

  bool begun() const { return interim_ > 0 || parser_->got_some(); }
  bool has_status() const { return parser_->is_header_done() && !is_interim(); }
  bool done() const { return parser_->is_done(); }
  bool keeps_alive() const { return parser_->keep_alive(); }

  Delivered take_delivered() {
    Delivered delivered = read_head(parser_->get().result_int(), parser_->get());
    body_.resize(body_.size() - parser_->get().body().size);
    delivered.body = std::move(body_);
    return delivered;
  }

 private:
  void begin() {
    parser_.emplace();
    parser_->header_limit(answer_head_octets_max);
    parser_->body_limit(boost::none);  // The body is cut off, not refused.
    parser_->get().body().data = body_.data();
    parser_->get().body().size = body_.size();
  }
  bool is_interim() const { return parser_->get().result_int() < 200; }
  Code pass_over() {
    if (++interim_ > interim_answers_max) return http::error::bad_status;
    begin();
    return {};
  }

  std::optional<http::response_parser<http::buffer_body>> parser_;
  Bytes body_;
  int interim_ = 0;
};

ClientAwaitable<HttpExchange::Answer> HttpExchange::exchange() {
  AnswerParser parser;
  Code error;
  link_->socket().expires_at(deadline_);
  if (link_->tls != nullptr) {
    error = co_await ask(*link_->tls, parser);
  } else {
    error = co_await ask(*link_->plain, parser);
  }
  if (!parser.has_status()) {
    const bool unanswered = !parser.begun() && error != beast::error::timeout && !cancelled_;
    co_return Answer{exchange_failure(error), false, unanswered};
  }
  // A body that breaks off, or is cut off, changes nothing: the status has been given.
  const bool reusable =
      !error && parser.done() && parser.keeps_alive() && link_->received.size() == 0 && !cancelled_;
  co_return Answer{parser.take_delivered(), reusable};
}

template <class Stream>
ClientAwaitable<Code> HttpExchange::ask(Stream& stream, AnswerParser& parser) {
  Code error;
  auto token = asio::redirect_error(awaited, error);
  const auto request = asio::buffer(*request_);
  co_await asio::async_write(stream, request, token);
  while (!error && !parser.done()) {
    const auto space = link_->received.prepare(read_octets);
    const std::size_t octets = co_await stream.async_read_some(space, token);
    link_->received.commit(octets);
    if (error == asio::error::eof) {
      co_return parser.feed_end();
    }
    if (!error) error = parser.feed(link_->received);
  }
  co_return error;
}

}  // namespace cpl
