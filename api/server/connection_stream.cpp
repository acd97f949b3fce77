// Streams: bodies that are made while they are sent. No lambda, braces or conditional may stand in
// a co_await expression here.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/server/connection.hpp"

namespace cpl {
namespace {

namespace asio = boost::asio;
using Code = boost::system::error_code;

// What the system may hold of a stream that its reader has not taken, and what a reader may say in
// the meantime.
constexpr int stream_send_octets = 64 * 1024;
constexpr std::size_t watch_octets = 128;
constexpr std::size_t watched_octets_max = 16 * 1024;

}  // namespace

// Puts the next piece into outgoing_, if there is one.
template <class Stream>
void StreamConnection<Stream>::refill() {
  if (worker_.shared().stopping) {
    outgoing_.put({streaming_->farewell(), HttpStream::Then::end});
  } else if (std::exchange(quiet_, false)) {
    outgoing_.put(streaming_->on_quiet());
  } else {
    outgoing_.put(streaming_->next());
  }
}

template <class Stream>
Awaitable<void> StreamConnection<Stream>::send_stream() {
  Code ignored;
  socket().set_option(asio::socket_base::send_buffer_size(stream_send_octets), ignored);
  received_.shrink_to_fit();
  watch_peer();
  while (streaming_ != nullptr) {
    if (outgoing_.written() && outgoing_.then() == HttpStream::Then::more) refill();
    if (!outgoing_.written()) {
      co_await send_piece();
    } else if (outgoing_.then() == HttpStream::Then::break_off) {
      abandon();
    } else if (outgoing_.then() == HttpStream::Then::end) {
      streaming_ = nullptr;
    } else {
      allow(streaming_->quiet_time());
      co_await pause_.wait(awaited);
      quiet_ = expired();
    }
  }
  co_await end_watch();
}

template <class Stream>
Awaitable<void> StreamConnection<Stream>::send_piece() {
  Code error;
  auto token = asio::redirect_error(awaited, error);
  while (!outgoing_.written()) {
    allow(options().limits.write);  // A reader that takes nothing for so long has to come again.
    const auto rest = outgoing_.rest();
    const std::size_t written = co_await stream_.async_write_some(rest, token);
    outgoing_.wrote(written);
    if (error || expired() || streaming_ == nullptr) {
      abandon();
      co_return;
    }
  }
}

// While the coroutine pauses: whether everything that is new could be sent, so that it need not go
// on. What is left then is for the coroutine to send.
template <class Stream>
bool StreamConnection<Stream>::push_now() {
  if constexpr (is_tls) return false;
  if (worker_.shared().stopping) return false;
  outgoing_.put(streaming_->next());
  if (outgoing_.written()) return outgoing_.then() == HttpStream::Then::more;
  outgoing_.wrote(write_now(outgoing_.rest()));
  if (!outgoing_.written() || outgoing_.then() != HttpStream::Then::more) return false;
  allow(streaming_->quiet_time());
  outgoing_.put(streaming_->next());
  return outgoing_.written() && outgoing_.then() == HttpStream::Then::more;
}

// A reader that goes away while there is nothing to say would be noticed only at the next word.
template <class Stream>
void StreamConnection<Stream>::watch_peer() {
  if (received_.size() >= watched_octets_max) return;
  watching_ = true;
  stream_.async_read_some(received_.prepare(watch_octets),
                          [self = this->shared_from_this()](const Code& error, std::size_t octets) {
                            self->on_peer(error, octets);
                          });
}

template <class Stream>
void StreamConnection<Stream>::on_peer(const Code& error, std::size_t octets) {
  watching_ = false;
  received_.commit(octets);  // The next request, come early.
  if (streaming_ == nullptr) {
    if (error && error != asio::error::operation_aborted) abandon();
    pause_.resume();
  } else if (!error) {
    watch_peer();
  } else {
    abandon();
    cancel();
  }
}

// The read that watches is over before another begins.
template <class Stream>
Awaitable<void> StreamConnection<Stream>::end_watch() {
  allow_forever();
  while (watching_) {
    Code ignored;
    socket().cancel(ignored);
    co_await pause_.wait(awaited);
  }
}

// What server_connection.cpp calls, by itself or through the worker.
template Awaitable<void> StreamConnection<WorkerSocket>::send_stream();
template Awaitable<void> StreamConnection<TlsStream>::send_stream();
template bool StreamConnection<WorkerSocket>::push_now();
template bool StreamConnection<TlsStream>::push_now();

}  // namespace cpl
