#pragma once

#include <map>
#include <string>

namespace approvekit::postgres {

/// Which database to use: what the connection string says, with our defaults for what it does not say. A value.
class Target {
public:
    /// Throws Error (invalid_option) for a text that is not a connection string of libpq. The error shows nothing of
    /// the text, since it may contain a password.
    explicit Target(const std::string& text);

    /// For errors and logs: only the server and the name of the database.
    [[nodiscard]] const std::string& place() const noexcept { return place_; }
    /// Keywords of libpq with their values.
    [[nodiscard]] const std::map<std::string, std::string>& options() const noexcept { return options_; }
    [[nodiscard]] bool has_password() const { return options_.contains("password"); }

private:
    std::map<std::string, std::string> options_;
    std::string place_;
};

}  // namespace approvekit::postgres
