#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace approvekit::tools {

/// Formats --help in lines of at most 80 columns, which break between words. Its own part does not depend on the
/// release of CLI11.
class HelpFormatter final : public CLI::Formatter {
public:
    [[nodiscard]] std::string make_description(const CLI::App* app) const override;
    [[nodiscard]] std::string make_option(const CLI::Option* option, bool is_positional) const override;
    [[nodiscard]] std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace approvekit::tools
