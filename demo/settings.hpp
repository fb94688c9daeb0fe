#pragma once

#include "approvekit/json.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

namespace approvekit::demo {

/// The settings of the demo's "production": one JSON file.
class Settings {
public:
    /// A missing file is created with the initial settings.
    explicit Settings(std::filesystem::path file);

    /// Throws std::runtime_error when the file cannot be read, Error when it is not JSON.
    [[nodiscard]] Json read() const;

    /// Sets one setting. The file contains either the old settings or the new ones, never a mixture.
    void write(const std::string& name, const Json& value);

    /// The contents of a new file.
    [[nodiscard]] static Json first();

private:
    std::filesystem::path file_;
};

}  // namespace approvekit::demo
