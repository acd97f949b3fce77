// The parts of a model's page, each by itself.
#pragma once

#include "api/pages/shared.hpp"

namespace cpl {

// Why it was removed, or on whose word it is on the list: step by step.
Result<void> write_authority(HtmlWriter& html, Said model, const PageSource& source);
// All firmware of the same hardware, and what may be upgraded to what.
Result<void> write_firmware(HtmlWriter& html, Said model, const PageSource& source);
void write_facts(HtmlWriter& html, Said facts);
void write_certificates(HtmlWriter& html, Said certificates, Said lapsed);

}  // namespace cpl
