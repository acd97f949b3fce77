// Mutexes that clang checks: a member says which mutex guards it, a function which one its caller
// holds, and a build with clang refuses code that forgets it (-Wthread-safety). Those of libstdc++
// carry no such marks, hence these thin ones.
#pragma once

#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#if defined(__clang__)
#define CPL_THREAD_MARK(mark) __attribute__((mark))
#else
#define CPL_THREAD_MARK(mark)
#endif

// Of a class.
#define CAPABILITY(what) CPL_THREAD_MARK(capability(what))
#define SCOPED_CAPABILITY CPL_THREAD_MARK(scoped_lockable)
// Of a member: only with the mutex held; PT_: what it points to.
#define GUARDED_BY(mutex) CPL_THREAD_MARK(guarded_by(mutex))
#define PT_GUARDED_BY(mutex) CPL_THREAD_MARK(pt_guarded_by(mutex))
// Of a function: what its caller holds, or must not hold; what it takes and gives back.
#define REQUIRES(...) CPL_THREAD_MARK(requires_capability(__VA_ARGS__))
#define REQUIRES_SHARED(...) CPL_THREAD_MARK(requires_shared_capability(__VA_ARGS__))
#define EXCLUDES(...) CPL_THREAD_MARK(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) CPL_THREAD_MARK(acquire_capability(__VA_ARGS__))
#define ACQUIRE_SHARED(...) CPL_THREAD_MARK(acquire_shared_capability(__VA_ARGS__))
#define RELEASE(...) CPL_THREAD_MARK(release_capability(__VA_ARGS__))
#define RELEASE_SHARED(...) CPL_THREAD_MARK(release_shared_capability(__VA_ARGS__))
#define RELEASE_GENERIC(...) CPL_THREAD_MARK(release_generic_capability(__VA_ARGS__))
#define TRY_ACQUIRE(...) CPL_THREAD_MARK(try_acquire_capability(__VA_ARGS__))
// What clang cannot follow; a comment beside it says why it is right.
#define NO_THREAD_SAFETY_ANALYSIS CPL_THREAD_MARK(no_thread_safety_analysis)

namespace cpl {

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }
  bool try_lock() TRY_ACQUIRE(true) { return mutex_.try_lock(); }
  std::mutex& native() { return mutex_; }

 private:
  std::mutex mutex_;
};

class CAPABILITY("mutex") SharedMutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }
  void lock_shared() ACQUIRE_SHARED() { mutex_.lock_shared(); }
  void unlock_shared() RELEASE_SHARED() { mutex_.unlock_shared(); }

 private:
  std::shared_mutex mutex_;
};

// Held until its end, but for what is between unlock() and lock().
template <class Held = Mutex>
class SCOPED_CAPABILITY Lock {
 public:
  explicit Lock(Held& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex.lock(); }
  ~Lock() RELEASE() {
    if (is_held_) mutex_.unlock();
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  void lock() ACQUIRE() {
    mutex_.lock();
    is_held_ = true;
  }
  void unlock() RELEASE() {
    is_held_ = false;
    mutex_.unlock();
  }
  Held& mutex() { return mutex_; }

 private:
  Held& mutex_;
  bool is_held_ = true;
};

class SCOPED_CAPABILITY SharedLock {
 public:
  explicit SharedLock(SharedMutex& mutex) ACQUIRE_SHARED(mutex) : mutex_(mutex) {
    mutex.lock_shared();
  }
  ~SharedLock() RELEASE_GENERIC() { mutex_.unlock_shared(); }
  SharedLock(const SharedLock&) = delete;
  SharedLock& operator=(const SharedLock&) = delete;

 private:
  SharedMutex& mutex_;
};

// What the threads that hold a mutex wait for. `done` is called with the mutex held, which a lambda
// says: [&]() REQUIRES(mutex_) { return … }.
class Condition {
 public:
  template <class Done>
  void wait(Lock<Mutex>& lock, Done done) {
    const Native native(lock);
    condition_.wait(*native, done);
  }
  template <class Duration, class Done>
  bool wait_for(Lock<Mutex>& lock, Duration time_max, Done done) {
    const Native native(lock);
    return condition_.wait_for(*native, time_max, done);
  }
  template <class Time, class Done>
  bool wait_until(Lock<Mutex>& lock, Time time, Done done) {
    const Native native(lock);
    return condition_.wait_until(*native, time, done);
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  // The lock as the standard's condition takes it, and back.
  class Native {
   public:
    explicit Native(Lock<Mutex>& lock) : lock_(lock.mutex().native(), std::adopt_lock) {}
    ~Native() { lock_.release(); }
    Native(const Native&) = delete;
    Native& operator=(const Native&) = delete;
    std::unique_lock<std::mutex>& operator*() const { return lock_; }

   private:
    mutable std::unique_lock<std::mutex> lock_;
  };

  std::condition_variable condition_;
};

}  // namespace cpl
