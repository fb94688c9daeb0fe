#pragma once

#include "report.hpp"

#include <filesystem>

namespace approvekit::bench {

/// Where and how thoroughly to measure.
struct Setting {
    bool quick = false;
    std::filesystem::path disk;    ///< a directory whose file system waits for its disk
    std::filesystem::path memory;  ///< one that does not wait, if there is one

    [[nodiscard]] int rounds(int thorough, int hasty) const noexcept { return quick ? hasty : thorough; }
};

// One function for each part of the table in docs/performance.md.
void measure_auto_approved(const Setting& setting, Report& report);
void measure_context(const Setting& setting, Report& report);
void measure_held(const Setting& setting, Report& report);
void measure_threads(const Setting& setting, Report& report);
void measure_resume(const Setting& setting, Report& report);
void measure_waiting(const Setting& setting, Report& report);
void measure_tickets(const Setting& setting, Report& report);
void measure_policy(const Setting& setting, Report& report);
void measure_archives(const Setting& setting, Report& report);
void measure_pages(const Setting& setting, Report& report);
void measure_streams(const Setting& setting, Report& report);
void measure_server(const Setting& setting, Report& report);
void measure_compiler(const Setting& setting, Report& report);
void measure_syncs(const Setting& setting, Report& report);
void measure_checks(const Setting& setting, Report& report);

}  // namespace approvekit::bench
