#include "registry/base/letters_apart.hpp"

#include <algorithm>
#include <vector>

namespace cpl {

std::size_t letters_apart(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> apart(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) apart[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) apart[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = apart[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      apart[i][j] = std::min({apart[i - 1][j] + 1, apart[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        apart[i][j] = std::min(apart[i][j], apart[i - 2][j - 2] + 1);
      }
    }
  }
  return apart[a.size()][b.size()];
}

}  // namespace cpl
