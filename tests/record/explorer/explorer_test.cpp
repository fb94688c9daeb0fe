// All orders of steps by the agent, reviewers, sweeps, deaths, clocks and other programs keep the guarantees.
#include "record/explorer/explorer.hpp"
#include "record/explorer/process_site.hpp"
#include "record/explorer/sample.hpp"
#include "support/sanitized.hpp"

#include <array>
#include <chrono>
#include <iostream>
#include <memory>

using namespace approvekit::explorer;

namespace {

// With sanitizers it takes ten times as long, and short orders show everything that they can find.
constexpr int usual_depth = approvekit::testing::is_sanitized ? 4 : 6;

void walk(Setting setting, int depth) {
    constexpr std::array names{
        "", ", with a key", ", with votes", ", with stops", ", with a limit", ", with edits", ", with edits and votes"};
    const auto start = std::chrono::steady_clock::now();
    Explorer explorer(setting);
    const Explorer::Finding found = explorer.explore(depth);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    std::cout << "explorer, memory" << names.at(static_cast<std::size_t>(setting)) << ": " << explorer.orders()
              << " orders of up to " << depth << " transactions, " << explorer.states() << " states, " << took.count()
              << " ms\n";
    if (!found.what.empty()) std::cout << (as_test_case(found.order, setting, "Memory", found.what));
    CHECK(found.what == "");
}

}  // namespace

TEST_CASE("G1 G2 G3 G4 G5 G6 G8 G9 G13 every order of transactions keeps the guarantees, in memory") {
    walk(Setting::alone, option("APPROVEKIT_EXPLORER_DEPTH", usual_depth));
}

TEST_CASE("G1 G2 G3 G4 G5 G6 G8 G9 G13 every order with a second agent that asks with the same key does too") {
    walk(Setting::with_key, option("APPROVEKIT_EXPLORER_DEPTH", usual_depth) - 1);
}

TEST_CASE("G1 G2 G3 G4 G5 G6 G8 G9 G13 G15 every order in which two people have to approve does too") {
    walk(Setting::with_votes, option("APPROVEKIT_EXPLORER_DEPTH", usual_depth));
}

TEST_CASE("G1 G2 G3 G4 G5 G6 G8 G9 G13 G18 every order in which calls are stopped does too") {
    walk(Setting::with_stops, option("APPROVEKIT_EXPLORER_DEPTH", usual_depth));
}

TEST_CASE("G1 G2 G3 G4 G5 G6 G8 G9 G13 every order in which another agent takes of the same limit does too") {
    walk(Setting::with_limit, option("APPROVEKIT_EXPLORER_DEPTH", usual_depth) - 1);
}

TEST_CASE("G1 G2 G3 G4 G5 G6 G8 G9 G13 G16 every order in which reviewers edit what they approve does too") {
    walk(Setting::with_edits, option("APPROVEKIT_EXPLORER_DEPTH", usual_depth));
}

TEST_CASE(
    "G1 G2 G3 G4 G5 G6 G8 G9 G13 G15 G16 every order in which two people have to approve the same edit does too") {
    walk(Setting::with_voted_edits, option("APPROVEKIT_EXPLORER_DEPTH", usual_depth) - 1);
}

TEST_CASE("G1 G2 G3 G4 G5 G6 G8 G9 G13 G15 G16 G18 a sample of all orders keeps the guarantees, in SQLite") {
    const Setting setting = GENERATE(Setting::alone, Setting::with_votes, Setting::with_stops, Setting::with_limit,
                                     Setting::with_edits, Setting::with_voted_edits);
    walk_sample("Sqlite", setting, 40, [](Setting of) { return std::make_unique<SqliteSite>(of); });
}
