#include "registry/query/model_filter.hpp"

#include "crypto/encoding.hpp"
#include "registry/list/certificate_cover.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl {
namespace {

constexpr std::size_t matched_makers_max = 20'000;
constexpr std::size_t wordy_max = 3000;  // More, and the text is looked for in every record.

// What JSON writes as it is.
bool is_written_plainly(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

bool holds(std::string_view text, std::string_view part) {
  return ascii_lower(text).find(part) != std::string::npos;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

// Whether one of the two begins with the other.
bool is_beginning(std::string_view a, std::string_view b) {
  return a.starts_with(b) || b.starts_with(a);
}

IdRange range_of(const std::string& prefix) {
  return {prefix, prefix.empty() ? std::string() : keyspace::end_of(BytesView(prefix))};
}

// By device type and manufacturer, in order of id.
std::vector<std::string> prefixes_of(const ModelFilter& filter) {
  if (!filter.device_type && filter.manufacturer_id.empty()) return {""};
  std::vector<std::string> prefixes;
  for (const std::string_view type : device_type_words) {
    if (filter.device_type && type != to_string(*filter.device_type)) continue;
    prefixes.push_back(std::string(type) + "-" + filter.manufacturer_id);
  }
  std::sort(prefixes.begin(), prefixes.end());
  return prefixes;
}

// Where the text is the beginning of ids, what they begin with; else nothing.
std::optional<std::string> as_id_prefix(std::string_view text) {
  for (const std::string_view type : device_type_words) {
    if (is_beginning(ascii_lower(type) + "-", text)) return upper(text);
  }
  return std::nullopt;
}

// Whether ids can hold it elsewhere than at their beginning.
bool may_stand_within_id(std::string_view text) {
  for (const std::string_view type : device_type_words) {
    const std::string form = ascii_lower(type) + "-";
    for (std::size_t at = 1; at < form.size(); ++at) {
      if (is_beginning(std::string_view(form).substr(at), text)) return true;
    }
  }
  return text.find_first_not_of("0123456789abcdef-") == text.npos;
}

// Sorted, and none of them begins with another.
void make_apart(std::vector<std::string>& prefixes) {
  std::sort(prefixes.begin(), prefixes.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    if (kept > 0 && prefixes[i].starts_with(prefixes[kept - 1])) continue;
    if (kept != i) prefixes[kept] = std::move(prefixes[i]);
    ++kept;
  }
  prefixes.resize(kept);
}

// Of the prefixes, what is within those of the other filters.
std::vector<IdRange> ranges_within(const std::vector<std::string>& prefixes,
                                   const std::vector<std::string>& bounds) {
  std::vector<std::string> within;
  for (const std::string& prefix : prefixes) {
    for (const std::string& bound : bounds) {
      if (is_beginning(prefix, bound)) within.push_back(std::max(prefix, bound));
    }
  }
  make_apart(within);
  std::vector<IdRange> ranges;
  ranges.reserve(within.size());
  for (const std::string& prefix : within) ranges.push_back(range_of(prefix));
  return ranges;
}

// Manufacturers of which a name holds the text; and models of whose own texts one does. False where
// too many have texts with words.
Result<bool> add_named(const ModelIndex& index, const std::string& text,
                       std::vector<std::string>& prefixes) {
  for (const auto& [id, name] : TRY(index.manufacturers(matched_makers_max))) {
    if (!holds(name, text)) continue;
    for (const std::string_view type : device_type_words) {
      prefixes.push_back(std::string(type) + "-" + id + "-");
    }
  }
  auto wordy = TRY(index.wordy(wordy_max));
  if (wordy.size() == wordy_max) return false;
  for (auto& row : wordy) {
    if (row.text.find(text) != row.text.npos) prefixes.push_back(std::move(row.id));
  }
  make_apart(prefixes);
  return true;
}

}  // namespace

bool ModelFilter::matches(const DeviceModel& model) const {
  if (device_type && model.device_type != *device_type) return false;
  if (!manufacturer_id.empty() && model.manufacturer_id != manufacturer_id) return false;
  return text.empty() || holds(model.id().text(), text) || holds(model.manufacturer_name, text) ||
         holds(model.firmware_version_printed.value_or(""), text) ||
         holds(model.cpl_entry_id.value_or(""), text);
}

bool ModelFilter::matches_now(const ModelRecord& record) const {
  if (status && record.status != *status) return false;
  if (cover_ends_by) {
    if (record.status != ModelStatus::listed) return false;
    if (cover_ends(record, *cover_ends_by).empty()) return false;
  }
  return matches(record.model);
}

bool ModelFilter::may_match(BytesView stored) const {
  if (text.empty() || !is_written_plainly(text)) return true;
  const auto same = [](char a, char b) { return ascii_lower(a) == b; };
  return std::search(stored.begin(), stored.end(), text.begin(), text.end(), same) != stored.end();
}

Result<WhereToLook> where_to_look(const ModelIndex& index, const ModelFilter& filter) {
  const std::vector<std::string> bounds = prefixes_of(filter);
  std::vector<std::string> prefixes = {""};
  bool is_open = !filter.text.empty();
  if (has_words(filter.text) && !may_stand_within_id(filter.text)) {
    prefixes.clear();
    if (const auto id_prefix = as_id_prefix(filter.text)) prefixes.push_back(*id_prefix);
    is_open = !TRY(add_named(index, filter.text, prefixes));
    if (is_open) prefixes = {""};
  }
  return WhereToLook{ranges_within(prefixes, bounds), is_open};
}

}  // namespace cpl
