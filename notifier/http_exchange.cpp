// The notifier's coroutines. gcc 12 miscompiles temporaries inside a co_await expression: no
// lambda, no braces and no conditional may stand in one.
#include "notifier/http_exchange.hpp"

#include <openssl/ssl.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace cpl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Code = boost::system::error_code;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t answer_head_octets_max = 16 * 1024;
constexpr std::size_t answer_body_octets_max = 20'000;
constexpr int interim_answers_max = 4;

asio::ip::address address_of(const IpAddress& address) {
  if (address.is_v6) return asio::ip::address_v6(address.octets);
  asio::ip::address_v4::bytes_type octets;
  std::copy_n(address.octets.begin(), octets.size(), octets.begin());
  return asio::ip::address_v4(octets);
}

Error unavailable(std::string code, std::string detail) {
  return Error{Errc::unavailable, std::move(code), std::move(detail), 0};
}

Error timed_out() {
  return unavailable("delivery-timed-out", "the receiver did not answer in time");
}

Error failure(const Code& error) {
  if (error == beast::error::timeout) return timed_out();
  if (error.category() == asio::error::get_ssl_category()) {
    return unavailable("delivery-tls-failed",
                       "no trusted TLS connection to the receiver: " + error.message());
  }
  if (error.category() == make_error_code(http::error::bad_method).category()) {
    return unavailable("delivery-answer-malformed",
                       "the receiver's answer is not HTTP within our limits: " + error.message());
  }
  return unavailable("delivery-unreachable", "the receiver cannot be reached: " + error.message());
}

using Request = http::request<http::string_body>;

bool is_field_text(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<Request> make_request(const OutgoingMessage& message, const TargetUrl& url) {
  const http::verb verb = http::string_to_verb(message.method);
  if (verb != http::verb::post && verb != http::verb::get && verb != http::verb::options) {
    return malformed("delivery-message-malformed",
                     "notices are sent with POST, GET or OPTIONS, not " + message.method);
  }
  Request request(verb, url.target, 11);
  for (const auto& [name, value] : message.headers) {
    if (name.empty() || !is_field_text(name) || !is_field_text(value)) {
      return malformed("delivery-message-malformed",
                       "a header field has an empty name or a control character");
    }
    request.set(name, value);
  }
  request.set(http::field::host, url.authority());
  request.set(http::field::user_agent, "cpld");
  request.body() = message.body;
  request.prepare_payload();
  return request;
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
  HttpLink(const TargetUrl& url, const IpAddress& address, const HttpClientParts& parts)
      : url_(url), address_(address) {
    if (url.tls) {
      tls = std::make_unique<TlsStream>(parts.context, parts.tls);
    } else {
      plain = std::make_unique<beast::tcp_stream>(parts.context);
    }
  }

  bool leads_to(const TargetUrl& url, const IpAddress& address) const {
    return url_.tls == url.tls && url_.host == url.host && url_.port == url.port &&
           address_ == address;
  }

  beast::tcp_stream& socket() { return tls != nullptr ? beast::get_lowest_layer(*tls) : *plain; }

  std::unique_ptr<TlsStream> tls;  // One of the two.
  std::unique_ptr<beast::tcp_stream> plain;
  beast::flat_buffer received;
  Clock::time_point idle_since;
  bool reused = false;

 private:
  const TargetUrl url_;
  const IpAddress address_;
};

HttpLinkPool::HttpLinkPool(asio::io_context& context, const HttpTransportOptions& options)
    : options_(options), timer_(context) {}

HttpLinkPool::~HttpLinkPool() = default;

std::unique_ptr<HttpLink> HttpLinkPool::take(const TargetUrl& url, const IpAddress& address) {
  const auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                  [&](const auto& link) { return link->leads_to(url, address); });
  if (found == idle_.rend()) return nullptr;
  std::unique_ptr<HttpLink> link = std::move(*found);
  idle_.erase(std::next(found).base());
  link->reused = true;
  return link;
}

void HttpLinkPool::keep(std::unique_ptr<HttpLink> link) {
  if (closed_ || options_.idle_max == 0) return;
  if (idle_.size() == options_.idle_max) idle_.pop_front();
  link->idle_since = Clock::now();
  idle_.push_back(std::move(link));
  if (idle_.size() == 1) expire();
}

// Closes what has been idle too long, and comes back when the next one will have been.
void HttpLinkPool::expire() {
  const Clock::time_point now = Clock::now();
  std::erase_if(idle_, [&](const auto& link) { return link->idle_since + options_.idle <= now; });
  if (idle_.empty()) return;
  timer_.expires_at(idle_.front()->idle_since + options_.idle);
  timer_.async_wait([this](const Code& error) {
    if (!error) expire();
  });
}

void HttpLinkPool::close() {
  closed_ = true;
  timer_.cancel();
  idle_.clear();
}

struct HttpExchange::Outgoing {
  Result<Request> request;
};

// What came of one request on one connection.
struct HttpExchange::Answer {
  Result<Delivered> delivered;
  bool reusable = false;
  // Closed before it answered: what becomes of an idle connection whose peer has gone.
  bool stale = false;
};

