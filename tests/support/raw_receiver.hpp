// A receiver of notices that says what no well-behaved server would.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"
#include "tests/support/loopback_listener.hpp"

namespace cpl {

// Takes connections and says one thing to each, whatever it is asked; nothing: says nothing.
class RawReceiver final {
 public:
  enum class Then : std::uint8_t { waits, closes };
  enum class First : std::uint8_t { listens, speaks };

  explicit RawReceiver(Bytes words, Then then = Then::waits, First first = First::listens)
      : words_(std::move(words)), then_(then), first_(first) {
    thread_ = std::thread([this] { run(); });
  }
  ~RawReceiver() {
    listener_.end();
    if (const int peer = peer_; peer >= 0) ::shutdown(peer, SHUT_RDWR);
    thread_.join();
  }
  RawReceiver(const RawReceiver&) = delete;
  RawReceiver& operator=(const RawReceiver&) = delete;

  std::uint16_t port() const { return listener_.port(); }
  // All that the other side said until it left.
  Bytes heard() const {
    std::unique_lock lock(mutex_);
    check(left_.wait_for(lock, std::chrono::seconds(10), [&] { return has_left_; }));
    return heard_;
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()) + "/"; }

 private:
  void run() {
    for (int peer = -1; (peer = listener_.accept()) >= 0;) {
      peer_ = peer;
      std::array<char, 4096> buffer;
      if (first_ == First::listens) ::recv(peer, buffer.data(), buffer.size(), 0);
      ::send(peer, words_.data(), words_.size(), MSG_NOSIGNAL);
      if (then_ == Then::closes) ::shutdown(peer, SHUT_WR);
      // Until the other side has had enough.
      for (ssize_t size = 0; (size = ::recv(peer, buffer.data(), buffer.size(), 0)) > 0;) {
        const std::lock_guard lock(mutex_);
        heard_.append(buffer.data(), static_cast<std::size_t>(size));
      }
      peer_ = -1;
      ::close(peer);
      const std::lock_guard lock(mutex_);
      has_left_ = true;
      left_.notify_all();
    }
  }

  const Bytes words_;
  const Then then_;
  const First first_;
  const LoopbackListener listener_;
  std::atomic<int> peer_ = -1;
  mutable std::mutex mutex_;
  mutable std::condition_variable left_;
  Bytes heard_;            // After the words. Guarded by mutex_, as is the next.
  bool has_left_ = false;  // The first that came.
  std::thread thread_;
};

}  // namespace cpl
