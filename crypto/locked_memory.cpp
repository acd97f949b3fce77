#include "crypto/locked_memory.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

namespace cpl {
namespace {

// OpenSSL has no other place for a key once this is full. Each TLS handshake has a key of its own;
// here is room for those of as many as there can be connections.
constexpr std::size_t heap_octets = std::size_t{4} << 20U;
constexpr std::size_t smallest_piece = 16;
constexpr int locked = 1;  // 2: had, but not locked.

}  // namespace

bool lock_private_keys() {
  if (CRYPTO_secure_malloc_initialized() == 1) return true;
  return CRYPTO_secure_malloc_init(heap_octets, smallest_piece) == locked;
}

bool lock_in_memory(BytesView secret) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(secret.data()) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(secret.data()) + secret.size();
  const auto octets = (end - first + page - 1) / page * page;
  auto* const pages = reinterpret_cast<void*>(first);  // NOLINT(performance-no-int-to-ptr)
  return ::mlock(pages, octets) == 0 && ::madvise(pages, octets, MADV_DONTDUMP) == 0;
}

void wipe(Bytes& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace cpl
