#pragma once

#include "setting.hpp"

namespace approvekit::bench {

// One function for each part of the table for servers in docs/performance.md.
void measure_server_calls(const Setting& setting, Report& report);
void measure_server_processes(const Setting& setting, Report& report);
void measure_server_resume(const Setting& setting, Report& report);
void measure_server_waiting(const Setting& setting, Report& report);
void measure_server_pooler(const Setting& setting, Report& report);
void measure_server_pages(const Setting& setting, Report& report);

}  // namespace approvekit::bench
