// The parts of a model's page, each by itself.
#pragma once

#include "api/pages/shared.hpp"

namespace cpl {

// Why it was removed, or is to be, and on whose decision: step by step.
void write_authority(HtmlWriter& html, Said model, const PageSource& source);
// The firmware of the same hardware that is on the list.
void write_firmware(HtmlWriter& html, Said model);
void write_facts(HtmlWriter& html, Said facts);
void write_certificates(HtmlWriter& html, Said certificates, Said lapsed);

}  // namespace cpl
