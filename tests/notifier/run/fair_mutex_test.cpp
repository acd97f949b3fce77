// A mutex that is had in the order in which it is asked for.
#include "notifier/run/fair_mutex.hpp"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

namespace cpl::testing::fair_mutex_test {

namespace {

void await_wanted(const FairMutex& mutex) {
  while (!mutex.is_wanted()) std::this_thread::yield();
}

}  // namespace

TEST_CASE("fair mutex: one thread at a time has it") {
  FairMutex mutex;
  int count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 2'000; ++round) {
        const std::lock_guard lock(mutex);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(count == 8'000);
  CHECK_FALSE(mutex.is_wanted());
}

TEST_CASE("fair mutex: who lets others in is let in after those who waited, and no later") {
  FairMutex mutex;
  std::vector<std::string> order;
  mutex.lock();
  CHECK_FALSE(mutex.is_wanted());
  std::thread other([&] {
    mutex.lock();
    order.emplace_back("other");
    await_wanted(mutex);  // The first one waits again by now.
    mutex.unlock();
    mutex.lock();
    order.emplace_back("other again");
    mutex.unlock();
  });
  await_wanted(mutex);
  order.emplace_back("first");
  mutex.unlock();
  mutex.lock();
  order.emplace_back("first again");
  await_wanted(mutex);
  mutex.unlock();
  other.join();
  CHECK(order == std::vector<std::string>{"first", "other", "first again", "other again"});
}

}  // namespace cpl::testing::fair_mutex_test
