#pragma once

#include "key_options.hpp"

#include <cstdint>
#include <string>

namespace approvekit::tools {

/// Makes a reviewer's key, seals it in a new file and says how a policy lists it.
struct Keygen {
    std::string out;
    std::uint64_t memory_mib = 256;  ///< that checking a passphrase takes

    void add_to(CLI::App& keygen);

    /// Throws Error as ReviewerKey::save and obtain_passphrase do; then no key was made.
    void run(const KeyOptions& options, bool json) const;
};

}  // namespace approvekit::tools
