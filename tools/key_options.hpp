#pragma once

#include "approvekit/reviewer.hpp"
#include "approvekit/reviewer_key.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

namespace approvekit::tools {

/// Who decides, known before a database is touched, so that wrong options leave no new one behind.
struct Decider {
    std::string name;
    std::shared_ptr<const ReviewerKey> key;  ///< null: nothing is signed

    [[nodiscard]] Reviewer on(std::shared_ptr<Storage> storage, const std::string& way) const;
};

/// Who decides, and with which key: what both reviewers' command lines have in common.
struct KeyOptions {
    std::optional<std::string> reviewer;
    std::string key;
    std::string passphrase_file;

    void add_to(CLI::App& app);

    /// Decides under the name that was given, that of the key, or the login name, and signs when there is a key.
    /// Asks for the key's passphrase; throws Error as ReviewerKey::load and obtain_passphrase do, and invalid_option
    /// for a name that cannot stand in a decision or is not that of the key.
    [[nodiscard]] Decider decider() const;
};

}  // namespace approvekit::tools
