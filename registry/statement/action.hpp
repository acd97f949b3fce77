// What became of an action that minutes gave to somebody, such as SECP30/03.
#pragma once

#include "registry/statement/sealed_text.hpp"

namespace cpl {

enum class ActionState : std::uint8_t { open, closed };
inline constexpr std::array<std::string_view, 2> action_state_words = {"open", "closed"};
template <>
struct Words<ActionState> {
  static constexpr const auto& list = action_state_words;
};

// The registrar's word on an action: closed, and by what; or open again, or due on another day.
struct ActionUpdate {
  std::string body;
  std::string ref;
  ActionState state{};
  std::optional<Date> due;  // With `open` only.
  Text why;
};

}  // namespace cpl
