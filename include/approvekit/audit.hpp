#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// What an audit entry tells.
enum class AuditEvent {
    approved,   ///< a reviewer or the policy allowed the call
    rejected,   ///< a reviewer refused it
    timeout,    ///< nobody answered in time, or the agent was gone
    cancelled,  ///< the caller gave up
    denied,     ///< the policy refuses the tool
    refused,    ///< an allowed call did not start: altered request or arguments, untrusted or late decision, given up;
                ///< with auto_request_id and following nothing: a stop was in its way, or its idempotency key was that
                ///< of another call
    executed,   ///< the tool returned
    failed,     ///< the tool threw
    unknown,    ///< the agent died while the tool may have been running, or the tool could not tell how it ended
    resumed,    ///< an agent asked again with the key of a request that its own agent had left, and took it over
    stopped,    ///< a reviewer stopped calls: tool_name is the pattern of the tools, request_id the id of the stop
    lifted,     ///< a reviewer ended such a stop
    voted,      ///< a reviewer approved a request that needs more approvals than it has
    revoked,    ///< a reviewer revoked the grant that was given with the approval of the request
    answered,   ///< a reviewer gave the caller an answer, which the metadata has, and the call does not run
    archived,  ///< entries up to a place were moved into a file: the metadata has the line that it ends with, request_id
               ///< its id
    held,      ///< a reviewer holds the request, or the call of the entry, with that id: no archive removes it
    released,  ///< a reviewer ended such a hold
};

[[nodiscard]] std::string_view to_string(AuditEvent event) noexcept;
[[nodiscard]] std::optional<AuditEvent> parse_audit_event(std::string_view text) noexcept;

/// The request id of entries that no request precedes.
inline constexpr std::string_view auto_request_id = "auto";

/// One line of the record. A plain value; once written it never changes.
struct AuditEntry {
    std::string id;          ///< UUID text
    std::string request_id;  ///< auto_request_id on the auto-approved path
    std::string tool_name;
    Json tool_args = Json::object();  ///< redacted; empty for entries that follow another one
    AuditEvent decision = AuditEvent::refused;
    Time timestamp{};
    std::optional<std::string> reviewer_notes;
    Json metadata = Json::object();

    std::string reviewer;  ///< who decided: a name, "policy", "unknown"; empty where nobody did
    std::string way;       ///< "web", "terminal", "library", "database", "policy", "grant", "agent", "sweep"
    std::string follows;   ///< the id of the entry whose call this one reports on; may be empty
    bool is_signed = false;
    std::string view;  ///< ApprovalRequest::view_digest as it was submitted; empty where no request of ours is told of

    std::int64_t session = 0;   ///< which opening of the storage by an agent wrote it; 0 for a reviewer's
    std::int64_t sequence = 0;  ///< its place in the chain
    std::string hash;           ///< hexadecimal; empty for an entry that another package wrote
    /// Which of several chains side by side it is in; nothing: in none, it follows from the ends of all.
    std::optional<std::int64_t> lane = std::nullopt;

    [[nodiscard]] bool ours() const noexcept { return !hash.empty(); }
};

/// The entry as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const AuditEntry& entry);

/// One opening of the storage by an agent. A plain value.
struct AgentSession {
    std::int64_t number = 0;
    Time started_at{};
    std::optional<Time> ended_at;  ///< missing while it lives, or until somebody notices that it died
};

/// The session as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const AgentSession& session);

/// The outcome of checking the whole chain.
struct AuditReport {
    std::int64_t entries = 0;          ///< that were checked and fit
    std::int64_t foreign_entries = 0;  ///< written by others, outside the chain
    std::string first;                 ///< hash of the first entry, by which records are told apart
    std::string head;                  ///< hash of the last entry that fits; of several lanes, one of all their ends
    std::int64_t sequence = 0;         ///< place of the last entry that fits
    std::string marked;                ///< the head up to the place that was asked for; empty: no entry is there
    std::int64_t archived = 0;         ///< up to this place entries are in archives, but for those that were kept

    /// Set when something does not fit. It is an entry, or a request that does not fit the entries about it.
    struct Fault {
        std::int64_t sequence = 0;  ///< the entry's place in the chain
        std::string entry_id;
        std::string what;
        std::string request_id = {};  ///< of the request that does not fit; empty: it is the entry

        /// "entry 3" or "request 3f2a91bc-...", whichever does not fit.
        [[nodiscard]] std::string subject() const;
    };
    std::optional<Fault> fault;

    [[nodiscard]] bool intact() const noexcept { return !fault; }
    [[nodiscard]] bool empty() const noexcept { return entries == 0 && foreign_entries == 0 && !fault; }
};

}  // namespace approvekit
