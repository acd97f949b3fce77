#include "registry/statement/packed_model_id.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";
constexpr std::array<std::size_t, 3> part_octets = {2, 4, 4};

unsigned value_of(char digit) { return static_cast<unsigned>(digits.find(digit)); }

}  // namespace

PackedModelId::PackedModelId(const ModelId& id) {
  octets_[0] = static_cast<std::uint8_t>(id.device_type());
  std::size_t at = 1;
  for (const std::string_view part :
       {id.manufacturer_id(), id.device_model(), id.firmware_version()}) {
    for (std::size_t i = 0; i < part.size(); i += 2) {
      octets_[at++] = static_cast<std::uint8_t>(value_of(part[i]) << 4U | value_of(part[i + 1]));
    }
  }
}

ModelId PackedModelId::unpacked() const {
  std::string text = to_string(static_cast<DeviceType>(octets_[0]));
  std::size_t at = 1;
  for (const std::size_t count : part_octets) {
    text += '-';
    for (std::size_t i = 0; i < count; ++i, ++at) {
      text += digits[octets_[at] >> 4U];
      text += digits[octets_[at] & 0xFU];
    }
  }
  auto id = ModelId::parse(text);
  check(id.has_value());
  return *std::move(id);
}

HashOfModelId::HashOfModelId() {
  const Bytes salt = random_bytes(salt_.size());
  std::copy(salt.begin(), salt.end(), salt_.begin());
}

std::size_t HashOfModelId::operator()(const PackedModelId& id) const {
  const Hash hash = sha256({BytesView(salt_.data(), salt_.size()), id.view()});
  return static_cast<std::size_t>(read_big_endian(hash.view().substr(0, sizeof(std::size_t))));
}

}  // namespace cpl
