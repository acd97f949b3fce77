// Long work off the serving threads: in turn for each address, bounded, and never all the threads
// for one.
#include "api/routes/read_pool.hpp"

#include <catch2/catch.hpp>
#include <future>

namespace cpl::testing::read_pool_test {

namespace {

// Work that goes on until it is let go.
class Gate {
 public:
  ReadPool::Work work() {
    return [this] {
      ++started_;
      gate_.wait();
    };
  }
  void open() { opens_.set_value(); }
  void wait_for_started(int count) const {
    while (started_ < count) std::this_thread::yield();
  }
  int started() const { return started_; }

 private:
  std::promise<void> opens_;
  std::shared_future<void> gate_ = opens_.get_future().share();
  std::atomic<int> started_ = 0;
};

}  // namespace

TEST_CASE("read pool: an address that asks for much never keeps the others from being served") {
  ReadPool pool(ReadPool::Options{.threads = 2});
  Gate gate;
  for (int i = 0; i < 10; ++i) REQUIRE(pool.run("192.0.2.1", gate.work()));
  gate.wait_for_started(1);
  std::promise<void> served;
  REQUIRE(pool.run("192.0.2.2", [&] { served.set_value(); }));
  served.get_future().get();
  CHECK(gate.started() == 1);
  CHECK(pool.stats().waiting == 9);
  gate.open();
  gate.wait_for_started(10);
  pool.stop();  // Its threads use what is let go here.
}

TEST_CASE("read pool: addresses take turns") {
  ReadPool pool(ReadPool::Options{.threads = 1});
  Gate gate;
  REQUIRE(pool.run("192.0.2.9", gate.work()));
  gate.wait_for_started(1);
  std::string order;
  std::promise<void> done;
  for (const char c : std::string("aaa")) REQUIRE(pool.run("192.0.2.1", [&, c] { order += c; }));
  for (const char c : std::string("bb")) REQUIRE(pool.run("192.0.2.2", [&, c] { order += c; }));
  REQUIRE(pool.run("192.0.2.3", [&] { order += 'c'; }));
  REQUIRE(pool.run("192.0.2.1", [&] { done.set_value(); }));
  gate.open();
  done.get_future().get();
  CHECK(order == "abcaba");
  pool.stop();  // Its threads use what is let go here.
}

TEST_CASE("read pool: what waits is bounded, of one address and of all") {
  ReadPool pool(ReadPool::Options{.threads = 1, .waiting_max = 3, .waiting_per_address_max = 2});
  Gate gate;
  REQUIRE(pool.run("192.0.2.1", gate.work()));
  gate.wait_for_started(1);
  CHECK(pool.run("192.0.2.1", gate.work()));
  CHECK(pool.run("192.0.2.1", gate.work()));
  CHECK_FALSE(pool.run("192.0.2.1", gate.work()));
  CHECK(pool.run("192.0.2.2", gate.work()));
  CHECK_FALSE(pool.run("192.0.2.3", gate.work()));
  CHECK(pool.stats().refused == 2);
  gate.open();
  gate.wait_for_started(4);
  std::promise<void> served;
  CHECK(pool.run("192.0.2.3", [&] { served.set_value(); }));
  served.get_future().get();
  pool.stop();  // Its threads use what is let go here.
}

TEST_CASE("read pool: stopping ends what is under way, and drops what waits") {
  ReadPool pool(ReadPool::Options{.threads = 1});
  Gate gate;
  REQUIRE(pool.run("192.0.2.1", gate.work()));
  gate.wait_for_started(1);
  const auto held = std::make_shared<int>(0);
  REQUIRE(pool.run("192.0.2.1", [held] {}));
  std::thread stopping([&] { pool.stop(); });
  while (pool.run("192.0.2.2", [] {})) std::this_thread::yield();
  gate.open();
  stopping.join();
  CHECK(held.use_count() == 1);
  CHECK(gate.started() == 1);
}

}  // namespace cpl::testing::read_pool_test
