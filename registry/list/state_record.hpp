// What the state tree commits to for one model: every fact that the list tells of it. The device
// model stands there by hashes, one of each certificate and one of the rest, so that whoever keeps
// no more than those can follow a renewal. registry/FORMAT.md, "State record".
#pragma once

#include "registry/list/list.hpp"

namespace cpl {

ModelDigests digests_of(const DeviceModel& model);
// What is known of the record, or else computed.
ModelDigests digests_of(const ModelRecord& record);

// By kind: {"event", "date", "entry"}.
Json to_json(const std::map<CertificateKind, LapsedCertificate>& lapsed);
std::map<CertificateKind, LapsedCertificate> read_lapsed(const Json& value,
                                                         const std::string& pointer,
                                                         FieldErrors& errors);

Bytes state_record(const ModelRecord& record);
// All but the notice; of the device model the identity and the hashes. No other spelling is read.
Result<ModelRecord> read_state_record(BytesView text);

Hash state_key(const ModelId& id);
Hash state_value(BytesView state_record);

// A record of nothing but the identity that the id tells.
ModelRecord record_of_id(const ModelId& id);

}  // namespace cpl
