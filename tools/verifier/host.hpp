// Where the judge ends and the page around it begins (judge.mjs): what the judge asks of the page,
// each time by where octets lie in the memory that both see.
#pragma once

#include <cstddef>
#include <cstdint>

#define CPL_ASKED_OF_PAGE(name) __attribute__((import_module("page"), import_name(name)))
#define CPL_GIVEN_TO_PAGE(name) extern "C" __attribute__((export_name(name)))

namespace cpl {

extern "C" {

CPL_ASKED_OF_PAGE("sha256")
void page_sha256(const char* octets, std::size_t size, std::uint8_t* hash);

// Whether the SubjectPublicKeyInfo holds a point of the curve. 1 is yes.
CPL_ASKED_OF_PAGE("is_p256_key")
int page_is_p256_key(const char* spki, std::size_t spki_size);

// `algorithm` as KeyAlgorithm counts them. 1 is yes.
CPL_ASKED_OF_PAGE("verifies")
int page_verifies(int algorithm, const char* key, std::size_t key_size, const char* message,
                  std::size_t message_size, const char* signature, std::size_t signature_size);

}  // extern "C"

}  // namespace cpl
