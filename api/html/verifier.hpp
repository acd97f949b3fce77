// The verifier: one page that holds the judge, for browsers. It is made with the programs where
// what compiles it is installed (tools/verifier).
#pragma once

#include <string>
#include <string_view>

namespace cpl {

// The whole page; empty where the programs were built without it.
std::string_view verifier();

// Whom it may ask and what it may run, as it says itself.
std::string verifier_content_policy();

// The page with a policy inside: who opens it need not choose one.
std::string verifier_with_policy(std::string_view policy);

}  // namespace cpl
