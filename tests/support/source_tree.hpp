// Where the tests find what they read: the project's own files, and the third-party data beside it.
#pragma once

#include <string>

namespace cpl::testing {

std::string source_tree();       // The top of the project.
std::string test_data();         // Its tests/data.
std::string shared_data_tree();  // A folder beside it, which may be missing.

}  // namespace cpl::testing
