// A token of SoftHSM's in a folder of its own, with keys that pkcs11-tool makes in it.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "crypto/pkcs11/key.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing {

class SoftToken {
 public:
  SoftToken() {
    std::filesystem::create_directories(folder_.path() / "tokens");
    std::ofstream(folder_.path() / "softhsm2.conf")
        << "directories.tokendir = " << (folder_.path() / "tokens").string()
        << "\nobjectstore.backend = file\nlog.level = ERROR\n";
    ::setenv("SOFTHSM2_CONF", (folder_.path() / "softhsm2.conf").c_str(), 1);
    ::unsetenv("CPL_TEST_TOKEN_FAULT");
    add_token("panel");
  }
  ~SoftToken() { ::unsetenv("CPL_TEST_TOKEN_FAULT"); }

  static void add_token(const std::string& label) {
    run("softhsm2-util --init-token --free --so-pin 5678 --pin 1234 --label " + label);
  }
  static void add_key(const std::string& type, const std::string& label, const std::string& id) {
    tool("--keypairgen --key-type " + type + " --label " + label + " --id " + id);
  }
  static void tool(const std::string& arguments) {
    run("pkcs11-tool --module " CPL_SOFTHSM " --token-label panel --login --pin 1234 " + arguments);
  }
  static void fault(const std::string& name) { ::setenv("CPL_TEST_TOKEN_FAULT", name.c_str(), 1); }

 private:
  static void run(const std::string& command) {
    INFO(command);
    REQUIRE(std::system((command + " >/dev/null 2>&1").c_str()) == 0);
  }

  const TemporaryFolder folder_;
};

// By SoftHSM itself, and by the module that can fail.
inline std::string soft_uri(const std::string& path) {
  return "pkcs11:" + path + "?module-path=" CPL_SOFTHSM;
}
inline std::string fault_uri(const std::string& path) {
  return "pkcs11:" + path + "?module-path=" CPL_FAULT_TOKEN;
}

// Answers with a PIN and remembers what was asked.
struct PinGiver {
  std::string pin = "1234";
  std::shared_ptr<std::vector<PinRequest>> asked = std::make_shared<std::vector<PinRequest>>();

  Result<Secret> operator()(const PinRequest& request) const {
    asked->push_back(request);
    Secret secret;
    for (const char octet : pin) REQUIRE(secret.push_back(octet));
    return secret;
  }
};

inline std::string refusal_of(const std::string& uri, const AskPin& ask = PinGiver{}) {
  const auto key = open_token_key(uri, ask);
  return key ? "opened" : key.error().code;
}

}  // namespace cpl::testing
