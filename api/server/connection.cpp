// The server's coroutines. gcc 12 miscompiles temporaries inside a co_await expression: no lambda,
// no braces and no conditional may stand in one.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "api/server/connection.hpp"
#include "api/server/tls.hpp"
#include "registry/base/clock.hpp"

namespace cpl {
namespace {

namespace asio = boost::asio;
using Code = boost::system::error_code;
using ReplySlot = OneShot<HttpResponse>;

constexpr std::size_t read_octets = 4096;        // While a header is read,
constexpr std::size_t body_read_octets = 65536;  // and a body.
constexpr std::size_t linger_octets_max = 1024 * 1024;
constexpr std::chrono::milliseconds linger_time{2000};

ServerProblem timed_out() {
  return {408, "request-timeout", "The request took too long",
          "The rest of the request did not come in time. Send it again, faster."};
}

ServerProblem no_answer() {
  return {500, "no-answer", "The request was not answered",
          "The registry gave up this request without an answer. Its operator should look into the "
          "log."};
}

ServerProblem too_many_connections(Admission admission) {
  return {503, "too-many-connections", "The server is busy",
          admission == Admission::too_many_of_one
              ? "Your address has as many connections open as one may. Close some of them, or "
                "send several requests over one."
              : "Too many connections are open. Try again in a little while."};
}

// Answers with 500 if the handler drops its HttpReply unused, so that no client waits for ever.
class ReplyOnce final {
 public:
  ReplyOnce(std::shared_ptr<ReplySlot> slot, const std::string& problem_base)
      : slot_(std::move(slot)), problem_base_(problem_base) {}
  ReplyOnce(const ReplyOnce&) = delete;
  ReplyOnce& operator=(const ReplyOnce&) = delete;
  ~ReplyOnce() {
    if (!used_) slot_->complete(problem_response(problem_base_, no_answer()));
  }

  void operator()(HttpResponse response) {
    used_ = true;
    slot_->complete(std::move(response));
  }

