#pragma once

#include "effects.hpp"

#include "approvekit/approvekit.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace approvekit::testing {

/// Where an agent and its reviewers meet in a test.
struct Site {
    explicit Site(const std::filesystem::path& directory)
        : database(directory / "approve.db"), effects(directory / "effects") {}

    [[nodiscard]] std::shared_ptr<SqliteStorage> open(SqliteStorage::Options options = {}) const {
        return std::make_shared<SqliteStorage>(database, std::move(options));
    }

    std::filesystem::path database;
    Effects effects;
};

/// Everything is held but "look".
inline Policy policy_under_test() {
    Policy policy;
    policy.add_rule({.tool = "look", .auto_approve = true});
    return policy;
}

/// The arguments by which check_record knows a call.
inline Json arguments_of(const std::string& call) {
    return {{"call", call}};
}

}  // namespace approvekit::testing
