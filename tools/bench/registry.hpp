// A registry to measure: people with keys, their signed statements, a prepared log on disk, and the
// service composed as cpld composes it.
#pragma once

#include <filesystem>

#include "api/server/server.hpp"
#include "notifier/run/notifier.hpp"
#include "notifier/send/http_transport.hpp"
#include "registry/log/log.hpp"

namespace cpl::bench {

struct People {
  NoteSigner log;
  std::vector<NoteSigner> panel;
  std::vector<NoteSigner> registrar;
  std::vector<NoteSigner> desk;

  static People make();
  Charter charter() const;
};

inline const std::string origin = "bench.example/cpl";

Bytes sign(const StatementBody& body, std::span<const NoteSigner> signers);
// Additions with two signatures each. Models stand for themselves: predecessors are left out.
std::vector<Bytes> sign_additions(const std::vector<DeviceModel>& models, const People& people,
                                  unsigned threads);

// Runs `work(i)` for every i below `count`.
void in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

struct OpenLog {
  SystemClock clock;
  std::unique_ptr<Store> store;
  std::unique_ptr<SignedSizeRecord> signed_size;
  std::unique_ptr<Log> log;
};
Result<std::unique_ptr<OpenLog>> open_log(const std::filesystem::path& folder,
                                          const People& people);
// Checks the signatures on `threads` threads, then appends in batches; none may be refused.
Result<void> append(Log& log, const std::vector<Bytes>& notes, unsigned threads);

// What takes a model off the list, in the order of the log, where its first entry is to be `next`:
// decision, notice, two receipts, removal, final minutes.
std::vector<Bytes> removal_notes(const People& people, const ModelId& model, EntryIndex next);
inline constexpr std::size_t notes_before_removal = 4;

// A log that was filled and closed.
struct Prepared {
  std::filesystem::path folder;
  ModelId removed;               // Confirmed by final minutes.
  std::vector<std::string> ids;  // Of some thousand models.
};
Result<Prepared> prepare_log(const std::filesystem::path& folder, const People& people,
                             std::size_t models, unsigned threads);

// Log, sequencer, notifier, API and server in this process, on a free port of the loopback.
class RunningRegistry {
 public:
  static Result<std::unique_ptr<RunningRegistry>> start(const std::filesystem::path& folder,
                                                        const People& people, unsigned threads,
                                                        HttpTransportOptions sending = {});
  ~RunningRegistry();
  RunningRegistry(const RunningRegistry&) = delete;
  RunningRegistry& operator=(const RunningRegistry&) = delete;

  std::uint16_t port() const;
  std::shared_ptr<const LogView> view() const;
  Notifier& notifier() const;

 private:
  struct Parts;
  explicit RunningRegistry(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace cpl::bench
