// What a connection needs to send a body that is made while it is sent: the piece under way, and a
// coroutine's rest until there is another.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <charconv>

#include "api/server/worker.hpp"

namespace cpl {

// The piece that is being written, as a chunk (RFC 9112, 7.1) where the reader takes chunks.
class OutgoingPiece final {
 public:
  using Buffers = std::array<boost::asio::const_buffer, 3>;

  explicit OutgoingPiece(bool chunked) : chunked_(chunked) {}

  bool chunked() const { return chunked_; }

  void put(HttpStream::Piece piece) {
    piece_ = std::move(piece);
    const std::size_t octets = piece_.octets == nullptr ? 0 : piece_.octets->size();
    frame_size_ = chunked_ && octets > 0 ? frame(octets) : 0;
    after_ = {};
    if (chunked_ && octets > 0) after_ = "\r\n";
    if (chunked_ && piece_.then == HttpStream::Then::end) {
      after_ = octets > 0 ? "\r\n0\r\n\r\n" : "0\r\n\r\n";
    }
    left_ = frame_size_ + octets + after_.size();
  }

  bool written() const { return left_ == 0; }
  HttpStream::Then then() const { return piece_.then; }

  // What is still to be written.
  Buffers rest() const {
    const std::size_t octets = piece_.octets == nullptr ? 0 : piece_.octets->size();
    Buffers buffers = {boost::asio::buffer(frame_.data(), frame_size_),
                       boost::asio::buffer(octets == 0 ? nullptr : piece_.octets->data(), octets),
                       boost::asio::buffer(after_.data(), after_.size())};
    std::size_t past = boost::asio::buffer_size(buffers) - left_;
    for (boost::asio::const_buffer& buffer : buffers) {
      const std::size_t skipped = std::min(past, buffer.size());
      buffer += skipped;
      past -= skipped;
    }
    return buffers;
  }

  void wrote(std::size_t octets) {
    left_ -= octets;
    if (left_ == 0) piece_.octets = nullptr;  // Others may still hold it; we need not.
  }

 private:
  std::size_t frame(std::size_t octets) {
    char* const end = std::to_chars(frame_.data(), frame_.data() + 16, octets, 16).ptr;
    end[0] = '\r';
    end[1] = '\n';
    return static_cast<std::size_t>(end + 2 - frame_.data());
  }

  bool chunked_;
  HttpStream::Piece piece_;
  std::array<char, 18> frame_{};
  std::size_t frame_size_ = 0;
  std::string_view after_;
  std::size_t left_ = 0;  // Of the frame, the octets and what comes after.
};

// Where one coroutine waits until its own thread says to go on. No coroutine itself, because no
// lambda may stand in a co_await expression.
class Pause final {
 public:
  explicit Pause(const WorkerExecutor& executor) : executor_(executor) {}

  bool waiting() const { return waiter_ != nullptr; }

  void resume() {
    if (waiter_ == nullptr) return;
    waiter_->post(executor_);
    waiter_ = nullptr;
  }

  template <class Token>
  auto wait(Token token) {
    return boost::asio::async_initiate<Token, void()>(
        [this](auto handler) {
          waiter_ = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler));
        },
        token);
  }

 private:
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void post(const WorkerExecutor& executor) = 0;
  };
  template <class Handler>
  struct WaiterOf final : Waiter {
    explicit WaiterOf(Handler waiting) : handler(std::move(waiting)) {}
    void post(const WorkerExecutor& executor) override {
      boost::asio::post(executor, std::move(handler));
    }
    Handler handler;
  };

  WorkerExecutor executor_;
  std::unique_ptr<Waiter> waiter_;
};

}  // namespace cpl