 private:
  const std::shared_ptr<ReplySlot> slot_;
  const std::string problem_base_;  // A copy: a late reply may outlive the server.
  bool used_ = false;
};

std::shared_ptr<ReplySlot> hand_over(Worker& worker, HttpRequest request) {
  auto slot = std::make_shared<ReplySlot>(worker.executor());
  auto once = std::make_shared<ReplyOnce>(slot, worker.shared().options.problem_base);
  worker.shared().handler(std::move(request),
                          [once](HttpResponse response) { (*once)(std::move(response)); });
  return slot;
}

std::array<asio::const_buffer, 2> rest_of(const std::array<asio::const_buffer, 2>& octets,
                                          std::size_t written) {
  return {octets[0] + written, octets[1] + (written - std::min(written, octets[0].size()))};
}

}  // namespace

template <class Stream>
Awaitable<void> StreamConnection<Stream>::run(Admission admission) {
  const auto alive = this->shared_from_this();
  if constexpr (is_tls) co_await handshake();
  if (admission != Admission::served && open_) {
    const ServerProblem problem = too_many_connections(admission);
    co_await refuse(problem);
  }
  while (open_) co_await exchange();
  if (lingering_) co_await linger();
}

template <class Stream>
Awaitable<void> StreamConnection<Stream>::handshake() {
  Code error;
  auto token = asio::redirect_error(awaited, error);
  allow(options().limits.header_read);
  co_await stream_.async_handshake(asio::ssl::stream_base::server, token);
  if (error) {
    abandon();
  } else {
    client_certificate_subject_ = cpl::client_certificate_subject(stream_.native_handle());
  }
}

template <class Stream>
Awaitable<bool> StreamConnection<Stream>::receive(std::size_t octets_max) {
  Code error;
  auto token = asio::redirect_error(awaited, error);
  const auto space = received_.prepare(octets_max);
  const std::size_t octets = co_await stream_.async_read_some(space, token);
  received_.commit(octets);
  co_return !error && !expired() && !gave_way();
}

// Afterwards the parser is complete, or has a problem, or the connection is no longer open.
template <class Stream>
Awaitable<void> StreamConnection<Stream>::read_request(RequestParser& parser) {
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  const ServerLimits& limits = options().limits;
  bool started = false;
  bool in_body = false;
  allow(limits.idle);
  owe_request();
  for (;;) {
    if (received_.size() > 0) {
      const auto data = received_.cdata();
      received_.consume(parser.feed(BytesView(static_cast<const char*>(data.data()), data.size())));
      if (parser.begun() && !std::exchange(started, true)) allow(limits.header_read);
    }
    if (parser.complete() || parser.problem()) co_return;
    if (parser.head_complete() && !std::exchange(in_body, true)) {
      have_request();
      allow(limits.body_read);
      if (parser.awaits_continue() && received_.size() == 0) {
        Code error;
        auto token = asio::redirect_error(awaited, error);
        const auto octets = asio::buffer(go_on);
        co_await asio::async_write(stream_, octets, token);
      }
    }
    idle_ = !started;
    const std::size_t octets_max = in_body ? body_read_octets : read_octets;
    const bool more = co_await receive(octets_max);
    idle_ = false;
    if (more) continue;
    co_await end_request(started);
    co_return;
  }
}

// No more of it comes, or is waited for.
template <class Stream>
Awaitable<void> StreamConnection<Stream>::end_request(bool started) {
  if (!started || (!expired() && !gave_way())) {
    abandon();
    co_return;
  }
  const ServerProblem problem = gave_way() ? too_many_connections(Admission::full) : timed_out();
  co_await refuse(problem);
  if (gave_way()) lingering_ = false;  // Whoever it gave way to is here already.
}

template <class Stream>
Awaitable<void> StreamConnection<Stream>::exchange() {
  RequestParser parser(options().limits);
  co_await read_request(parser);
  if (!open_) co_return;
  if (parser.problem()) {
    co_await refuse(*parser.problem());
    co_return;
  }
  have_request();
  worker_.shared().requests.fetch_add(1, std::memory_order_relaxed);
  allow_forever();  // How long an answer may take is for the handler to say.
  HttpRequest request = parser.take_request();
  const HttpMethod method = request.method;
  request.peer = client_address(peer_, request.headers, options().proxies);
  request.peer_port = peer_port_;
  request.client_certificate_subject = client_certificate_subject_;
  const UptimeStopwatch watch;
  const auto asked = watch.elapsed();
  reply_ = hand_over(worker_, std::move(request));
  if (!reply_->ready()) co_await reply_->wait(awaited);
  const std::optional<HttpResponse> response = reply_->take();
  reply_ = nullptr;
  if (!response) {
    abandon();
    co_return;
  }
  worker_.shared().answer_times.add(watch.elapsed() - asked);
  open_ = open_ && parser.keeps_alive() && !worker_.shared().stopping;
  const bool streams = response->stream != nullptr && method != HttpMethod::head;
  // A TLS read that was given up may have taken half a record with it.
  if (streams && is_tls) open_ = false;
  outgoing_ = OutgoingPiece(parser.takes_chunks());
  co_await send(*response, method);
  const bool sent = open_ || lingering_;
  if (!streams || !sent) co_return;
  streaming_ = response->stream;
  co_await send_stream();
}

template <class Stream>
Awaitable<void> StreamConnection<Stream>::send(const HttpResponse& response, HttpMethod method) {
  head_.clear();
  const HeadFacts facts{worker_.date(), !open_, outgoing_.chunked()};
  append_response_head(head_, response, facts);
  const bool bodiless = method == HttpMethod::head || response.body == nullptr ||
                        response.status == 204 || response.status == 304;
  std::array<asio::const_buffer, 2> octets = {asio::buffer(head_), asio::const_buffer()};
  if (!bodiless) octets[1] = asio::buffer(*response.body);
  octets = rest_of(octets, write_now(octets));
  lingering_ = !open_;
  Code error;
  auto token = asio::redirect_error(awaited, error);
  while (asio::buffer_size(octets) > 0) {
    allow(options().limits.write);  // Anew for each piece: slow is allowed, stuck is not.
    const std::size_t written = co_await stream_.async_write_some(octets, token);
    if (error || expired()) {
      abandon();
      co_return;
    }
    octets = rest_of(octets, written);
  }
}

template <class Stream>
Awaitable<void> StreamConnection<Stream>::refuse(const ServerProblem& problem) {
  have_request();  // Or none is wanted any more.
  open_ = false;
  const HttpResponse response = problem_response(options().problem_base, problem);
  co_await send(response, HttpMethod::get);
}

// Closing while the peer still sends would make its system discard our answer: say that no more
// follows, and swallow what comes until it closes too.
template <class Stream>
Awaitable<void> StreamConnection<Stream>::linger() {
  allow(linger_time);
  Code error;
  if constexpr (is_tls) {
    auto token = asio::redirect_error(awaited, error);
    co_await stream_.async_shutdown(token);
  }
  socket().shutdown(asio::socket_base::shutdown_send, error);
  if (error) co_return;
  auto token = asio::redirect_error(awaited, error);
  std::array<char, 4096> swallowed;
  const auto space = asio::buffer(swallowed);
  std::size_t octets = 0;
  while (!error && !expired() && octets < linger_octets_max) {
    octets += co_await socket().async_read_some(space, token);
  }
}

namespace {

template <class Stream, class... Arguments>
void spawn(Worker& worker, std::unique_ptr<ConnectionBook::Place> room, Arguments&&... arguments) {
  const Admission admission = room->admission();
  const auto connection = std::make_shared<StreamConnection<Stream>>(
      worker, std::move(room), std::forward<Arguments>(arguments)...);
  // An exception is the end of a connection and nothing more (crypto/result.hpp).
  asio::co_spawn(worker.executor(), connection->run(admission), [](const std::exception_ptr&) {});
}

// The alert "internal error", in place of a handshake: too dear for the answer that there is no
// room.
constexpr std::string_view tls_refusal("\x15\x03\x03\x00\x02\x02\x50", 7);

}  // namespace

void serve(Worker& worker, WorkerSocket socket, std::unique_ptr<ConnectionBook::Place> room) {
  ServerShared& shared = worker.shared();
  if (room->admission() == Admission::full && worker.make_room()) room->serve();
  if (shared.tls) {
    spawn<TlsStream>(worker, std::move(room), std::move(socket), *shared.tls);
  } else {
    spawn<WorkerSocket>(worker, std::move(room), std::move(socket));
  }
}

void turn_away(Worker& worker, WorkerSocket socket) {
  const ServerShared& shared = worker.shared();
  std::string said(tls_refusal);
  if (!shared.tls) {
    const HttpResponse response =
        problem_response(shared.options.problem_base, too_many_connections(Admission::full));
    said.clear();
    append_response_head(said, response, {worker.date(), true, false});
    said += *response.body;
  }
  Code ignored;
  socket.write_some(asio::buffer(said), ignored);
  socket.shutdown(asio::socket_base::shutdown_send, ignored);
  // What has come already would make the system discard the answer.
  std::array<char, read_octets> swallowed;
  socket.read_some(asio::buffer(swallowed), ignored);
}

}  // namespace cpl
