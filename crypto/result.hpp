// How this project says no: a Result carries the value or the Error, and dropping one does not
// compile. Three lanes for trouble, never two for one fact: `check` ends the process (a bug),
// a Result answers a request (a refusal), an exception ends a connection (thrown by libraries
// only).
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace cpl {

// What the caller should do about an error. One switch in api/ maps these to HTTP statuses.
enum class Errc : std::uint8_t {
  invalid,        // The input is malformed: mend it.
  unauthorized,   // Signatures or credentials are missing or do not verify.
  not_found,      // No such thing.
  conflict,       // The rules or the present state refuse it.
  too_large,      // Over a stated bound.
  overloaded,     // Retry later.
  unavailable,    // Not now: stopping, read-only or out of reach.
  indeterminate,  // The write may or may not be durable: submit the same text again.
  corrupt,        // Stored bytes break an invariant.
};

// One of several faults of one input: where (a JSON pointer), which, and what is wrong.
struct Fault {
  std::string pointer;
  std::string code;
  std::string detail;
};

// `code` is stable and spelt the same in the API, the command line, the audit report and the docs;
// `detail` is a sentence for a person. `rule` is the number of the rule that refused
// (registry/FORMAT.md, "Rules"), 0 where none did.
struct Error {
  Errc errc{};
  std::string code;
  std::string detail;
  int rule = 0;
  std::vector<Fault> faults = {};  // Each by itself, where the sentence tells of several.
};

// Lets boost::system::result refuse access to an absent value; reaching it is a bug of the caller.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& at);

template <class T>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
 public:
  using boost::system::result<T, Error>::result;
};

// Boost's own would ask every T to be printable. A Result is taken apart, not printed.
template <class Char, class Traits, class T>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out,
                                             const Result<T>& result) = delete;

// On in every build: a broken invariant prints its place and aborts.
void check(bool holds, boost::source_location at = BOOST_CURRENT_LOCATION);

inline Error refuse(std::string code, std::string detail, int rule = 0) {
  return Error{Errc::conflict, std::move(code), std::move(detail), rule};
}
inline Error malformed(std::string code, std::string detail) {
  return Error{Errc::invalid, std::move(code), std::move(detail), 0};
}
inline Error corrupt(std::string detail) {
  return Error{Errc::corrupt, "stored-data-corrupt", std::move(detail), 0};
}

// The same error, told with where it happened: "row 7: …".
inline Error within(std::string_view place, Error error) {
  error.detail = std::string(place) + ": " + error.detail;
  return error;
}

// The value, or return the error to the caller. May be nested; never inside a co_await expression.
#define TRY(expression) CPL_TRY_NAMED(expression, CPL_TRY_JOIN(try_result_, __COUNTER__))
#define CPL_TRY_JOIN(a, b) CPL_TRY_JOIN_EXPANDED(a, b)
#define CPL_TRY_JOIN_EXPANDED(a, b) a##b
#define CPL_TRY_NAMED(expression, name)        \
  __extension__({                              \
    auto name = (expression);                  \
    if (!name) return std::move(name).error(); \
    *std::move(name);                          \
  })

// The same for a Result<void>.
#define TRY_VOID(expression) CPL_TRY_VOID_NAMED(expression, CPL_TRY_JOIN(try_result_, __COUNTER__))
#define CPL_TRY_VOID_NAMED(expression, name)   \
  do {                                         \
    auto name = (expression);                  \
    if (!name) return std::move(name).error(); \
  } while (false)

}  // namespace cpl
