#pragma once

#include "approvekit/recorded_call.hpp"
#include "approvekit/review_statistics.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace approvekit::tools {

/// Which part of the record `audit` and `stats` are asked for.
struct RecordOptions {
    std::string rows;  ///< empty: as the form of the output has it
    std::string tool;
    std::string agent;
    std::string reviewer;
    std::string status;
    std::string risk;
    std::string text;
    std::string since;
    std::string until;

    void add_filters_to(CLI::App& audit);
    void add_period_to(CLI::App& command);

    // These throw Error (invalid_option) for a time that is none, and for filters on entries.

    [[nodiscard]] Period period() const;
    /// Without limit, cursor and request.
    [[nodiscard]] CallQuery query() const;
    /// Whether the audit is wanted by the call, as people see it, and not by the entry, as scripts got it from the start.
    [[nodiscard]] bool wants_calls(bool json) const;
};

}  // namespace approvekit::tools
