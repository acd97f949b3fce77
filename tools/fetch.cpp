#include "tools/fetch.hpp"

#include "registry/durable_file.hpp"
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
  return [source](const std::string& path) -> Result<Bytes> {
    auto content = TRY(read_if_there(std::filesystem::path(source) / path, resource_size_max));
    if (content) return *std::move(content);
    return Error{Errc::not_found, "resource-not-found", path + " is not in " + source, 0};
  };
}

}  // namespace cpl
