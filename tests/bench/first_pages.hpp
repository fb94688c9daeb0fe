#pragma once

#include "setting.hpp"
#include "web_process.hpp"

#include <string>

namespace approvekit::bench {

/// Reports how much longer the first pages of a long record take than those of one with 1,000 rows. `where` says where
/// the long one is, as in " on a server".
inline void compare_first_pages(const WebProcess& of_long, const WebProcess& of_short, const std::string& where,
                                const Setting& setting, Report& report) {
    auto long_client = of_long.connect();
    auto short_client = of_short.connect();
    const std::string rows = setting.quick ? "100,000" : "1,000,000";
    for (const std::string path : {"/api/audit", "/api/calls"}) {
        const auto pages = interleave(
            setting.rounds(50, 20), 10, [&] { of_long.get(long_client, path); },
            [&] { of_short.get(short_client, path); });
        report.add(ratio("GET " + path + " at " + rows + " rows" + where + " / at 1,000", pages, at_most(1.5)));
    }
}

}  // namespace approvekit::bench
