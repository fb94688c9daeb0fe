#include "sqlite/sharing_triggers.hpp"

namespace approvekit::sqlite {
namespace {

std::vector<Trigger> noting_triggers() {
    return {
        {"approvekit_request_inserted",
         "CREATE TRIGGER approvekit_request_inserted AFTER INSERT ON approval_requests BEGIN INSERT INTO "
         "approvekit_changes(request_id, status) VALUES (NEW.id, NEW.status); END"},
        {"approvekit_request_updated",
         "CREATE TRIGGER approvekit_request_updated AFTER UPDATE ON approval_requests BEGIN INSERT INTO "
         "approvekit_changes(request_id, status) VALUES (NEW.id, NEW.status); END"},
        {"approvekit_request_deleted",
         "CREATE TRIGGER approvekit_request_deleted AFTER DELETE ON approval_requests BEGIN INSERT INTO "
         "approvekit_changes(request_id, status) VALUES (OLD.id, 'deleted'); END"},
        {"approvekit_audit_inserted",
         "CREATE TRIGGER approvekit_audit_inserted AFTER INSERT ON audit_log BEGIN INSERT INTO "
         "approvekit_audit(entry_id, request_id, event) VALUES (NEW.id, NEW.request_id, NEW.decision); INSERT INTO "
         "approvekit_changes(request_id, status) VALUES (NEW.request_id, NEW.decision); END"},
    };
}

Trigger refusing_trigger(const std::string& table, const std::string& operation, int since_version) {
    const std::string name = "approvekit_closed_" + table + "_" + operation;
    return {name,
            "CREATE TRIGGER " + name + " BEFORE " + operation + " ON " + table +
                " BEGIN SELECT RAISE(ABORT, 'only ApproveKit writes this record; to let other programs write it "
                "too, stop all that use it and open it once with --share'); END",
            since_version};
}

std::vector<Trigger> refusing_triggers() {
    std::vector<Trigger> triggers;
    for (const char* table : {"approval_requests", "audit_log", "approvekit_sessions", "approvekit_requests",
                              "approvekit_decisions", "approvekit_audit", "approvekit_changes"}) {
        for (const char* operation : {"INSERT", "UPDATE", "DELETE"})
            triggers.push_back(refusing_trigger(table, operation, 1));
    }
    for (const char* table :
         {"approvekit_keys", "approvekit_stops", "approvekit_votes", "approvekit_uses", "approvekit_grants",
          "approvekit_grant_uses", "approvekit_archives", "approvekit_archive_start", "approvekit_archive_kept",
          "approvekit_archive_holds", "approvekit_lanes"}) {
        for (const char* operation : {"INSERT", "UPDATE", "DELETE"})
            triggers.push_back(refusing_trigger(table, operation, 2));
    }
    return triggers;
}

}  // namespace

const std::vector<Trigger>& triggers_of(Sharing sharing) {
    static const std::vector<Trigger> noting = noting_triggers();
    static const std::vector<Trigger> refusing = refusing_triggers();
    return sharing == Sharing::open ? noting : refusing;
}

}  // namespace approvekit::sqlite
