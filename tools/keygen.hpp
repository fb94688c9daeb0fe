#pragma once

#include "key_options.hpp"

#include <cstdint>
#include <string>

namespace approvekit::tools {

/// Creates a reviewer's key, encrypts it in a new file and prints how a policy lists it.
struct Keygen {
    std::string out;
    std::uint64_t memory_mib = 256;  ///< memory for checking a passphrase

    void add_to(CLI::App& keygen);

    /// Throws Error as ReviewerKey::save and obtain_passphrase do; then no key was created.
    void run(const KeyOptions& options, bool json) const;
};

}  // namespace approvekit::tools
