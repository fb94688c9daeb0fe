#include "edit_races.hpp"
#include "grant_races.hpp"
#include "keyed_kills.hpp"
#include "kill_archivers.hpp"
#include "kill_editors.hpp"
#include "kill_granted.hpp"
#include "kill_points.hpp"
#include "kill_spenders.hpp"
#include "kill_voters.hpp"
#include "limit_races.hpp"
#include "limit_start_races.hpp"
#include "races.hpp"
#include "random_kills.hpp"
#include "server_kills.hpp"
#include "shared_file.hpp"
#include "stop_races.hpp"
#include "support/temporary_directory.hpp"
#include "vote_races.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <random>
#include <tuple>
#include <utility>

using namespace approvekit::testing;

namespace {

struct Arguments {
    std::filesystem::path directory = std::filesystem::temp_directory_path();
    int first = 1;
    int step = 1;
    int kills = 2000;
    int races = 100000;
    int pairs = 20000;
    int seconds = 600;
    int deaths = 20;
    int lanes = 8;
    bool share = false;
    bool on_server = false;
    unsigned seed = std::random_device()();
};

void describe_server_kills(CLI::App& app, Arguments& arguments) {
    for (const auto& [name, what, count] :
         {std::tuple("end-connections", "Have a server end connections of a busy agent and reviewer", &arguments.kills),
          std::tuple("crash-server", "Kill all of a server, and start it again", &arguments.deaths),
          std::tuple("promote-standby", "Kill a server, and promote its synchronous standby", &arguments.deaths)}) {
        CLI::App* const kills = app.add_subcommand(name, what);
        kills->add_option("--count", *count, "How many times")->check(CLI::PositiveNumber);
        kills->add_option("--seed", arguments.seed, "Where chance starts");
    }
}

void describe(CLI::App& app, Arguments& arguments) {
    app.require_subcommand(1);
    app.add_flag("--postgres", arguments.on_server, "Keep the records on a PostgreSQL server instead of in files");
    app.add_option("--lanes", arguments.lanes, "How many lanes the audit of those has")->check(CLI::Range(1, 64));
    app.add_option("--directory", arguments.directory, "Where the databases are made; decides on the file system");
    for (const auto& [name, what] :
         {std::pair("kill-points", "Kill an agent and a reviewer at each system call"),
          std::pair("kill-voters", "Kill whoever casts two votes, in the same way"),
          std::pair("kill-editors", "Kill whoever edits, and an agent whose call is edited"),
          std::pair("kill-stoppers", "Kill whoever stops and resumes, in the same way"),
          std::pair("kill-spenders", "Kill an agent under limits, in the same way"),
          std::pair("kill-archivers", "Kill whoever archives, in the same way"),
          std::pair("kill-granted", "Kill an agent that is granted calls, in the same way")}) {
        CLI::App* const points = app.add_subcommand(name, what);
        points->add_option("--first", arguments.first, "The first system call to kill at")->check(CLI::PositiveNumber);
        points->add_option("--step", arguments.step, "Take every STEP-th system call")->check(CLI::PositiveNumber);
    }
    CLI::App* const kills = app.add_subcommand("random-kills", "Kill a busy agent and a busy reviewer at random");
    kills->add_option("--count", arguments.kills, "How many kills")->check(CLI::PositiveNumber);
    kills->add_option("--seed", arguments.seed, "Where chance starts");
    CLI::App* const keys =
        app.add_subcommand("kills-with-keys", "Kill four agents, which ask again with their keys, and a reviewer");
    keys->add_option("--count", arguments.kills, "How many kills")->check(CLI::PositiveNumber);
    keys->add_option("--seed", arguments.seed, "Where chance starts");
    CLI::App* const races = app.add_subcommand("races", "Let four processes race for each request");
    races->add_option("--count", arguments.races, "How many races")->check(CLI::PositiveNumber);
    for (const auto& [name, what] : {std::pair("races-of-votes", "Let last votes race for requests with a quorum"),
                                     std::pair("races-of-edits", "Let edits race for requests that may be edited"),
                                     std::pair("races-with-stops", "Let stops race against starts"),
                                     std::pair("races-for-limits", "Let eight processes race for limits"),
                                     std::pair("races-within-limits", "Let starts and ones given up race so"),
                                     std::pair("races-for-grants", "Let eight processes race for a grant")}) {
        CLI::App* const pairs = app.add_subcommand(name, what);
        pairs->add_option("--count", arguments.pairs, "How many races of each pair")->check(CLI::PositiveNumber);
    }
    describe_server_kills(app, arguments);
    CLI::App* const reads = app.add_subcommand("read-while-writing", "Let a tool of busy agents read their files");
    reads->add_option("--seconds", arguments.seconds, "For how long")->check(CLI::PositiveNumber);
    reads->add_flag("--share", arguments.share, "In a file with a rollback journal that other programs may write");
    CLI::App* const checkpoints =
        app.add_subcommand("kill-while-checkpointing", "Kill four writers and a reader on a slow disk");
    checkpoints->add_option("--seconds", arguments.seconds, "For how long")->check(CLI::PositiveNumber);
    checkpoints->add_option("--seed", arguments.seed, "Where chance starts");
}

/// Runs what exists only on a server or only in a file. Returns nothing if it is none of these.
std::optional<bool> run_on_one_engine(const CLI::App& app, const Arguments& arguments,
                                      const std::filesystem::path& directory) {
    const std::chrono::seconds time{arguments.seconds};
    if (app.got_subcommand("end-connections")) {
        keep_records_on_server(arguments.lanes);
        return end_connections(directory, arguments.kills, arguments.seed);
    }
    if (app.got_subcommand("crash-server"))
        return crash_server(directory, arguments.lanes, arguments.deaths, arguments.seed);
    if (app.got_subcommand("promote-standby"))
        return promote_standbys(directory, arguments.lanes, arguments.deaths, arguments.seed);
    if (app.got_subcommand("read-while-writing")) {
        return read_while_writing(directory, time,
                                  arguments.share ? approvekit::Sharing::open : approvekit::Sharing::closed);
    }
    if (app.got_subcommand("kill-while-checkpointing"))
        return kill_while_checkpointing(directory, time, arguments.seed);
    return std::nullopt;
}

bool run_kills(const CLI::App& app, const Arguments& arguments, const std::filesystem::path& directory) {
    const auto [first, step] = std::pair(arguments.first, arguments.step);
    if (app.got_subcommand("kill-points")) return kill_at_every_system_call(directory, first, step);
    if (app.got_subcommand("kill-voters")) return kill_voters(directory, first, step);
    if (app.got_subcommand("kill-editors")) return kill_editors(directory, first, step);
    if (app.got_subcommand("kill-stoppers")) return kill_stoppers(directory, first, step);
    if (app.got_subcommand("kill-spenders")) return kill_spenders(directory, first, step);
    if (app.got_subcommand("kill-archivers")) return kill_archivers(directory, first, step);
    if (app.got_subcommand("kill-granted")) return kill_granted(directory, first, step);
    if (app.got_subcommand("kills-with-keys")) return kill_with_keys(directory, arguments.kills, arguments.seed);
    return kill_at_random(directory, arguments.kills, arguments.seed);
}

bool run(const CLI::App& app, const Arguments& arguments) {
    std::filesystem::create_directories(arguments.directory);
    const TemporaryDirectory place(arguments.directory);
    const std::filesystem::path& directory = place.path();
    if (const auto done = run_on_one_engine(app, arguments, directory)) return *done;
    if (arguments.on_server) keep_records_on_server(arguments.lanes);
    if (app.got_subcommand("races")) return race(directory, arguments.races);
    if (app.got_subcommand("races-of-votes")) return race_for_votes(directory, arguments.pairs);
    if (app.got_subcommand("races-of-edits")) return race_for_edits(directory, arguments.pairs);
    if (app.got_subcommand("races-with-stops")) return race_with_stops(directory, arguments.pairs);
    if (app.got_subcommand("races-for-limits")) return race_for_limits(directory, arguments.pairs);
    if (app.got_subcommand("races-within-limits")) return race_within_limits(directory, arguments.pairs);
    if (app.got_subcommand("races-for-grants")) return race_for_grants(directory, arguments.pairs);
    return run_kills(app, arguments, directory);
}

}  // namespace

int main(int count, char** words) {
    CLI::App app("Kills agents and reviewers, lets them race, and holds the record against what the tools did");
    Arguments arguments;
    describe(app, arguments);
    CLI11_PARSE(app, count, words);
    try {
        return run(app, arguments) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
