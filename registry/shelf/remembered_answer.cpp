#include "registry/shelf/remembered_answer.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::size_t time_size = 8;
constexpr std::size_t fixed_size = time_size + 2 * sizeof(Hash);

}  // namespace

Bytes encode(BytesView key, const RememberedAnswer& answer) {
  Bytes value;
  append_u64(value, answer.at.value);
  value.append(answer.fingerprint.view()).append(answer.sealed);
  return value.append(sha256({key, value}).view());
}

Result<RememberedAnswer> decode_remembered_answer(BytesView key, BytesView value) {
  if (value.size() < fixed_size) return corrupt("a remembered answer is cut short");
  const BytesView checked = value.substr(0, value.size() - sizeof(Hash));
  if (sha256({key, checked}).view() != value.substr(checked.size())) {
    return corrupt("a remembered answer is not what was written");
  }
  RememberedAnswer answer;
  answer.at = UnixMillis{read_big_endian(checked.substr(0, time_size))};
  answer.fingerprint = hash_from_bytes(checked.substr(time_size, sizeof(Hash))).value_or(Hash{});
  answer.sealed = Bytes(checked.substr(time_size + sizeof(Hash)));
  return answer;
}

}  // namespace cpl
