#pragma once

#include "agent_under_test.hpp"
#include "record_check.hpp"

#include <iostream>
#include <map>
#include <string>
#include <utility>

namespace approvekit::testing {

/// How the calls of a campaign ended, and whether they took effect.
class EndTally {
public:
    void add(const std::string& end, bool took_effect) { ++ends_[{end, took_effect}]; }

    void add(const Site& site, const RecordReport& report) {
        const auto effects = site.effects.read();
        for (const auto& [call, end] : report.calls)
            add(end, effects.contains(call));
    }

    void print() const {
        std::cout << "| the record says | had taken effect | calls |\n|---|---|---|\n";
        for (const auto& [key, number] : ends_)
            std::cout << "| " << key.first << " | " << (key.second ? "yes" : "no") << " | " << number << " |\n";
    }

private:
    std::map<std::pair<std::string, bool>, int> ends_;
};

}  // namespace approvekit::testing
