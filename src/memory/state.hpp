#pragma once

#include "record/audit_chain.hpp"
#include "record/rows.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace approvekit::memory {

/// A request's row in the form that any program may write: texts.
struct RequestRow {
    std::string tool_name;
    std::string tool_args;
    std::string status;
    std::string created_at;
    std::optional<std::string> reviewed_at;
    std::optional<std::string> reviewer_notes;
    std::string metadata;

    bool operator==(const RequestRow&) const = default;
};

/// What is kept beside the row of a request of ours.
struct BindingRow {
    ApprovalRequest submitted;  ///< for the values that never change
    std::string view_digest;
    RequestRow copy;  ///< the row as it was submitted
    record::Binding binding;
    record::StoredRun run;
    std::string note;
    std::optional<std::string> finished_at;
};

struct SessionRow {
    std::string started_at;
    std::optional<std::string> ended_at;
    std::int64_t first_entry = 0;
};

struct EntryRow {
    record::AuditRecord record;
    std::string hash;
};

/// Everything in a record, and who is alive. A value: a copy of it is a snapshot. Copies share what never changes.
struct State {
    std::map<std::string, RequestRow, std::less<>> requests;
    std::map<std::string, std::shared_ptr<const BindingRow>, std::less<>> bindings;
    std::vector<std::shared_ptr<const record::StoredDecision>> decisions;
    std::vector<std::shared_ptr<const record::StoredDecision>> votes;
    std::map<std::int64_t, SessionRow> sessions;
    std::vector<std::shared_ptr<const EntryRow>> entries;                   ///< the first one has place 1
    std::vector<std::shared_ptr<const record::StoredKey>> keys;             ///< the first one has number 1
    std::vector<std::shared_ptr<const record::StoredStop>> stops;           ///< the first one has number 1
    std::vector<record::StoredUse> uses;                                    ///< ordered by their numbers
    std::int64_t last_use = 0;                                              ///< the highest number that a use was given
    std::vector<std::shared_ptr<const record::StoredGrant>> grants;         ///< the first one has number 1
    std::vector<std::shared_ptr<const record::StoredGrantUse>> grant_uses;  ///< the first one has number 1
    std::set<std::int64_t> living;                                          ///< the sessions whose agents are alive
};

}  // namespace approvekit::memory
