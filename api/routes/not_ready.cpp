#include "api/routes/not_ready.hpp"

#include <array>

namespace cpl {
namespace {

// What whoever is turned away may know.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> told_of_codes = {
    {{"store-damaged", "its stored data is damaged, and its operator is told what to do"},
     {"write-failed", "it cannot write them down, and goes on by itself once it can"},
     {"clock-wrong", "its clock cannot be right, and it goes on by itself once it is"},
     {"witness-alarm", "a witness showed another history of it, and its operator is told"}}};

}  // namespace

Error without_reason(const Error& refused) {
  std::string_view why = "its operator is told why";
  for (const auto& [code, sentence] : told_of_codes) {
    if (refused.code == code) why = sentence;
  }
  return Error{refused.errc, refused.code,
               "the registry takes no statements at present: " + std::string(why)};
}

std::optional<Error> public_refusal(const Log& log) {
  const auto refused = log.refusal();
  if (!refused) return std::nullopt;
  return without_reason(*refused);
}

void mark_not_ready(HttpResponse& response, const Log& log) {
  if (!log.is_halted()) return;
  if (const auto refused = log.refusal()) {
    response.headers.emplace_back("CPL-Not-Ready", refused->code);
  }
}

}  // namespace cpl
