#pragma once

#include "approvekit/reviewer.hpp"

#include <chrono>
#include <iosfwd>
#include <memory>
#include <stop_token>
#include <string_view>

namespace approvekit {

/// The review prompt and the single commands of approvekit-review, on streams that the caller owns.
///
/// Hostile text (escape sequences, bidi marks) is shown escaped. Not thread-safe.
class TerminalReviewer {
public:
    struct Options {
        bool json = false;     ///< for machines: one JSON document or line each
        bool colours = false;  ///< only for a terminal
        std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    };

    TerminalReviewer(Reviewer reviewer, std::ostream& out, Options options);

    /// Asks for commands on `in` until quit or the end of input.
    void prompt(std::istream& in);

    // The single commands. They throw what Reviewer throws.
    void list(const RequestQuery& query = {});
    void show(std::string_view id_or_prefix);
    void approve(std::string_view id_or_prefix, std::string_view notes = {});
    void reject(std::string_view id_or_prefix, std::string_view notes = {});
    void audit(const AuditQuery& query = {});

    /// Prints each request as it appears and as it ends, until `stop` is asked for.
    void watch(std::stop_token stop);

private:
    Reviewer reviewer_;
    std::ostream& out_;
    Options options_;
};

}  // namespace approvekit
