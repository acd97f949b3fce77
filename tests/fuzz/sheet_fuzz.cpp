#include "registry/sheet/model_sheet.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// What was read without complaint is written, and reads as the same models.
CPL_FUZZ_TARGET(sheet) {
  const SheetDefaults defaults{"A Party", UnixMillis{1'783'592'130'000}};
  const SheetReading reading = read_model_sheet(input, defaults);
  if (!reading.usable() || reading.models.empty()) return;
  const std::string written = write_model_sheet(reading.models);
  const SheetReading again = read_model_sheet(written, defaults);
  check(again.usable());
  check(write_model_sheet(again.models) == written);
}

}  // namespace cpl::fuzz
