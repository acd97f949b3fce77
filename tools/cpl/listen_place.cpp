#include "tools/cpl/listen_place.hpp"

#include "crypto/encoding.hpp"

namespace cpl {

Result<ListenPlace> parse_listen(const std::string& text) {
  const auto colon = text.rfind(':');
  const auto port = colon == text.npos ? std::nullopt : from_decimal(text.substr(colon + 1));
  if (!port || *port > 65'535) {
    return malformed("listen-malformed", "--listen is HOST:PORT, such as 127.0.0.1:8081");
  }
  ListenPlace place{text.substr(0, colon), static_cast<std::uint16_t>(*port)};
  if (place.address.starts_with('[') && place.address.ends_with(']')) {
    place.address = place.address.substr(1, place.address.size() - 2);
  }
  return place;
}

}  // namespace cpl
