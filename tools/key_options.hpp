#pragma once

#include "approvekit/reviewer.hpp"
#include "approvekit/reviewer_key.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

namespace approvekit::tools {

/// Who decides, and with which key: what both reviewers' command lines have in common.
struct KeyOptions {
    std::optional<std::string> reviewer;
    std::string key;
    std::string passphrase_file;

    void add_to(CLI::App& app);

    /// Null when no key was named. Asks for the passphrase; throws Error as ReviewerKey::load and
    /// obtain_passphrase do.
    [[nodiscard]] std::shared_ptr<const ReviewerKey> load() const;

    /// A reviewer under the name that was given, that of the key, or the login name, who signs when there is a key.
    [[nodiscard]] Reviewer reviewer_on(std::shared_ptr<Storage> storage, const std::string& way) const;
};

}  // namespace approvekit::tools
