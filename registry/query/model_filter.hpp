// Which models of the list are asked for.
#pragma once

#include "registry/log/stored_list.hpp"

namespace cpl {

struct ModelFilter {
  std::optional<DeviceType> device_type;
  std::string manufacturer_id;  // Empty: of any.
  std::optional<ModelStatus> status;
  // Lower case; anywhere in the id, the manufacturer's name, the printed firmware or the CPL entry
  // id.
  std::string text;
  std::optional<Date> cover_ends_by;  // Listed ones of which a certificate ends by then.

  // All but the status and the cover: those depend on when one looks.
  bool matches(const DeviceModel& model) const;
  bool matches_now(const ModelRecord& record) const;
  // Whether the text may stand anywhere in the octets of a record. False only if it does not match.
  bool may_match(BytesView stored) const;
};

// Ids from `from` to before `to`, an empty one of which is beyond all.
struct IdRange {
  std::string from;
  std::string to;
  bool operator==(const IdRange&) const = default;
};

// Where models that match may stand, in order of id. Everything else is known not to match.
struct WhereToLook {
  std::vector<IdRange> ranges;
  // Every record there must be read to see whether the text is in it.
  bool text_is_open = false;
};
Result<WhereToLook> where_to_look(const ModelIndex& index, const ModelFilter& filter);

}  // namespace cpl
