#pragma once

#include "setting.hpp"

#include <span>

namespace approvekit::bench {

/// One part of what a program measures.
struct Benchmark {
    const char* name;
    void (*measure)(const Setting&, Report&);
};

/// The whole main program that measures these, with the options of tests/bench/run. Returns its exit code.
int measure_all(const char* program, const char* what, std::span<const Benchmark> benchmarks, int count, char** words);

}  // namespace approvekit::bench
