#include "registry/sheet/firmware_image.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// Whatever is read as a header is of the file's own octets.
CPL_FUZZ_TARGET(firmware) {
  const auto image = read_firmware_image(input);
  if (!image) return;
  check(image->size == input.size() && image->file_sha256 == sha256(input));
  check(image->manufacturer_code.size() == 4 && image->file_version.size() == 8);
}

}  // namespace cpl::fuzz
