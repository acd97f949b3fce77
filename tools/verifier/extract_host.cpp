// What of an extract a browser cannot judge: the signature (CMS), and a spreadsheet's own form. The
// rows, the proof and the log's signatures are judged as everywhere.
#include "registry/extract/rows.hpp"
#include "registry/extract/signature.hpp"

namespace cpl {

namespace {

Error no_xlsx() {
  return malformed("extract-form-unread",
                   "a browser does not read XLSX: give list.csv or list.json of the same version, "
                   "which hold the same rows, or use cpl verify");
}

}  // namespace

Result<Extract> parse_extract_xlsx(BytesView) { return no_xlsx(); }
Result<Bytes> format_extract_xlsx(const Extract&) { return no_xlsx(); }

Result<ExtractSignature> open_extract_signature(BytesView, const Charter&, UnixMillis, UnixMillis) {
  return refuse("signature-unchecked",
                "the registrar's signature (the .p7s file) is not checked in a browser: use cpl "
                "verify for it");
}

}  // namespace cpl
