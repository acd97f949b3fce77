#include "tools/ui/start_file.hpp"

#include <cstdlib>
#include <cstring>

#include "tools/shared/files.hpp"

namespace cpl {

Result<StartFile> StartFile::create(std::string host) {
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  std::string folder = std::string(runtime != nullptr ? runtime : "/tmp") + "/cpl-ui-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    return Error{Errc::unavailable, "file-not-written", folder + ": " + std::strerror(errno)};
  }
  return StartFile(std::move(host), folder);
}

StartFile::~StartFile() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

Result<void> StartFile::write(const std::string& code) const {
  remove();
  return write_file(path(),
                    "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
                    "<title>cpl ui</title></head><body><form method=\"post\" action=\"http://" +
                        host_ + "/session\"><input type=\"hidden\" name=\"code\" value=\"" + code +
                        "\"><button>Open the registry's pages</button></form>"
                        "<script>document.forms[0].submit()</script></body></html>\n",
                    Secrecy::secret);
}

void StartFile::remove() const {
  std::error_code ignored;
  std::filesystem::remove(path(), ignored);
}

}  // namespace cpl
