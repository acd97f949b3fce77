// Firmware of one hardware: which models are versions of the same device, and which is newer.
#pragma once

#include "registry/list/list.hpp"

namespace cpl {

// What a model's id begins with before its firmware.
std::string hardware_of(const ModelId& id);

// By the day of its release where both say one, or else by its addition.
bool is_newer_firmware(const ModelRecord& a, const ModelRecord& b);

}  // namespace cpl
