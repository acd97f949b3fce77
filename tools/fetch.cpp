#include "tools/fetch.hpp"

#include "tools/files.hpp"
#include "tools/http_client.hpp"

namespace cpl {
namespace {

constexpr std::size_t resource_size_max = 256U << 20U;

}  // namespace

bool is_url(const std::string& source) {
  return source.starts_with("http://") || source.starts_with("https://");
}

FetchResource fetch_from(const std::string& source) {
  if (is_url(source)) {
    const auto client = std::make_shared<HttpClient>(source);
    return [client](const std::string& path) -> Result<Bytes> {
      return TRY(client->get("/" + path)).body;
    };
  }
  return [source](const std::string& path) {
    return read_file(std::filesystem::path(source) / path, resource_size_max);
  };
}

}  // namespace cpl
