// One thread of the server with its io_context and the connections that live on it. Everything
// here is owned by that thread unless it says otherwise: no locks, no strands.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/server/admission.hpp"
#include "registry/base/histogram.hpp"

namespace cpl {

class Worker;

using WorkerExecutor = boost::asio::io_context::executor_type;
using WorkerSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, WorkerExecutor>;
template <class T>
using Awaitable = boost::asio::awaitable<T, WorkerExecutor>;
inline constexpr boost::asio::use_awaitable_t<WorkerExecutor> awaited;

// What all workers share: constant after construction, except the atomics.
struct ServerShared {
  ServerShared(ServerOptions server_options, HttpHandler http_handler);

  const ServerOptions options;
  const HttpHandler handler;
  std::optional<boost::asio::ssl::context> tls;
  const std::chrono::milliseconds sweep_interval;

  std::atomic<bool> stopping = false;  // Answers say so before the worker itself drains.
  std::atomic<std::uint64_t> accepted = 0;
  std::atomic<std::uint64_t> requests = 0;
  Histogram answer_times;
  ConnectionBook connections;
};

// A connection as its worker sees it. Registers itself; the worker's sweep ends what takes too
// long, so that a request costs no timer.
class Connection {
 public:
  Connection(Worker& worker, std::unique_ptr<ConnectionBook::Place> room);
  virtual ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void on_sweep(std::chrono::steady_clock::time_point now);
  virtual void on_wake() = 0;       // Something was published.
  virtual void on_drain() = 0;      // Closes if idle.
  virtual void on_drain_end() = 0;  // Gives up whatever it is doing.

  // Whether it should give way to a newcomer sooner than the other: it has yet to ask anything, or
  // owes its next request for longer.
  bool owes_request() const { return owes_since_ != std::chrono::steady_clock::time_point::max(); }
  bool owes_more_than(const Connection& other) const;
  void give_way();

 protected:
  // Makes the read or write under way fail.
  virtual void cancel() = 0;

  void allow(std::chrono::milliseconds time);
  void allow_forever() { deadline_ = std::chrono::steady_clock::time_point::max(); }
  // Whether the time allowed last has run out.
  bool expired() const { return expired_; }
  bool gave_way() const { return gave_way_; }
  void owe_request();
  void have_request();

  Worker& worker_;

 private:
  friend class Worker;

  std::size_t place_ = 0;  // In the worker's list.
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  std::chrono::steady_clock::time_point owes_since_;  // The latest possible: it owes none.
  bool has_asked_ = false;
  bool expired_ = false;
  bool gave_way_ = false;
  const std::unique_ptr<ConnectionBook::Place> room_;
};

class Worker final {
 public:
  explicit Worker(ServerShared& shared);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void run();    // The thread's body: returns when drained.
  void drain();  // Any thread.
  // Ends the connection that owes a request most of all. False: none does.
  bool make_room();
  // Any thread: asks every connection once, however often it is called in the meantime.
  void wake_streams();

  WorkerExecutor executor() { return context_.get_executor(); }
  ServerShared& shared() { return shared_; }
  std::string_view date() const { return date_; }
  // As of the last sweep, which is accurate enough for time-outs.
  std::chrono::steady_clock::time_point now() const { return now_; }

 private:
  friend class Connection;

  bool drained() const { return draining_ && connections_.empty(); }
  void add(Connection& connection);
  void remove(Connection& connection);
  void arm();
  void sweep();
  void wake_some();
  void finish_if_drained();

  ServerShared& shared_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<WorkerExecutor> work_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>,
                                    WorkerExecutor>
      timer_;
  std::vector<Connection*> connections_;
  std::chrono::steady_clock::time_point now_;
  std::chrono::steady_clock::time_point drain_end_ = std::chrono::steady_clock::time_point::max();
  std::string date_;
  bool draining_ = false;
  std::atomic<bool> wake_asked_ = false;
  std::size_t to_wake_ = 0;  // So many connections, from the first on, are still to be asked.
};

// Serves the connection until it ends, on its worker's thread, which is the calling one.
void serve(Worker& worker, WorkerSocket socket, std::unique_ptr<ConnectionBook::Place> room);
// Says that there is no room, as far as the system takes it at once. On the worker's thread.
void turn_away(Worker& worker, WorkerSocket socket);

}  // namespace cpl
