#pragma once

#include "approvekit/reviewer.hpp"
#include "approvekit/reviewer_key.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

namespace approvekit::tools {

/// The reviewer, determined before a database is opened, so that wrong options do not create one.
struct Decider {
    std::string name;
    std::shared_ptr<const ReviewerKey> key;  ///< null: nothing is signed

    [[nodiscard]] Reviewer on(std::shared_ptr<Storage> storage, const std::string& way) const;
};

/// The options for the reviewer and the key, which both executables have in common.
struct KeyOptions {
    std::optional<std::string> reviewer;
    std::string key;
    std::string passphrase_file;

    void add_to(CLI::App& app);

    /// Decides in the given name, the name of the key, or the login name, and signs if there is a key. Asks for the
    /// key's passphrase. Throws Error as ReviewerKey::load and obtain_passphrase do, and invalid_option for a name that
    /// a reviewer may not have or that is not the key's.
    [[nodiscard]] Decider decider() const;
};

}  // namespace approvekit::tools
