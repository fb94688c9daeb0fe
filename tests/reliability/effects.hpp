#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace approvekit::testing {

/// What the tools of a test really did, in a separate file beside the record. Any number of processes may add to it.
class Effects {
public:
    explicit Effects(std::filesystem::path path) : path_(std::move(path)) {}

    /// Adds one line, which is on disk when this returns. Throws std::system_error.
    void add(std::string_view call) const;

    /// How often each call took effect.
    [[nodiscard]] std::map<std::string, int> read() const;

private:
    std::filesystem::path path_;
};

}  // namespace approvekit::testing
