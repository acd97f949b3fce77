#include "registry/query/find_anything.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t manufacturers_max = 20'000;
constexpr std::size_t meetings_max = 10'000;
constexpr std::size_t id_prefix_min = 3;  // "CH-"
constexpr std::size_t name_part_min = 2;

class Finder {
 public:
  Finder(const LogView& log, std::string_view text, std::size_t count_max)
      : log_(log), lower_(ascii_lower(text)), count_max_(count_max) {}

  Result<std::vector<Found>> run() {
    if (lower_.empty()) return std::move(found_);
    TRY_VOID(find_entry());
    TRY_VOID(find_hash());
    TRY_VOID(find_meetings());
    TRY_VOID(find_fact(ModelFact::certificate, FoundKind::certificate));
    TRY_VOID(find_fact(ModelFact::cpl_entry_id, FoundKind::model));
    TRY_VOID(find_models());
    TRY_VOID(find_manufacturers());
    return std::move(found_);
  }

 private:
  bool is_full() const { return found_.size() >= count_max_; }
  void add(Found found) {
    if (!is_full()) found_.push_back(std::move(found));
  }

  Result<void> add_entry(EntryIndex entry) {
    FoundKind kind = FoundKind::entry;
    if (TRY(log_.list().notice(entry))) kind = FoundKind::notice;
    if (TRY(log_.list().decision(entry))) kind = FoundKind::decision;
    add({.kind = kind, .id = std::to_string(entry.value), .name = {}, .entry = entry});
    return {};
  }

  Result<void> find_entry() {
    const auto number = from_decimal(lower_);
    if (!number || *number >= log_.size().value) return {};
    return add_entry(EntryIndex{*number});
  }

  Result<void> find_hash() {
    const auto hash = hash_from_hex(lower_);
    if (!hash) return {};
    if (const auto entry = TRY(log_.find_statement(*hash))) TRY_VOID(add_entry(*entry));
    return find_fact(ModelFact::image_hash, FoundKind::image);
  }

  Result<void> find_meetings() {
    for (const MeetingRef& ref : TRY(log_.list().meeting_refs(meetings_max))) {
      if (ascii_lower(ref.meeting) != lower_) continue;
      add({.kind = FoundKind::meeting, .id = ref.meeting, .name = ref.body});
    }
    return {};
  }

  Result<void> find_fact(ModelFact fact, FoundKind kind) {
    for (const std::string& id : TRY(log_.list().index().with(fact, lower_, count_max_))) {
      const auto parsed = ModelId::parse(id);
      auto record = parsed ? TRY(log_.list().model(*parsed)) : std::nullopt;
      if (!record) continue;
      const std::string shown = kind == FoundKind::model ? id : as_written(*record, kind);
      add({.kind = kind, .id = shown, .name = {}, .entry = {}, .model = std::move(record)});
    }
    return {};
  }

  // As the model has it: what was looked for may be in other letters.
  std::string as_written(const ModelRecord& record, FoundKind kind) const {
    if (kind == FoundKind::image) return lower_;
    const DeviceModel& model = record.model;
    for (const auto& certificate : {model.zigbee, model.dlms}) {
      if (certificate && ascii_lower(certificate->number) == lower_) return certificate->number;
    }
    return model.cpa ? model.cpa->number : lower_;
  }

  Result<void> find_models() {
    if (lower_.size() < id_prefix_min) return {};
    std::string prefix = lower_;
    std::transform(prefix.begin(), prefix.end(), prefix.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    const bool names_a_type =
        std::any_of(device_type_words.begin(), device_type_words.end(), [&](const auto& type) {
          const std::string form = std::string(type) + "-";
          return prefix.starts_with(form) || form.starts_with(prefix);
        });
    if (!names_a_type) return {};
    // That id itself comes after no other that begins with it.
    const auto whole = ModelId::parse(prefix);
    if (whole) return add_model(*whole);
    for (ModelRecord& record : TRY(log_.list().models_after(prefix, count_max_))) {
      std::string id = record.model.id().text();
      if (!id.starts_with(prefix)) break;
      add({.kind = FoundKind::model,
           .id = std::move(id),
           .name = {},
           .entry = {},
           .model = std::move(record)});
    }
    return {};
  }

  Result<void> add_model(const ModelId& id) {
    auto record = TRY(log_.list().model(id));
    if (!record) return {};
    add({.kind = FoundKind::model,
         .id = id.text(),
         .name = {},
         .entry = {},
         .model = std::move(record)});
    return {};
  }

  Result<void> find_manufacturers() {
    if (lower_.size() < name_part_min) return {};
    for (auto& [id, name] : TRY(log_.list().index().manufacturers(manufacturers_max))) {
      if (is_full()) return {};
      const bool is_named = ascii_lower(name).find(lower_) != std::string::npos;
      if (!is_named && ascii_lower(id) != lower_) continue;
      add({.kind = FoundKind::manufacturer, .id = std::move(id), .name = std::move(name)});
    }
    return {};
  }

  const LogView& log_;
  const std::string lower_;
  const std::size_t count_max_;
  std::vector<Found> found_;
};

}  // namespace

Result<std::vector<Found>> find_anything(const LogView& log, std::string_view text,
                                         std::size_t count_max) {
  return Finder(log, text, count_max).run();
}

}  // namespace cpl
