#pragma once

#include "agent_under_test.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace approvekit::testing {

/// A site for one attempt, removed afterwards.
class FreshSite {
public:
    explicit FreshSite(std::filesystem::path directory) : directory_(std::move(directory)), site(directory_) {
        std::filesystem::remove_all(directory_);
        std::filesystem::create_directories(directory_);
    }
    ~FreshSite() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    FreshSite(const FreshSite&) = delete;
    FreshSite& operator=(const FreshSite&) = delete;

private:
    std::filesystem::path directory_;

public:
    const Site site;
};

}  // namespace approvekit::testing
