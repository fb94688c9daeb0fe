#pragma once

#include "record/explorer/explorer.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

namespace approvekit::explorer {

/// A number from the environment, for those who want to look deeper than the suite does.
inline int option(const char* name, int usual) {
    const char* const text = std::getenv(name);
    return text == nullptr ? usual : std::stoi(text);
}

/// Takes `usual` random orders of steps, each on a site that `site` makes. Prints an order that breaks something as a
/// test case, which can be copied as it is.
inline void walk_sample(const char* engine, Setting setting, int usual,
                        const std::function<std::unique_ptr<Site>(Setting)>& site) {
    const int count = option("APPROVEKIT_EXPLORER_SAMPLES", usual);
    const int seed = option("APPROVEKIT_EXPLORER_SEED", 1);
    for (int sample = 0; sample < count; ++sample) {
        Order order = random_order(static_cast<std::uint32_t>(seed + sample), 12);
        std::erase(order, Step::agent_falls_silent);
        const std::unique_ptr<Site> fresh = site(setting);
        const std::string what = fault_in(*fresh, setting, order);
        if (!what.empty()) std::cout << as_test_case(order, setting, engine, what) << std::flush;
        REQUIRE(what == "");
    }
    std::cout << "explorer, " << engine << ": " << count << " orders from seed " << seed << '\n';
}

}  // namespace approvekit::explorer
