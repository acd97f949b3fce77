#include "api/http/response_cache.hpp"

namespace cpl {
namespace {

constexpr std::size_t overhead = 512;  // Of a kept answer beyond its body, about.

std::size_t weight_of(const std::string& target, const HttpResponse& response) {
  return overhead + target.size() + (response.body ? response.body->size() : 0);
}

}  // namespace

std::size_t ResponseCache::shard_of(const std::string& target) const {
  return std::hash<std::string>()(target) % shards_.size();
}

std::optional<HttpResponse> ResponseCache::find(const std::string& target, TreeSize size) const {
  const Shard& shard = shards_[shard_of(target)];
  const Lock lock(shard.mutex);
  const auto found = shard.kept.find(target);
  if (found == shard.kept.end()) return std::nullopt;
  if (found->second.size && *found->second.size != size) return std::nullopt;
  return found->second.response;
}

void ResponseCache::keep(const std::string& target, std::optional<TreeSize> size,
                         const HttpResponse& response) {
  Shard& shard = shards_[shard_of(target)];
  const std::size_t weight = weight_of(target, response);
  const Lock lock(shard.mutex);
  // A full shard starts anew: simpler than an order of use, and just as bounded.
  if (shard.octets + weight > octets_max_) {
    shard.kept.clear();
    shard.octets = 0;
  }
  const auto found = shard.kept.find(target);
  if (found != shard.kept.end()) shard.octets -= weight_of(target, found->second.response);
  shard.octets += weight;
  shard.kept.insert_or_assign(target, Kept{size, response});
}

}  // namespace cpl
