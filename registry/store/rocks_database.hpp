// What the two files on RocksDB share: how a database of ours is set up, and how it becomes a
// Store.
#pragma once

#include "registry/store/rocks_store.hpp"

namespace rocksdb {
class DB;
struct Options;
}  // namespace rocksdb

namespace cpl {

enum class Access : std::uint8_t { reading, writing };

rocksdb::Options rocks_options(const RocksOptions& options);
std::unique_ptr<Store> make_rocks_store(std::shared_ptr<rocksdb::DB> db, Access access);
// Of a store that the function above made.
rocksdb::DB& database_of(const Store& store);

}  // namespace cpl
