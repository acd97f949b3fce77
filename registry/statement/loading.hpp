// The Service Desk's word on a version of the list's extract: that it came, that its signature was
// checked, and that the DCC's systems use it since. In May 2018 entries that were published were
// not loaded for weeks, and nobody could see it.
#pragma once

#include "registry/statement/sealed_text.hpp"

namespace cpl {

enum class LoadingStatus : std::uint8_t { received, verified, loaded, rejected };
inline constexpr std::array<std::string_view, 4> loading_status_words = {"received", "verified",
                                                                         "loaded", "rejected"};
template <>
struct Words<LoadingStatus> {
  static constexpr const auto& list = loading_status_words;
};
std::string to_string(LoadingStatus status);

inline constexpr std::array<std::string_view, 5> loading_code_words = {
    "signature-invalid", "extract-older", "extract-malformed", "load-failed", "other"};

struct Loading {
  std::uint64_t version = 0;  // Of the extract; its hash and size say which list that is.
  Hash extract;               // Of its JSON form.
  TreeSize log_size;
  LoadingStatus status{};
  UnixMillis at;                           // When that was so.
  std::optional<std::string> reject_code;  // With `rejected` only, as is the text.
  std::optional<Text> reject_text;
};

}  // namespace cpl
