// Where everything stands in the store; store/kinds.hpp has the letters. On disk, as those are:
// registry/FORMAT.md lists the values. Numbers are big endian so that keys sort as the numbers do;
// a version is written as its complement so that the newest comes first.
#pragma once

#include "registry/log/model_index.hpp"

namespace cpl::store_keys {

Bytes head();                                                         // H
Bytes tile(unsigned level, std::uint64_t index);                      // h <level> <index>
Bytes statement(const Hash& id);                                      // i <id>
Bytes charter(EntryIndex index);                                      // c <index>
Bytes model(const ModelId& id);                                       // m <id>
Bytes model_version(const ModelId& id, EntryIndex at);                // v <id> 00 <~at>
Bytes model_history(const ModelId& id, EntryIndex at);                // y <id> 00 <at>
Bytes decision(EntryIndex index);                                     // d <index>
Bytes meeting(const MeetingRef& ref);                                 // g <body> 00 <meeting>
Bytes notice(EntryIndex index);                                       // o <index>
Bytes seals(EntryIndex index);                                        // x <index>
Bytes work(const WorkKey& key);                                       // z <letter> <name>
Bytes tree_branch(EntryIndex at);                                     // n <~at>
Bytes model_by_status(ModelStatus status, std::string_view id);       // b l <id>, b r <id>
Bytes cover_end(std::string_view date, std::string_view id);          // f <date> <id>
Bytes manufacturer_name(std::string_view id, std::string_view name);  // j <id> 00 <name>
Bytes wordy_model(std::string_view id);                               // t <id>
Bytes model_by_fact(ModelFact fact, std::string_view text,
                    std::string_view id);  // q <letter> <lower-case text> 00 <id>
Bytes subscription(std::string_view id);   // s <id>
Bytes delivery(std::string_view subscription,
               std::uint64_t number);  // l <subscription> 00 <number>
Bytes escalation(EntryIndex notice, std::uint8_t step,
                 std::string_view party);         // k <notice> <step> <party>
Bytes advisories(std::string_view subscription);  // u <subscription> 00 …
Bytes advisory(std::string_view subscription, EntryIndex entry,
               BytesView mark);                                      // u … <entry> <mark>
Bytes party(std::string_view name);                                  // p <name>
Bytes report(std::uint64_t number);                                  // r <number>
Bytes tray(std::string_view id);                                     // T <id>
Bytes answers_to(std::string_view principal);                        // a <hash of principal>
Bytes answer(std::string_view principal, const Hash& request_name);  // a <…> <request name>
Bytes published_checkpoint();                                        // w c
Bytes witness_alarm();                                               // w a

}  // namespace cpl::store_keys
