#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// What an audit entry reports.
enum class AuditEvent {
    approved,   ///< a reviewer or the policy allowed the call
    rejected,   ///< a reviewer refused it
    timeout,    ///< nobody answered in time, or the agent was gone
    cancelled,  ///< the caller gave up
    denied,     ///< the policy refuses the tool
    /// An allowed call did not start: altered request or arguments, untrusted or late decision, given up. With
    /// auto_request_id and an empty `follows`: a stop prevented it, or its idempotency key belongs to another call.
    refused,
    executed,  ///< the tool returned
    failed,    ///< the tool threw
    unknown,   ///< the agent died while the tool may have been running, or the tool could not tell how it ended
    /// An agent asked again with the idempotency key of a request whose own agent had left it, and took the request
    /// over.
    resumed,
    stopped,   ///< a reviewer stopped calls: tool_name is the tool pattern, request_id the id of the stop
    lifted,    ///< a reviewer lifted such a stop
    voted,     ///< a reviewer approved a request that needs more approvals than it has
    revoked,   ///< a reviewer revoked the grant that was given with the approval of the request
    answered,  ///< a reviewer answered the caller instead, and the call does not run; the metadata holds the answer
    /// Entries up to some place were moved into a file. The metadata holds the last line of the file, request_id the id
    /// of the archive.
    archived,
    /// A reviewer holds the request, or the call of the entry, with that id: no archive removes it.
    held,
    released,  ///< a reviewer ended such a hold
};

[[nodiscard]] std::string_view to_string(AuditEvent event) noexcept;
[[nodiscard]] std::optional<AuditEvent> parse_audit_event(std::string_view text) noexcept;

/// The request id of entries for calls without a request.
inline constexpr std::string_view auto_request_id = "auto";

/// One line of the record. A plain value; once written it never changes.
struct AuditEntry {
    std::string id;          ///< UUID text
    std::string request_id;  ///< auto_request_id on the auto-approved path
    std::string tool_name;
    Json tool_args = Json::object();  ///< redacted; empty in entries that follow another one
    AuditEvent decision = AuditEvent::refused;
    Time timestamp{};
    std::optional<std::string> reviewer_notes;
    Json metadata = Json::object();

    std::string reviewer;  ///< who decided: a name, "policy" or "unknown"; empty where nobody did
    std::string way;       ///< "web", "terminal", "library", "database", "policy", "grant", "agent", "sweep"
    std::string follows;   ///< id of the entry that decided the call this one reports on; may be empty
    bool is_signed = false;
    /// ApprovalRequest::view_digest as submitted. Empty unless the entry is about a request of ApproveKit for C++.
    std::string view;

    std::int64_t session = 0;   ///< number of the AgentSession that wrote it; 0 for a reviewer
    std::int64_t sequence = 0;  ///< its place in the chain
    std::string hash;           ///< hexadecimal; empty for an entry written by another package
    /// Which of several parallel chains it is in. Nothing if it is in none: then it follows from the ends of all.
    std::optional<std::int64_t> lane = std::nullopt;

    [[nodiscard]] bool ours() const noexcept { return !hash.empty(); }
};

/// The entry as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const AuditEntry& entry);

/// One opening of the storage by an agent. A plain value.
struct AgentSession {
    std::int64_t number = 0;
    Time started_at{};
    std::optional<Time> ended_at;  ///< missing while the session is alive, and until somebody notices that it died
};

/// The session as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const AgentSession& session);

/// The outcome of checking the whole chain.
struct AuditReport {
    std::int64_t entries = 0;          ///< entries that were checked and fit
    std::int64_t foreign_entries = 0;  ///< entries written by other programs, outside the chain
    std::string first;                 ///< hash of the first entry, which identifies the record
    /// Hash of the last entry that fits; with several lanes, one hash over the ends of all lanes.
    std::string head;
    std::int64_t sequence = 0;  ///< place of the last entry that fits
    /// `head` as it was at the place asked for. Empty if no entry of ours is there, or one in a lane that an archive
    /// left: the ends of the other lanes are only in the file of that archive.
    std::string marked;
    std::int64_t archived = 0;  ///< entries up to this place are in archives, except those that were kept

    /// Set when something does not fit: an entry, or a request that does not fit the entries about it.
    struct Fault {
        std::int64_t sequence = 0;  ///< the entry's place in the chain
        std::string entry_id;
        std::string what;
        std::string request_id = {};  ///< id of the request that does not fit; empty: it is the entry

        /// "entry 3" or "request 3f2a91bc-...", whichever does not fit.
        [[nodiscard]] std::string subject() const;
    };
    std::optional<Fault> fault;

    [[nodiscard]] bool intact() const noexcept { return !fault; }
    [[nodiscard]] bool empty() const noexcept { return entries == 0 && foreign_entries == 0 && !fault; }
};

}  // namespace approvekit
