#pragma once

#include "effects.hpp"
#include "test_record.hpp"

#include "approvekit/approvekit.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace approvekit::testing {

/// The record and the files that an agent and its reviewers share in a test.
struct Site {
    explicit Site(const std::filesystem::path& of_its_own)
        : directory(of_its_own),
          database(directory / "approve.db"),
          effects(directory / "effects"),
          record(make_record(directory)) {}

    [[nodiscard]] std::shared_ptr<Storage> open(const Opening& opening = {}) const { return record->open(opening); }

    std::filesystem::path directory;
    std::filesystem::path database;  ///< of a record in a file
    Effects effects;
    std::shared_ptr<const TestRecord> record;
};

/// Everything is held except "look".
inline Policy policy_under_test() {
    Policy policy;
    policy.add_rule({.tool = "look", .auto_approve = true});
    return policy;
}

/// The arguments by which check_record identifies a call.
inline Json arguments_of(const std::string& call) {
    return {{"call", call}};
}

}  // namespace approvekit::testing
