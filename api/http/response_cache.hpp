// Answers that were given before: those about one published state of the log hold until the next,
// those about full tiles and entries for ever. Bounded; any thread.
#pragma once

#include <array>
#include <unordered_map>

#include "api/http/http.hpp"
#include "crypto/mutex.hpp"

namespace cpl {

class ResponseCache {
 public:
  explicit ResponseCache(std::size_t octets_max) : octets_max_(octets_max / shards_.size()) {}

  // `size` is that of the log now. An answer kept for another size is not given.
  std::optional<HttpResponse> find(const std::string& target, TreeSize size) const;
  // Without a size the answer holds for every size.
  void keep(const std::string& target, std::optional<TreeSize> size, const HttpResponse& response);

 private:
  struct Kept {
    std::optional<TreeSize> size;
    HttpResponse response;
  };
  struct Shard {
    mutable Mutex mutex;
    std::unordered_map<std::string, Kept> kept GUARDED_BY(mutex);
    std::size_t octets GUARDED_BY(mutex) = 0;
  };

  std::size_t shard_of(const std::string& target) const;

  std::array<Shard, 16> shards_;
  const std::size_t octets_max_;  // Of one shard.
};

}  // namespace cpl
