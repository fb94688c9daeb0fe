#pragma once

#include "approvekit/web_reviewer.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace approvekit::tools {

struct KeyOptions;

/// The options of approvekit-web for several reviewers.
struct SeveralReviewers {
    std::string file;
    std::string user_header;
    std::string secret_file;

    void add_to(CLI::App& app);

    [[nodiscard]] bool are_wanted() const noexcept { return !file.empty() || !user_header.empty(); }

    /// Copies everything into `options`. The proxy's secret comes from its file, otherwise from
    /// APPROVEKIT_PROXY_SECRET, which is wiped. Throws Error: invalid_option for options that cannot be combined,
    /// invalid_key for a secret that cannot be read or that others can read.
    void apply(WebReviewer::Options& options, const KeyOptions& key) const;

private:
    [[nodiscard]] std::string secret() const;
};

}  // namespace approvekit::tools
