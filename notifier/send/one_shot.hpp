// The bridge from a callback to a coroutine: a value that any thread hands over once, and one
// coroutine waits for. No coroutine itself: gcc 12 destroys the
// temporaries of a co_await expression twice, so that no lambda may stand in one.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <optional>

#include "crypto/mutex.hpp"
#include "crypto/result.hpp"

namespace cpl {

template <class T>
class OneShot {
 public:
  using Executor = boost::asio::io_context::executor_type;

  // `executor` is where the coroutine runs; its io_context outlives the wait, not this object.
  explicit OneShot(const Executor& executor) : executor_(executor) {}

  // Any thread, once.
  void complete(T value) {
    const Lock lock(mutex_);
    check(!completed_);
    completed_ = true;
    if (abandoned_) return;
    value_ = std::move(value);
    resume();
  }

  // The waiting side, on its executor: wakes the coroutine without a value, which it then no
  // longer wants. A value that comes later is dropped without touching the executor.
  void abandon() {
    const Lock lock(mutex_);
    abandoned_ = true;
    resume();
  }

  bool ready() const {
    const Lock lock(mutex_);
    return completed_ || abandoned_;
  }

  // Once ready. No value: abandoned before one came.
  std::optional<T> take() {
    const Lock lock(mutex_);
    return std::exchange(value_, std::nullopt);
  }

  template <class Token>
  auto wait(Token token) {
    return boost::asio::async_initiate<Token, void()>(
        [this](auto handler) {
          const Lock lock(mutex_);
          waiter_ = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler));
          if (completed_ || abandoned_) resume();
        },
        token);
  }

 private:
  // Whatever Asio makes of the waiting coroutine, which cannot be copied.
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void post(const Executor& executor) = 0;
  };
  template <class Handler>
  struct WaiterOf final : Waiter {
    explicit WaiterOf(Handler waiting) : handler(std::move(waiting)) {}
    void post(const Executor& executor) override {
      boost::asio::post(executor, std::move(handler));
    }
    Handler handler;
  };

  // Posts under the lock: the coroutine takes it before it goes on, so that the io_context cannot
  // end while this thread is still inside post().
  void resume() REQUIRES(mutex_) {
    if (waiter_ == nullptr) return;
    waiter_->post(executor_);
    waiter_ = nullptr;
  }

  const Executor executor_;
  mutable Mutex mutex_;
  std::optional<T> value_ GUARDED_BY(mutex_);
  std::unique_ptr<Waiter> waiter_ GUARDED_BY(mutex_);
  bool completed_ GUARDED_BY(mutex_) = false;
  bool abandoned_ GUARDED_BY(mutex_) = false;
};

}  // namespace cpl
