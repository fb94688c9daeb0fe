#pragma once

#include "approvekit/storage.hpp"
#include "record/counted_together.hpp"
#include "record/sweep.hpp"
#include "record/transitions.hpp"
#include "record/unit_of_work.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>
#include <vector>

namespace approvekit::record {

/// Everything that a storage writes, in terms of Storage's contract. All writes go through it, one at a time, and also
/// write the reports that finish() and not_started() left.
///
/// Concurrent intents share commits: the first one writes for all that wait behind it. Thread-safe. The functions throw
/// what Storage says. They announce changes after the commit, without a lock held.
class Ledger {
public:
    /// The engine must outlive the ledger, and must not call it from any of its functions.
    explicit Ledger(Engine& engine) noexcept : engine_(engine) {}

    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    /// Starts this process's session, once: `start` records it and returns its number. Others must be able to see that
    /// this process is alive before they can see the session. submit(), and allowing or denying a call, need a session.
    void ensure_session(const std::function<std::int64_t(Transaction&)>& start);

    void submit(const ApprovalRequest& request);
    /// Makes an intent (approved) or a denial (denied) durable, alone or together with others. Returns its entry's id.
    std::string record(const Intent& intent, AuditEvent event);
    /// The same two for a call with a key. Such an intent shares its commit with no other.
    KeyedAnswer submit(const ApprovalRequest& request, const KeyedCall& call);
    KeyedAnswer record(const Intent& intent, const KeyedCall& call);
    /// If this fails, a later write makes up for it.
    void release(std::string_view request_id);
    [[nodiscard]] std::string claim(const Claim& claim);
    ApprovalRequest end(std::string_view request_id, ApprovalStatus status, std::string_view reason);
    ApprovalRequest decide(const Decision& decision);
    /// Both are durable on return, even after a power loss.
    Stop stop(const StopOrder& order, const Author& author);
    Stop resume(const std::string& stop_id, const Author& author);

    /// Durable on return, even after a power loss.
    void revoke(const std::string& grant_id, const Author& author);

    /// Both are durable on return, even after a power loss.
    AuditHold hold(const std::string& subject, const std::string& reason, const Author& author);
    AuditHold release_hold(const std::string& subject, const Author& author);

    /// One step of moving a part of the record, or all of it, elsewhere. Durable on return, even after a power loss.
    void move(const std::function<void(UnitOfWork&)>& step) { write(step, Hold::for_good); }

    /// As Storage::find_stop, for what `tables` show.
    [[nodiscard]] std::optional<Stop> find_stop(Tables& tables, std::string_view tool_name, std::string_view agent);

    /// As Engine::version().
    [[nodiscard]] std::uint64_t version();

    /// What this process has seen of grants so far.
    [[nodiscard]] KnownGrants& known_grants() noexcept { return known_grants_; }

    /// Both take a report, which a later write carries.
    void finish(RunOutcome outcome);
    void not_started(UnstartedCall call);
    /// Returns when every report that was handed over is durable, no matter which write carried it.
    void flush();

    /// As Sweep::run.
    std::size_t sweep(const std::vector<std::int64_t>& gone);
    /// Flushes, and ends the session if there is one.
    void close();

private:
    /// What a commit survives.
    enum class Hold {
        as_opened,
        /// A power loss too. A start that was lost would start again for a caller that asks with its key, and would
        /// give back what it took of a limit.
        for_good,
    };

    struct Waiting {
        const Intent* intent;
        AuditEvent event;
        std::string entry_id;
        std::exception_ptr failure;
        bool done = false;
        std::condition_variable turn;
    };

    struct Carried {
        std::variant<RunOutcome, UnstartedCall> report;
        bool is_doubtful = false;    ///< a commit with it failed, but may have happened
        bool is_withdrawal = false;  ///< takes back a step whose own commit failed
        bool is_release = false;     ///< of a request whose take-over had such a commit, or whose release failed
        std::string started_at;      ///< the start that it takes back; empty: the step was no start

        [[nodiscard]] const std::string& entry_id() const;
    };

    /// Writes the reports, then runs `work`, all in one transaction; `work` counts on `counted`. If this throws,
    /// nothing of it happened; but after a StorageError all of it may have happened.
    void write(const std::function<void(UnitOfWork&)>& work, Hold hold = Hold::as_opened,
               const CountedTogether& counted = {});
    [[nodiscard]] std::vector<Change> commit(const std::function<void(UnitOfWork&)>& work, Hold hold,
                                             const CountedTogether& counted);
    void carry_out(UnitOfWork& unit, const std::vector<Carried>& reports);
    /// Also locks what the reports give back.
    static void lock_counted(UnitOfWork& unit, const std::vector<Carried>& reports, CountedTogether counted);
    [[nodiscard]] static bool is_wanted(Transitions& transitions, const Carried& carried);
    /// Whether it is certain, without a look, that the record does not contain what `carried` tells of yet.
    [[nodiscard]] bool is_certain(const Carried& carried) const;
    /// If an agent gave no sign of life for a long time, others end its session. It then resumes the session, and what
    /// they recorded in the meantime stays.
    void resume_session(UnitOfWork& unit);

    void write_batch(const std::vector<Waiting*>& batch) noexcept;
    void write_each(UnitOfWork& unit, const std::vector<Waiting*>& batch);
    void withdraw_intent(const Intent& intent, const std::string& entry_id, bool has_key);
    /// Lets a later write release the request.
    void release_later(std::string_view request_id);
    /// For a step that must not count because its commit failed. The commit may still have happened, for instance if a
    /// disk took the data and failed the last sync. A later write then takes back this step only, and none that
    /// somebody else took.
    void withdraw(UnstartedCall step, std::string started_at = {});

    [[nodiscard]] std::vector<Carried> take_reports();
    void give_back(std::vector<Carried> reports);
    [[nodiscard]] bool has_reports() const;

    Engine& engine_;
    std::int64_t session_ = 0;
    bool was_resumed_ = false;               // others ended this session once, and the runs of that time
    std::unordered_set<std::string> since_;  // intents since then that have no outcome yet
    KnownStops known_stops_;                 // has its own lock
    KnownGrants known_grants_;               // has its own lock
    mutable std::mutex writing_;             // guards all above except engine_, and allows one write at a time

    mutable std::mutex queueing_;  // guards what follows
    std::deque<Waiting*> queue_;
    std::vector<Carried> reports_;
};

}  // namespace approvekit::record
