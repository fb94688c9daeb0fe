#pragma once

#include "approvekit/storage.hpp"

#include <vector>

using AuditEvents = std::vector<approvekit::AuditEvent>;

/// The events on record of a short test, in order.
inline AuditEvents audit_events(approvekit::Storage& storage) {
    storage.flush();
    approvekit::AuditQuery query;
    query.oldest_first = true;
    query.limit = 200;
    AuditEvents events;
    for (const approvekit::AuditEntry& entry : storage.audit(query).entries)
        events.push_back(entry.decision);
    return events;
}
