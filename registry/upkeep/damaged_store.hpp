// What is left of a damaged database, for reading only, and why it is to stay as it is.
#pragma once

#include "registry/store/store.hpp"

namespace cpl {

// `left` is the database, as far as it opens. `salvaged` is what those of its tables hold that can
// be read. Either may be null. From there come only values that never change: of others an older
// one would pass for the newest, and one that is lost for one that never was.
std::unique_ptr<Store> make_damaged_store(std::unique_ptr<Store> left,
                                          std::unique_ptr<Store> salvaged, std::string damage);

}  // namespace cpl
