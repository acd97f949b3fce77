#include "registry/extract/replay.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// What is read is written back to the same octets; of XLSX, to the same cells.
CPL_FUZZ_TARGET(extract) {
  const auto extract = parse_extract(input);
  if (!extract) return;
  const ExtractForm form = *extract_form_of(input);
  check(check_extract_file(input, *extract, form).has_value());
  check(extract->models.size() <= extract_models_max);
}

}  // namespace cpl::fuzz
