#include "registry/minutes/pdf_layout.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "registry/minutes/pdf_text.hpp"
#include "registry/minutes/words.hpp"

namespace cpl {
namespace {

// As multiples of the size of a font.
constexpr double upright_height_max = 1.35;  // A box higher than this holds letters at an angle.
constexpr double large_size_min = 1.8;
constexpr double raised_size_max = 0.8;
// More neighbours than this no word on a page has.
constexpr int neighbours_max = 64;

// In the order of reading: up the page, down it, or to the right.
std::string joined_text(std::vector<PlacedWord> words) {
  const int rotation = words.front().rotation;
  std::stable_sort(words.begin(), words.end(),
                   [rotation](const PlacedWord& a, const PlacedWord& b) {
                     if (rotation == 3) return a.bottom > b.bottom;
                     return rotation == 0 ? a.left < b.left : a.top < b.top;
                   });
  std::string text;
  double right = 0;
  for (const PlacedWord& word : words) {
    const bool apart = rotation == 0 ? word.left - right > 0.12 * word.size : word.text.size() > 3;
    if (!text.empty() && apart) text += ' ';
    text += word.text;
    right = word.right;
  }
  return text;
}

// Moves the words that `is_taken` says out of `words`.
template <class Predicate>
std::vector<PlacedWord> take_words(std::vector<PlacedWord>& words, Predicate is_taken) {
  std::vector<PlacedWord> taken;
  std::vector<PlacedWord> left;
  for (std::size_t i = 0; i < words.size(); ++i) {
    (is_taken(i) ? taken : left).push_back(std::move(words[i]));
  }
  words = std::move(left);
  return taken;
}

// Letters drawn at an angle come as short words, each beginning where the one before ends, and a
// step higher or lower.
class SlantedChains {
 public:
  explicit SlantedChains(const std::vector<PlacedWord>& words) : words_(words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i].text.size() <= 3) short_.push_back(i);
    }
    std::stable_sort(short_.begin(), short_.end(),
                     [this](auto a, auto b) { return words_[a].left < words_[b].left; });
  }

  // For each word whether it is of a chain.
  std::vector<bool> find(double usual_size) const {
    std::vector<bool> found(words_.size());
    for (std::size_t at = 0; at < short_.size(); ++at) {
      if (found[short_[at]]) continue;
      std::vector<std::size_t> chain = {short_[at]};
      double direction = 0;
      for (std::size_t from = at; const auto next = next_of(from, direction);) {
        direction = words_[short_[*next]].centre() - words_[chain.back()].centre();
        chain.push_back(short_[*next]);
        from = *next;
      }
      const bool large = words_[chain.front()].size > 1.4 * usual_size;
      if (chain.size() < (large ? 2U : 4U)) continue;
      for (const std::size_t i : chain) found[i] = true;
    }
    return found;
  }

 private:
  // The position in short_ of the word that goes on with the one at `from`.
  std::optional<std::size_t> next_of(std::size_t from, double direction) const {
    const PlacedWord& word = words_[short_[from]];
    int looked_at = 0;
    for (std::size_t at = from + 1; at < short_.size() && ++looked_at <= neighbours_max; ++at) {
      const PlacedWord& next = words_[short_[at]];
      if (next.left > word.right + 0.5 * word.size) break;
      const double step = next.centre() - word.centre();
      const bool is_step = std::abs(step) > 0.08 * word.size && std::abs(step) < 0.98 * word.size;
      if (next.left > word.right - 0.3 * word.size && is_step && step * direction >= 0 &&
          std::abs(next.size - word.size) < 0.1 * word.size) {
        return at;
      }
    }
    return std::nullopt;
  }

  const std::vector<PlacedWord>& words_;
  std::vector<std::size_t> short_;  // From left to right.
};

