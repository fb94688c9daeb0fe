#include "benchmarks.hpp"

#include "approvekit/version.hpp"

#include <CLI/CLI.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::bench {
namespace {

std::filesystem::path directory_in_memory() {
    const std::filesystem::path shared = "/dev/shm";
    return std::filesystem::is_directory(shared) ? shared : std::filesystem::temp_directory_path();
}

/// How far off a ratio may be on a machine that is also used by others.
constexpr double hasty_tolerance = 1.5;
/// Others spoil a ratio now and then; what our own code spoils is off each time.
constexpr int hasty_attempts = 3;

struct Arguments {
    Setting setting{.disk = std::filesystem::current_path(), .memory = directory_in_memory()};
    std::string json;
    std::vector<std::string> names;
};

void describe(CLI::App& app, Arguments& arguments, std::span<const Benchmark> benchmarks) {
    std::vector<std::string> names;
    for (const Benchmark& benchmark : benchmarks)
        names.emplace_back(benchmark.name);
    app.add_flag(
        "--quick", arguments.setting.quick,
        "Measure for a minute only, and fail only when a ratio is off its goal, or the figure that is known instead, "
        "by more than a factor of 1.5 three times in a row");
    app.add_option("--json", arguments.json, "Write the figures to FILE as well")->type_name("FILE");
    app.add_option("--disk", arguments.setting.disk, "A directory on the disk to measure")->capture_default_str();
    app.add_option("--memory", arguments.setting.memory, "A directory in memory")->capture_default_str();
    app.add_option("NAME", arguments.names, "What to measure; everything otherwise")->check(CLI::IsMember(names));
}

bool is_wanted(const Arguments& arguments, const char* name) {
    const auto& names = arguments.names;
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

void write_json(const Arguments& arguments, const Report& report) {
    std::ofstream file(arguments.json);
    file << Json{{"version", version()},
                 {"sqlite", sqlite3_libversion()},
                 {"processors", std::thread::hardware_concurrency()},
                 {"quick", arguments.setting.quick},
                 {"figures", report.as_json()}}
                .dump(2)
         << '\n';
    file.close();
    if (!file) throw std::runtime_error("cannot write " + arguments.json);
}

/// Measures again while a ratio is off. Returns false if one was off each time.
bool measure_hastily(const Benchmark& benchmark, const Setting& setting, Report& report) {
    const std::size_t before = report.size();
    for (int attempt = 1;; ++attempt) {
        benchmark.measure(setting, report);
        if (!report.has_ratio_off_by(hasty_tolerance, before)) return true;
        if (attempt == hasty_attempts) return false;
        report.measure_again_from(before);
    }
}

bool measure(const Benchmark& benchmark, const Setting& setting, Report& report) {
    if (setting.quick) return measure_hastily(benchmark, setting, report);
    const std::size_t before = report.size();
    benchmark.measure(setting, report);
    return report.meets_all_goals(before);
}

int run(const Arguments& arguments, std::span<const Benchmark> benchmarks) {
    Report report(std::cout);
    bool is_good = true;
    for (const Benchmark& benchmark : benchmarks) {
        if (is_wanted(arguments, benchmark.name)) is_good = measure(benchmark, arguments.setting, report) && is_good;
    }
    if (!arguments.json.empty()) write_json(arguments, report);
    return is_good ? 0 : 1;
}

}  // namespace

int measure_all(const char* program, const char* what, std::span<const Benchmark> benchmarks, int count, char** words) {
    CLI::App app(what, program);
    Arguments arguments;
    describe(app, arguments, benchmarks);
    CLI11_PARSE(app, count, words);
    try {
        return run(arguments, benchmarks);
    } catch (const std::exception& error) {
        std::cerr << program << ": " << error.what() << '\n';
        return 1;
    }
}

}  // namespace approvekit::bench
