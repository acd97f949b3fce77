// The files under a database that is written to. RocksDB takes most errors of the system for the
// end: descriptors, memory or space that is short comes back, and what it is told of is told so.
#pragma once

#include <memory>

namespace rocksdb {
class Env;
class EventListener;
}  // namespace rocksdb

namespace cpl {

// Of `base`, or of the operating system where that is null.
std::shared_ptr<rocksdb::Env> make_patient_env(rocksdb::Env* base);
// Has it take an error of the system for none that ends everything, wherever it was met.
std::shared_ptr<rocksdb::EventListener> make_patience();

}  // namespace cpl
