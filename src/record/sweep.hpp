#pragma once

#include "record/endings.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace approvekit::record {

inline constexpr const char* overdue_reason = "nobody answered by the deadline";
inline constexpr const char* unstarted_reason = "approved, but not started in time";
inline constexpr const char* gone_reason = "the agent that asked is gone";

/// Whether a sweep would end something because its time is over.
[[nodiscard]] bool is_anything_overdue(Tables& tables, const Moment& moment);

/// Ends what nobody else will end: nothing stays pending for ever (G6), and if an agent went away while a call may have
/// been running, the record says so (G13). Refers to the unit of work, which must outlive it.
class Sweep {
public:
    explicit Sweep(UnitOfWork& work) noexcept : work_(work), audit_(work), endings_(work) {}

    /// Ends what is overdue, everything that belongs to the sessions in `gone`, and these sessions. Requests with a key
    /// that have not started stay; they wait for another agent. Gives requests that another program reopened their
    /// state back, and moves the deadlines of requests that wait for an agent to the clock of this boot. Returns how
    /// many requests it ended.
    std::size_t run(const std::vector<std::int64_t>& gone);

    /// Ends one request whose deadline has come.
    void end_overdue(const std::string& id) { static_cast<void>(end(id, false)); }

    /// If the clock of another boot keeps the deadline, the clock of this boot keeps it from now on. It comes no later
    /// than by the wall clock, and leaves no more time than the request had when it was made.
    void keep_deadline(const StoredRequest& stored);

    /// Ends the calls of this session, because its storage closes.
    void close_session();

private:
    /// Returns whether it ended; a request with a key outlives its agent.
    bool end(const std::string& id, bool agent_is_gone);
    /// Returns whether it ended.
    bool take_into_boot(const std::string& id);
    void end_decided(StoredRequest& stored, bool agent_is_gone);
    [[nodiscard]] bool outlives_agent(const StoredRequest& stored);
    void end_session(std::int64_t session);

    UnitOfWork& work_;
    AuditWriter audit_;
    Endings endings_;
};

}  // namespace approvekit::record
