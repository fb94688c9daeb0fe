#include "setting.hpp"
#include "support/child_process.hpp"

#include <sys/resource.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace approvekit::bench {
namespace {

std::vector<std::string> command_for(const std::string& unit) {
    std::vector<std::string> command{APPROVEKIT_BENCH_COMPILER, "-std=c++20", "-O2", "-c", "-o", "/dev/null"};
    std::istringstream directories(APPROVEKIT_BENCH_INCLUDES);
    for (std::string directory; std::getline(directories, directory, ':');) {
        if (!directory.empty() && directory != "/usr/include") command.push_back("-I" + directory);
    }
    command.push_back(APPROVEKIT_BENCH_UNITS "/" + unit);
    return command;
}

std::chrono::nanoseconds processor_time_of_children() {
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    return std::chrono::seconds{used.ru_utime.tv_sec + used.ru_stime.tv_sec} +
           std::chrono::microseconds{used.ru_utime.tv_usec + used.ru_stime.tv_usec};
}

/// The processor time that it takes to compile `unit`, whatever else the machine does.
std::chrono::nanoseconds compile(const std::string& unit) {
    const auto before = processor_time_of_children();
    testing::ChildProcess compiler(command_for(unit));
    if (compiler.wait(std::chrono::minutes{2}) != 0) {
        throw std::runtime_error(unit + " does not compile:\n" + compiler.error_output());
    }
    return processor_time_of_children() - before;
}

}  // namespace

void measure_compiler(const Setting& setting, Report& report) {
    Comparison comparison;
    for (int round = 0; round < setting.rounds(7, 3); ++round) {
        comparison.ours.add(compile("guarded.cpp"));
        comparison.bare.add(compile("parsed.cpp"));
    }
    report.add(ratio("compiling guard() / compiling nlohmann parse and dump", comparison, at_most(1.5)));
}

}  // namespace approvekit::bench
