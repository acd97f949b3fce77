#include "registry/log/log_head.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/log/log_view.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl {
namespace {

Result<LogHead> empty_head(const StoreView& store) {
  RowPages entries(store, keyspace::Kind::entry, 1);
  if (!TRY(entries.next()).empty()) {
    return corrupt("the stored head is missing, though there are entries");
  }
  return LogHead{TreeSize{0}, merkle_empty_root(), Hash{}, UnixMillis{0}};
}

}  // namespace

Bytes LogHead::encode() const {
  return canonical_json({{"size", size.value},
                         {"root", to_base64(root)},
                         {"state_root", to_base64(state_root)},
                         {"time", time.value}});
}

Result<LogHead> LogHead::read(const StoreView& store) {
  const auto value = TRY(store.get(store_keys::head()));
  if (!value) return empty_head(store);
  const Json json = TRY(parse_json(*value));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const LogHead head{TreeSize{reader.integer("size", 0, json_integer_max)},
                     hash_from_base64(reader.text("root", 64)).value_or(Hash{}),
                     hash_from_base64(reader.text("state_root", 64)).value_or(Hash{}),
                     UnixMillis{reader.integer("time", 0, json_integer_max)}};
  reader.done();
  if (!errors.empty()) return corrupt("the stored head is wrong: " + describe(errors));
  return head;
}

LogHead LogHead::at(const SignedSize& signed_size, std::shared_ptr<const StoreView> store) {
  LogHead head{signed_size.size, signed_size.root, Hash{}, UnixMillis{0}};
  if (head.size.value == 0) return head;
  const LogView whole({{{}, head.size, head.root, {}}, {}}, std::move(store), nullptr);
  if (const auto last = whole.entry(EntryIndex{head.size.value - 1})) {
    head.state_root = last->state_root;
    head.time = last->time;
  }
  return head;
}

}  // namespace cpl
