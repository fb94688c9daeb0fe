#include "approvekit/audit.hpp"

#include "support/catch.hpp"

using namespace approvekit;

TEST_CASE("each audit event has its text, both ways") {
    for (const char* text : {"approved", "rejected", "timeout", "cancelled", "denied", "refused", "executed", "failed",
                             "unknown", "resumed", "stopped", "lifted", "voted", "answered"}) {
        CAPTURE(text);
        const auto event = parse_audit_event(text);
        REQUIRE(event);
        CHECK(to_string(*event) == text);
    }
    CHECK_FALSE(parse_audit_event("pending"));
}

TEST_CASE("an entry is ours when it stands in the chain") {
    AuditEntry entry;
    CHECK_FALSE(entry.ours());
    entry.hash = "ab";
    CHECK(entry.ours());
}

TEST_CASE("the view of an entry tells all of it") {
    AuditEntry entry;
    entry.id = "entry-1";
    entry.request_id = auto_request_id;
    entry.tool_name = "read_record";
    entry.tool_args = {{"id", 7}};
    entry.decision = AuditEvent::approved;
    entry.timestamp = *parse_time("2026-01-31T09:05:07.000042");
    entry.reviewer_notes = "auto-approved by policy";
    entry.metadata = {{"risk_level", "low"}};
    entry.reviewer = "policy";
    entry.way = "policy";
    entry.view = "cd";
    entry.session = 3;
    entry.sequence = 12;
    entry.hash = "ab";

    const Json expected = {
        {"id", "entry-1"},
        {"request_id", "auto"},
        {"tool_name", "read_record"},
        {"tool_args", {{"id", 7}}},
        {"decision", "approved"},
        {"timestamp", "2026-01-31T09:05:07.000042"},
        {"reviewer_notes", "auto-approved by policy"},
        {"metadata", {{"risk_level", "low"}}},
        {"reviewer", "policy"},
        {"way", "policy"},
        {"follows", nullptr},
        {"signed", false},
        {"view", "cd"},
        {"session", 3},
        {"sequence", 12},
        {"hash", "ab"},
        {"ours", true},
    };
    CHECK(to_json_view(entry) == expected);
}

TEST_CASE("an audit is intact until something does not fit") {
    AuditReport report;
    CHECK(report.intact());
    report.fault = AuditReport::Fault{.sequence = 3, .entry_id = "entry-3", .what = "was changed"};
    CHECK_FALSE(report.intact());
}
