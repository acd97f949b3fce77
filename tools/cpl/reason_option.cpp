#include "tools/cpl/reason_option.hpp"

#include "tools/shared/files.hpp"

namespace cpl {
namespace {

constexpr std::size_t reason_file_max = 64U * 1024;

}  // namespace

Result<std::string> read_reason(const std::string& reason, const std::string& file) {
  if (file.empty()) return reason;
  std::string text = TRY(read_file(file, reason_file_max));
  std::erase(text, '\r');
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<std::string> read_required_reason(const std::string& reason, const std::string& file) {
  std::string text = TRY(read_reason(reason, file));
  if (!text.empty()) return text;
  return malformed("reason-missing", "give --reason TEXT, or --reason-file FILE");
}

}  // namespace cpl
