// Each statement type's members, read and written. Used by statement.cpp alone.
#pragma once

#include "registry/statement.hpp"

namespace cpl {

// Nothing where there is no such type. What is wrong is noted in `errors`.
std::optional<StatementBody> read_statement_body(std::string_view type, FieldReader& reader,
                                                 FieldErrors& errors);

}  // namespace cpl
