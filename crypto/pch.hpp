// The one precompiled header: what nearly every file includes, and nothing that is slow to change.
#pragma once

#include <algorithm>
#include <array>
#include <boost/system/result.hpp>
#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
