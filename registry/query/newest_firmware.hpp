// Of some hardware, the newest firmware that is listed: what brings a suspended device back.
#pragma once

#include <map>

#include "registry/log/log_view.hpp"

namespace cpl {

// Remembers what it found, and reads no more than a bound in all.
class NewestFirmware {
 public:
  explicit NewestFirmware(const StoredList& list) : list_(list) {}

  // By the day of its release where both say one, or else by its addition. Nothing where none is
  // listed, or too much was looked up before.
  Result<std::optional<ModelId>> of(const ModelId& id);

 private:
  Result<std::optional<ModelId>> find(const std::string& hardware);

  const StoredList& list_;
  std::map<std::string, std::optional<ModelId>> found_;
  std::size_t read_ = 0;
};

}  // namespace cpl
