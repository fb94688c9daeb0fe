#include "bench_server.hpp"
#include "measures.hpp"
#include "peer_process.hpp"

#include <thread>

namespace approvekit::bench {
namespace {

/// How many statements the server has run for this database.
std::int64_t statements_of(postgres::Connection& server) {
    postgres::Rows calls = server.rows(
        "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database "
        "WHERE "
        "datname = current_database())");
    calls.next();
    return calls.integer(0);
}

}  // namespace

void measure_server_waiting(const Setting& setting, Report& report) {
    const int calls = setting.rounds(10'000, 1000);
    const BenchServer server(setting.memory, "shared_preload_libraries = 'pg_stat_statements'");
    const std::string record = server.new_record("agent");
    postgres::Connection counting = connection_to(record);
    counting.script("CREATE EXTENSION pg_stat_statements");
    PeerProcess agent("wait", record, calls);
    agent.answer(std::chrono::minutes{10});
    std::this_thread::sleep_for(std::chrono::seconds{3});

    agent.tell("");
    const auto used_before = agent.answered_time();
    const std::int64_t statements_before = statements_of(counting);
    const auto begin = Clock::now();
    std::this_thread::sleep_for(std::chrono::seconds{setting.rounds(60, 10)});
    const std::chrono::duration<double> elapsed = Clock::now() - begin;
    const std::int64_t statements = statements_of(counting) - statements_before - 1;  // without the counting one
    agent.tell("");
    const auto used = std::chrono::duration<double>(agent.answered_time() - used_before);

    const std::string crowd = setting.quick ? "1,000" : "10,000";
    report.add({.what = "processor time with " + crowd + " calls pending on a server",
                .value = 100 * used.count() / elapsed.count(),
                .unit = Unit::percent,
                .goal = at_most(1)});
    report.add({.what = "  statements a second meanwhile",
                .value = static_cast<double>(statements) / elapsed.count(),
                .unit = Unit::count,
                .goal = at_most(5)});
}

}  // namespace approvekit::bench
