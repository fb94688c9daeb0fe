#include "bench_server.hpp"
#include "first_pages.hpp"
#include "measures.hpp"
#include "sample_call.hpp"
#include "web_process.hpp"

namespace approvekit::bench {
namespace {

/// Makes an audit with that many entries, as fast as the server can. None of them is part of the chain.
void fill_audit(const std::string& record, int entries) {
    postgres::Connection server = connection_to(record);
    server.rows(
        "INSERT INTO approvekit.approvekit_audit(seq, entry_id, request_id, event, reviewer, way, session, hash) "
        "SELECT "
        "n, md5(n::text), 'auto', 'approved', 'policy', 'policy', 1, sha256(n::text::bytea) FROM generate_series(1, "
        "$1) "
        "AS n",
        std::int64_t{entries});
    server.rows(
        "INSERT INTO approvekit.audit_log(id, request_id, tool_name, tool_args, decision, timestamp, reviewer_notes, "
        "metadata) SELECT md5(n::text), 'auto', $2, $3, 'approved', '2026-01-02T03:04:05.678901+00:00', 'auto-approved "
        "by policy', '{\"risk_level\":\"high\"}' FROM generate_series(1, $1) AS n",
        std::int64_t{entries}, tool_name, canonical_json(sample_arguments()));
    // Entries that are written behind these get places from the sequence.
    server.rows("SELECT setval('approvekit.approvekit_places', $1)", std::int64_t{entries});
    server.script("VACUUM ANALYZE approvekit.approvekit_audit, approvekit.audit_log");
}

}  // namespace

void measure_server_pages(const Setting& setting, Report& report) {
    const BenchServer server(setting.disk);
    const std::string long_record = server.new_record("long");
    const std::string short_record = server.new_record("short");
    fill_audit(long_record, setting.rounds(1'000'000, 100'000));
    fill_audit(short_record, 1000);
    const WebProcess of_long(long_record);
    const WebProcess of_short(short_record);
    compare_first_pages(of_long, of_short, " on a server", setting, report);
}

}  // namespace approvekit::bench
