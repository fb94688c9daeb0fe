#pragma once

#include <map>
#include <string>

namespace approvekit::postgres {

/// Which database is meant: what a connection string says, and what we add where it says nothing. A value.
class Target {
public:
    /// Throws Error (invalid_option) for what is no connection string of libpq. Its text shows nothing of the string, in
    /// which a password may stand.
    explicit Target(const std::string& text);

    /// For errors and logs: server and name of the database, and nothing else.
    [[nodiscard]] const std::string& place() const noexcept { return place_; }
    /// Keywords of libpq with their values.
    [[nodiscard]] const std::map<std::string, std::string>& options() const noexcept { return options_; }
    [[nodiscard]] bool has_password() const { return options_.contains("password"); }

private:
    std::map<std::string, std::string> options_;
    std::string place_;
};

}  // namespace approvekit::postgres