bool overlaps(const PlacedWord& a, const PlacedWord& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// Large words that stand across smaller ones.
std::vector<bool> find_large_across(const std::vector<PlacedWord>& words, double usual_size) {
  std::vector<bool> found(words.size());
  int looked_at = 0;
  for (std::size_t i = 0; i < words.size() && looked_at < neighbours_max; ++i) {
    if (words[i].size < large_size_min * usual_size) continue;
    ++looked_at;
    found[i] = std::any_of(words.begin(), words.end(), [&](const PlacedWord& other) {
      return other.size * 1.4 < words[i].size && overlaps(words[i], other);
    });
  }
  return found;
}

// "1", "12", "*", "a": not the "th" of a date.
bool is_footnote_mark(std::string_view text) {
  for (const std::string_view mark : {"*", "**", "\u2020", "\u2021", "\u00A7", "a", "b", "c"}) {
    if (text == mark) return true;
  }
  return !text.empty() && text.size() <= 3 && std::all_of(text.begin(), text.end(), is_ascii_digit);
}

// The larger word that a raised one stands behind.
const PlacedWord* word_before_raised(const PlacedWord& raised,
                                     const std::vector<const PlacedWord*>& by_right) {
  const double reach = 0.6 * raised.size;
  auto at =
      std::lower_bound(by_right.begin(), by_right.end(), raised.left - reach,
                       [](const PlacedWord* word, double right) { return word->right < right; });
  for (int looked_at = 0; at != by_right.end() && looked_at < neighbours_max; ++at, ++looked_at) {
    const PlacedWord& word = **at;
    if (word.right > raised.left + reach) return nullptr;
    const bool larger = raised.size <= raised_size_max * word.size;
    const bool beside = raised.top < word.centre() && raised.bottom > word.top - 0.2 * word.size;
    if (larger && beside && raised.bottom < word.bottom - 0.12 * word.size) return &word;
  }
  return nullptr;
}

}  // namespace

double usual_font_size(const std::vector<PlacedPage>& pages) {
  std::map<double, std::size_t> letters;  // By size.
  std::size_t all = 0;
  for (const PlacedPage& page : pages) {
    for (const PlacedWord& word : page.words) {
      if (word.rotation != 0) continue;
      letters[word.size] += word.text.size();
      all += word.text.size();
    }
  }
  std::size_t below = 0;
  for (const auto& [size, count] : letters) {
    below += count;
    if (2 * below >= all) return size;
  }
  return 0;
}

std::vector<PageRemark> take_marks(std::vector<PlacedWord>& words, double usual_size) {
  const std::vector<bool> slanted = SlantedChains(words).find(usual_size);
  const std::vector<bool> across = find_large_across(words, usual_size);
  const auto turned = [&words](std::size_t i) {
    return words[i].rotation != 0 || words[i].height() > upright_height_max * words[i].size;
  };
  const std::vector<PlacedWord> taken =
      take_words(words, [&](std::size_t i) { return turned(i) || slanted[i] || across[i]; });
  if (taken.empty()) return {};
  return {{std::string(page_mark_reason), joined_text(taken)}};
}

std::vector<PageRemark> take_raised_marks(std::vector<PlacedWord>& words) {
  std::vector<const PlacedWord*> by_right;
  by_right.reserve(words.size());
  for (const PlacedWord& word : words) by_right.push_back(&word);
  std::stable_sort(by_right.begin(), by_right.end(),
                   [](const auto* a, const auto* b) { return a->right < b->right; });
  std::vector<bool> raised(words.size());
  std::vector<PageRemark> remarks;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_footnote_mark(words[i].text)) continue;
    const PlacedWord* word = word_before_raised(words[i], by_right);
    if (word == nullptr) continue;
    raised[i] = true;
    remarks.push_back(
        {"the raised mark of a footnote was left out", word->text + " " + words[i].text});
  }
  take_words(words, [&raised](std::size_t i) { return raised[i]; });
  return remarks;
}

}  // namespace cpl
