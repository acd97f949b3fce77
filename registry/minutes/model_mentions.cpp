#include "registry/minutes/model_mentions.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "registry/minutes/words.hpp"

namespace cpl {
namespace {

// A run of letters and digits of any alphabet.
struct Group {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
  std::string_view in(std::string_view text) const { return text.substr(begin, size()); }
};

// Punctuation of Unicode, dashes among it, is of three octets: E2 80 .. or E2 88 92.
bool is_wide_punctuation(std::string_view text) {
  return text.starts_with("\xE2\x80") || text.starts_with("\xE2\x88\x92");
}

bool is_of_group(std::string_view text) {
  const char c = text.front();
  if (static_cast<unsigned char>(c) >= 0x80) return !is_wide_punctuation(text);
  return is_ascii_lower(c) || is_ascii_upper(c) || is_ascii_digit(c);
}

std::vector<Group> groups_of(std::string_view text) {
  std::vector<Group> groups;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    while (at < text.size() && is_of_group(text.substr(at))) ++at;
    if (at > begin) groups.push_back({begin, at});
    if (at < text.size()) at += is_wide_punctuation(text.substr(at)) ? 3 : 1;
  }
  return groups;
}

// Eight hexadecimal digits, or that with a digit lost, added or replaced by a look-alike.
bool looks_like_half(std::string_view group) {
  if (group.size() < 6 || group.size() > 12) return false;
  std::size_t hex = 0;
  std::size_t decimal = 0;
  for (const char c : group) {
    decimal += is_ascii_digit(c) ? 1 : 0;
    hex += is_ascii_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f') ? 1 : 0;
  }
  return decimal >= 1 && hex >= 6 && hex + 2 >= group.size();
}

bool looks_like_maker(std::string_view group) {
  return group.size() >= 3 && group.size() <= 5 &&
         std::any_of(group.begin(), group.end(), is_ascii_digit);
}

class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text), groups_(groups_of(text)) {}

  std::vector<ModelMention> find() {
    for (std::size_t i = 0; i < groups_.size();) i = read(i);
    return std::move(found_);
  }

 private:
  bool near(std::size_t i, std::size_t joint_size_max = 4) const {
    return i + 1 < groups_.size() && groups_[i + 1].begin - groups_[i].end <= joint_size_max;
  }
  std::string_view group(std::size_t i) const { return groups_[i].in(text_); }
  bool is_joined(std::size_t i) const { return near(i) && text_[groups_[i].end] != ' '; }

  // Reads at the i-th group; returns where to go on.
  std::size_t read(std::size_t i) {
    const bool typed = device_type_of(ascii_upper(group(i))).has_value();
    if (typed && i + 3 < groups_.size() && groups_[i + 3].end - groups_[i].begin < 64) {
      auto id = ModelId::parse(
          ascii_upper(text_.substr(groups_[i].begin, groups_[i + 3].end - groups_[i].begin)));
      const bool goes_on = near(i + 3, 1) && text_[groups_[i + 3].end] == '-';
      if (id && !goes_on) return add(i, i + 3, *std::move(id));
    }
    if (typed && is_joined(i) &&
        (looks_like_maker(group(i + 1)) || looks_like_half(group(i + 1)))) {
      return add(i, last_of(i + 1), std::nullopt);
    }
    if (looks_like_half(group(i)) && near(i) && looks_like_half(group(i + 1))) {
      return add(first_of(i), last_of(i), std::nullopt);
    }
    return i + 1;
  }

  std::size_t add(std::size_t first, std::size_t last, std::optional<ModelId> id) {
    found_.push_back({groups_[first].begin, groups_[last].end, std::move(id)});
    return last + 1;
  }

  // The type and the maker before the halves, if they are there.
  std::size_t first_of(std::size_t i) const {
    const std::size_t reach = found_.empty() ? 0 : found_.back().end;
    for (int parts = 0; parts < 2 && i > 0 && near(i - 1) && groups_[i - 1].begin >= reach;
         ++parts) {
      --i;
    }
    return i;
  }
  std::size_t last_of(std::size_t i) const {
    for (int parts = 0; parts < 3 && near(i) && looks_like_half(group(i + 1)); ++parts) ++i;
    return i;
  }

  std::string_view text_;
  std::vector<Group> groups_;
  std::vector<ModelMention> found_;
};

}  // namespace

std::vector<ModelMention> find_model_mentions(std::string_view words) {
  return Finder(words).find();
}

}  // namespace cpl
