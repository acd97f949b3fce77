// Statements come in: one as a signed note, many at once, or to be judged only.
#pragma once

#include <atomic>

#include "api/http/rate_limiter.hpp"
#include "api/routes/call.hpp"
#include "api/routes/problems.hpp"
#include "registry/log/sequencer.hpp"

namespace cpl {

// What became of them; any thread.
struct StatementCounts {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> repeated{0};
  std::atomic<std::uint64_t> refused{0};

  void note(const Result<Accepted>& answer);
};

class StatementRoutes {
 public:
  // The references outlive this. `rate` is for each address; `origin` is the log's name.
  StatementRoutes(const Log& log, Sequencer& sequencer, const Clock& clock, RateLimiter& rate,
                  Problems& problems, const std::string& origin)
      : log_(log),
        sequencer_(sequencer),
        clock_(clock),
        rate_(rate),
        problems_(problems),
        origin_(origin) {}

  void post(const HttpRequest& request, Finish finish);
  void post_batch(const HttpRequest& request, Finish finish);
  Result<HttpResponse> judge(const Call& call);

  // One that was looked at elsewhere; `done` runs once, on any thread.
  void enter(SignedStatement statement, std::function<void(const Result<Accepted>&)> done);

  const StatementCounts& counts() const { return counts_; }

 private:
  const Log& log_;
  Sequencer& sequencer_;
  const Clock& clock_;
  RateLimiter& rate_;
  RateLimiter unsigned_rate_{{.per_second = 5, .burst = 50, .addresses_max = 10'000}};
  Problems& problems_;
  const std::string& origin_;
  StatementCounts counts_;
};

}  // namespace cpl
