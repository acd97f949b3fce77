// The files under a database that is written to. RocksDB takes most errors of the system for the
// end: descriptors, memory or space that is short comes back, and what it is told of is told so.
#pragma once

#include <filesystem>
#include <memory>

namespace rocksdb {
class Env;
class EventListener;
class Logger;
}  // namespace rocksdb

namespace cpl {

// Of `base`, or of the operating system where that is null.
std::shared_ptr<rocksdb::Env> make_patient_env(rocksdb::Env* base);
// Has it take an error of the system for none that ends everything, wherever it was met.
std::shared_ptr<rocksdb::EventListener> make_patience();
// Its notes for those who look into a fault, in a file of bounded size. Its own writer of them ends
// the process where they cannot be written.
std::shared_ptr<rocksdb::Logger> make_diary(const std::filesystem::path& file);

}  // namespace cpl
