#include "long_audit.hpp"

#include "bare_database.hpp"
#include "sample_call.hpp"

namespace approvekit::bench {

void make_long_audit(const std::filesystem::path& path, int entries) {
    { const SqliteStorage storage(path); }
    BareDatabase database(path);
    const std::string arguments = canonical_json(sample_arguments());
    const std::string numbers = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT " +
                                std::to_string(entries) + ") ";
    database.run("PRAGMA synchronous = OFF");
    database.run("PRAGMA cache_size = -500000");
    database.without_triggers();
    database.run("CREATE TEMP TABLE entry AS " + numbers + "SELECT n, lower(hex(randomblob(18))) AS id FROM number");
    database.run("BEGIN");
    database.run(
        "INSERT INTO approvekit_audit(seq, entry_id, request_id, event, reviewer, way, session, hash) SELECT "
        "n, id, 'auto', 'approved', 'policy', 'policy', 1, randomblob(32) FROM entry");
    // In the order of their index, which is several times faster.
    database.run("INSERT INTO audit_log SELECT id, 'auto', 'send_email', '" + arguments +
                 "', 'approved', '2026-01-02T03:04:05.678901+00:00', 'auto-approved by policy', "
                 "'{\"risk_level\":\"high\"}' FROM entry ORDER BY id");
    database.run("COMMIT");
}

}  // namespace approvekit::bench
