// The head: what the store says of the log in it, under the key H (registry/FORMAT.md, Head).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crypto/bytes.hpp"
#include "registry/base/time.hpp"
#include "registry/log/signed_size.hpp"
#include "registry/store/store.hpp"

namespace cpl {

struct LogHead {
  TreeSize size;
  Hash root;
  Hash state_root;  // After the last entry.
  UnixMillis time;  // Of the last entry.

  Bytes encode() const;
  // As it is stored, or that of an empty log.
  static Result<LogHead> read(const StoreView& store);
  // As it must have been when this size was signed; without what the last entry holds, where that
  // cannot be read.
  static LogHead at(const SignedSize& signed_size, std::shared_ptr<const StoreView> store);
};

}  // namespace cpl
