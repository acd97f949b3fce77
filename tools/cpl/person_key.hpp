// The keys that people sign with, as they name them on the command line: a file that holds the key,
// or one that says which token does.
#pragma once

#include <filesystem>

#include "crypto/person_signer.hpp"
#include "tools/shared/files.hpp"

namespace cpl {

// What the file of a private key holds; warns where other users of the machine can read it. To be
// wiped once it is parsed.
Result<Bytes> read_key_text(const std::filesystem::path& file,
                            LineEnds line_ends = LineEnds::lf_only);
// A key file of either kind; a token's PIN or the file's pass phrase is found, or asked for.
Result<PersonSigner> read_person_key(const std::filesystem::path& file);
// One that holds the key itself.
Result<NoteSigner> read_note_signer(const std::filesystem::path& file);
// The same, or a private key in PEM that has no name.
Result<std::shared_ptr<const SigningKey>> read_signing_key(const std::filesystem::path& file);
// What a key file's signatures are verified with; of a witness's too.
Result<NoteVerifier> read_verifier(const std::filesystem::path& key_file);

}  // namespace cpl
