#pragma once

#include "keys/secret_bytes.hpp"

#include <string>

namespace approvekit::tools {

/// Whether the passphrase is a new one, which nobody can know to be mistyped.
enum class Ask { once, twice };

/// The passphrase: the first line of `file` (a path such as /dev/fd/3 will do), where none is named from the variable
/// APPROVEKIT_PASSPHRASE, else from whoever sits at the terminal, without showing it. The variable is wiped.
///
/// Throws Error: invalid_option when there is nobody to ask, invalid_key when `file` cannot be read, cancelled on
/// Ctrl+C.
[[nodiscard]] keys::SecretBytes obtain_passphrase(const std::string& file, const std::string& prompt, Ask ask);

}  // namespace approvekit::tools
