#include "api/html/verifier.hpp"

#include "crypto/encoding.hpp"
#include "crypto/result.hpp"

namespace cpl {

extern const std::string_view verifier_page;

namespace {

constexpr std::string_view policy_begin = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
constexpr std::string_view place_of_policy = "id=\"policy-inside\">";

}  // namespace

std::string_view verifier() { return verifier_page; }

std::string verifier_content_policy() {
  const auto begin = verifier_page.find(policy_begin);
  check(begin != verifier_page.npos);
  const std::string_view rest = verifier_page.substr(begin + policy_begin.size());
  return std::string(rest.substr(0, rest.find('"')));
}

std::string verifier_with_policy(std::string_view policy) {
  const auto place = verifier_page.rfind(place_of_policy);
  check(place != verifier_page.npos);
  std::string page(verifier_page);
  page.insert(place + place_of_policy.size(), to_base64(policy));
  return page;
}

}  // namespace cpl