HttpExchange::HttpExchange(HttpClientParts parts, const OutgoingMessage& message, TargetUrl url)
    : parts_(parts),
      url_(std::move(url)),
      outgoing_(std::make_unique<const Outgoing>(make_request(message, url_))) {}

HttpExchange::~HttpExchange() = default;

void HttpExchange::cancel() {
  cancelled_ = true;
  if (resolving_ != nullptr) resolving_->abandon();
  if (link_ != nullptr) link_->socket().close();
}

Clock::time_point HttpExchange::within(std::chrono::milliseconds limit) const {
  return std::min(deadline_, Clock::now() + limit);
}

asio::awaitable<Result<Delivered>> HttpExchange::run() {
  if (!outgoing_->request) co_return outgoing_->request.error();
  const Clock::time_point start = Clock::now();
  deadline_ = start + parts_.options.attempt;
  const Result<IpAddress> address = co_await resolve();
  if (!address) co_return address.error();
  link_ = parts_.pool.take(url_, *address);
  Answer answer{timed_out()};
  if (link_ != nullptr) answer = co_await exchange();
  if (link_ == nullptr || answer.stale) {
    const Result<void> connected = co_await connect(*address);
    if (!connected) co_return connected.error();
    answer = co_await exchange();
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

asio::awaitable<Result<IpAddress>> HttpExchange::resolve() {
  resolving_ = start_resolving();
  asio::steady_timer timer(parts_.context, deadline_);
  const auto give_up = [slot = resolving_](const Code& error) {
    if (!error) slot->abandon();
  };
  timer.async_wait(give_up);
  if (!resolving_->ready()) co_await resolving_->wait(asio::use_awaitable);
  timer.cancel();
  const std::optional<Addresses> addresses = resolving_->take();
  resolving_ = nullptr;
  if (!addresses || cancelled_) co_return timed_out();
  if (!*addresses) co_return addresses->error();
  const Result<void> allowed = check_target_addresses(**addresses, parts_.options.rules);
  if (!allowed) co_return allowed.error();
  co_return (*addresses)->front();
}

asio::awaitable<Result<void>> HttpExchange::connect(const IpAddress& address) {
  if (cancelled_) co_return timed_out();
  link_ = std::make_unique<HttpLink>(url_, address, parts_);
  beast::tcp_stream& socket = link_->socket();
  Code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  const tcp::endpoint endpoint(address_of(address), url_.port);
  socket.expires_at(within(parts_.options.connect));
  co_await socket.async_connect(endpoint, token);
  if (error) co_return failure(error);
  socket.socket().set_option(tcp::no_delay(true), error);
  if (link_->tls == nullptr) co_return Result<void>();
  TlsStream& tls = *link_->tls;
  // An address is no server name (RFC 6066, 3); the certificate is checked for either.
  if (!parse_ip_address(url_.host)) {
    check(SSL_ctrl(tls.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   const_cast<char*>(url_.host.c_str())) == 1);
  }
  tls.set_verify_callback(asio::ssl::host_name_verification(url_.host));
  socket.expires_at(within(parts_.options.tls_handshake));
  co_await tls.async_handshake(asio::ssl::stream_base::client, token);
  if (error) co_return failure(error);
  co_return Result<void>();
}

asio::awaitable<HttpExchange::Answer> HttpExchange::exchange() {
  if (link_->tls != nullptr) {
    co_return co_await exchange_over(*link_->tls);
  }
  co_return co_await exchange_over(*link_->plain);
}

template <class Stream>
asio::awaitable<HttpExchange::Answer> HttpExchange::exchange_over(Stream& stream) {
  Code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  link_->socket().expires_at(deadline_);
  co_await http::async_write(stream, *outgoing_->request, token);
  std::optional<http::response_parser<http::buffer_body>> parser;
  for (int interim = 0; !error && interim <= interim_answers_max; ++interim) {
    parser.emplace();
    parser->header_limit(answer_head_octets_max);
    parser->body_limit(boost::none);  // The body is cut off, not refused.
    co_await http::async_read_header(stream, link_->received, *parser, token);
    if (error || parser->get().result_int() >= 200) break;
  }
  if (error || parser->get().result_int() < 200) {
    if (!error) error = http::error::bad_status;
    const bool stale = link_->reused && !(parser && parser->got_some()) &&
                       error != beast::error::timeout && !cancelled_;
    co_return Answer{failure(error), false, stale};
  }
  Delivered delivered = read_head(parser->get().result_int(), parser->get());
  delivered.body.resize(answer_body_octets_max);
  parser->get().body().data = delivered.body.data();
  parser->get().body().size = delivered.body.size();
  if (!parser->is_done()) co_await http::async_read(stream, link_->received, *parser, token);
  // A body that breaks off changes nothing: the status has been given.
  delivered.body.resize(delivered.body.size() - parser->get().body().size);
  const bool reusable = !error && parser->is_done() && parser->keep_alive() &&
                        link_->received.size() == 0 && !cancelled_;
  co_return Answer{std::move(delivered), reusable};
}

}  // namespace cpl
