// One connection as a coroutine over its socket, plain or with TLS: requests one after another, and
// streams. server_connection.cpp has the requests, server_connection_stream.cpp the streams.
#pragma once

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "api/server/message.hpp"
#include "api/server/stream.hpp"
#include "notifier/send/one_shot.hpp"

namespace cpl {

using TlsStream = boost::asio::ssl::stream<WorkerSocket>;

template <class Stream>
class StreamConnection final : public Connection,
                               public std::enable_shared_from_this<StreamConnection<Stream>> {
 public:
  template <class... Arguments>
  StreamConnection(Worker& worker, std::unique_ptr<ConnectionBook::Place> room,
                   Arguments&&... arguments)
      : Connection(worker, std::move(room)),
        stream_(std::forward<Arguments>(arguments)...),
        pause_(worker.executor()) {
    boost::system::error_code ignored;
    const auto peer = socket().remote_endpoint(ignored);
    peer_ = peer.address().to_string();
    peer_port_ = peer.port();
  }

  Awaitable<void> run(Admission admission);

  // Most streams are waiting and take what is new at once: no coroutine has to run for them.
  void on_wake() override {
    if (streaming_ != nullptr && pause_.waiting() && !push_now()) pause_.resume();
  }

  void on_drain() override {
    if (streaming_ != nullptr) pause_.resume();
    if (!idle_) return;
    open_ = false;
    cancel();
  }

  void on_drain_end() override {
    abandon();
    if (reply_ != nullptr) reply_->abandon();
    cancel();
  }

 private:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  WorkerSocket& socket() {
    if constexpr (is_tls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  const ServerOptions& options() const { return worker_.shared().options; }

  void cancel() override {
    if (pause_.waiting()) return pause_.resume();
    boost::system::error_code ignored;
    socket().cancel(ignored);
  }

  // Ends without a word.
  void abandon() {
    open_ = false;
    lingering_ = false;
    streaming_ = nullptr;
  }

  Awaitable<void> handshake();
  Awaitable<void> exchange();
  Awaitable<void> read_request(RequestParser& parser);
  Awaitable<bool> receive(std::size_t octets_max);
  Awaitable<void> end_request(bool started);
  Awaitable<void> send(const HttpResponse& response, HttpMethod method);
  Awaitable<void> send_stream();
  Awaitable<void> send_piece();
  Awaitable<void> end_watch();
  Awaitable<void> refuse(const ServerProblem& problem);
  Awaitable<void> linger();
  // What the socket takes at once, which is nearly always everything: no second pass through the
  // io_context then.
  template <class Buffers>
  std::size_t write_now(const Buffers& octets) {
    if constexpr (is_tls) return 0;
    boost::system::error_code ignored;  // The write that follows meets it again.
    return stream_.write_some(octets, ignored);
  }
  bool push_now();
  void refill();
  void watch_peer();
  void on_peer(const boost::system::error_code& error, std::size_t octets);

  Stream stream_;
  boost::beast::flat_buffer received_;
  std::string head_;  // Of the response; kept for its storage.
  std::shared_ptr<OneShot<HttpResponse>> reply_;
  std::string peer_;
  std::uint16_t peer_port_ = 0;
  std::string client_certificate_subject_;
  bool open_ = true;        // Another request may follow.
  bool lingering_ = false;  // The last answer is to reach the peer before the socket closes.
  bool idle_ = false;       // Between requests.

  std::shared_ptr<HttpStream> streaming_;  // What is being sent; null: nothing of that kind.
  OutgoingPiece outgoing_{false};
  Pause pause_;
  bool quiet_ = false;     // The stream has had nothing to say for long.
  bool watching_ = false;  // A read is under way that only tells whether the reader is still there.
};

}  // namespace cpl
