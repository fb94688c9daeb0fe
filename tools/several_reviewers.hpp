#pragma once

#include "approvekit/web_reviewer.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace approvekit::tools {

struct KeyOptions;

/// How approvekit-web is told who decides, where several people do.
struct SeveralReviewers {
    std::string file;
    std::string user_header;
    std::string secret_file;

    void add_to(CLI::App& app);

    [[nodiscard]] bool are_wanted() const noexcept { return !file.empty() || !user_header.empty(); }

    /// Puts all of it into `options`; the secret of the proxy comes from its file, else from APPROVEKIT_PROXY_SECRET, which is
    /// wiped. Throws Error: invalid_option for what cannot go together, invalid_key for a secret that cannot be read or that
    /// others can read.
    void apply(WebReviewer::Options& options, const KeyOptions& key) const;

private:
    [[nodiscard]] std::string secret() const;
};

}  // namespace approvekit::tools
