#include "crypto/signing_key.hpp"

namespace cpl {
namespace {

class HeldKey final : public SigningKey {
 public:
  explicit HeldKey(PrivateKey key) : key_(std::move(key)) {}
  const PublicKey& public_key() const override { return key_.public_key(); }
  Result<Bytes> sign(BytesView message) const override { return key_.sign(message); }

 private:
  const PrivateKey key_;
};

}  // namespace

std::shared_ptr<const SigningKey> held_key(PrivateKey key) {
  return std::make_shared<HeldKey>(std::move(key));
}

}  // namespace cpl
