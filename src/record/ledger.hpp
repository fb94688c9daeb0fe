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

/// All that a storage writes, in terms of Storage's contract. Every write passes through it, one at a time, and takes
/// the reports along that finish() and not_started() left.
///
/// Concurrent intents share commits: whoever comes first writes for all that queue behind. Thread-safe. Its functions
/// throw what Storage says; they announce what they changed after the commit, without a lock held.
class Ledger {
public:
    /// The engine outlives the ledger and calls it from none of its functions.
    explicit Ledger(Engine& engine) noexcept : engine_(engine) {}

    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    /// Starts this process's session, once: `start` puts it on record and returns its number. Its life must be seen by
    /// others before the session is. Whatever is submitted, allowed or denied needs one.
    void ensure_session(const std::function<std::int64_t(Transaction&)>& start);

    void submit(const ApprovalRequest& request);
    /// Makes an intent (approved) or a denial (denied) durable, alone or together with others; returns its entry's id.
    std::string record(const Intent& intent, AuditEvent event);
    /// The same two with a key. An intent shares its commit with no other.
    KeyedAnswer submit(const ApprovalRequest& request, const KeyedCall& call);
    KeyedAnswer record(const Intent& intent, const KeyedCall& call);
    /// What fails is made up for by a later write.
    void release(std::string_view request_id);
    [[nodiscard]] std::string claim(const Claim& claim);
    ApprovalRequest end(std::string_view request_id, ApprovalStatus status, std::string_view reason);
    ApprovalRequest decide(const Decision& decision);
    /// Both are durable for good on return.
    Stop stop(const StopOrder& order, const Author& author);
    Stop resume(const std::string& stop_id, const Author& author);

    /// Durable for good on return.
    void revoke(const std::string& grant_id, const Author& author);

    /// Both are durable for good on return.
    AuditHold hold(const std::string& subject, const std::string& reason, const Author& author);
    AuditHold release_hold(const std::string& subject, const Author& author);

    /// A step of whoever moves a part of the record, or all of it, elsewhere. Durable for good on return.
    void move(const std::function<void(UnitOfWork&)>& step) { write(step, Hold::for_good); }

    /// As Storage::find_stop, in what `tables` show.
    [[nodiscard]] std::optional<Stop> find_stop(Tables& tables, std::string_view tool_name, std::string_view agent);

    /// As Engine::version().
    [[nodiscard]] std::uint64_t version();

    /// What this process has met of grants.
    [[nodiscard]] KnownGrants& known_grants() noexcept { return known_grants_; }

    /// Both take a report that a later write carries.
    void finish(RunOutcome outcome);
    void not_started(UnstartedCall call);
    /// Returns when every report that was handed over is durable, whoever wrote it.
    void flush();

    /// As Sweep::run.
    std::size_t sweep(const std::vector<std::int64_t>& gone);
    /// Flushes, and ends the session if one was started.
    void close();

private:
    /// What a commit survives.
    enum class Hold {
        as_opened,
        for_good,  ///< the loss of power too: a start that was lost would be a second one for who asks with its key, and
                   ///< would give back what it took of a limit
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
        bool is_doubtful = false;    ///< a commit with it failed, and may have happened all the same
        bool is_withdrawal = false;  ///< takes back a step whose own commit failed
        bool is_release = false;     ///< of a request whose take-over failed so, or whose release did
        std::string started_at;      ///< of the start that it takes back; empty: the step was none

        [[nodiscard]] const std::string& entry_id() const;
    };

    /// Runs `work`, which counts on `counted`, in one transaction, behind the reports. When it throws, nothing of it
    /// happened, or, after a StorageError, all of it may have.
    void write(const std::function<void(UnitOfWork&)>& work, Hold hold = Hold::as_opened,
               const CountedTogether& counted = {});
    [[nodiscard]] std::vector<Change> commit(const std::function<void(UnitOfWork&)>& work, Hold hold,
                                             const CountedTogether& counted);
    void carry_out(UnitOfWork& unit, const std::vector<Carried>& reports);
    /// What the reports give back, too.
    static void lock_counted(UnitOfWork& unit, const std::vector<Carried>& reports, CountedTogether counted);
    [[nodiscard]] static bool is_wanted(Transitions& transitions, const Carried& carried);
    /// Whether the record has nothing yet that `carried` tells of, for sure and without a look.
    [[nodiscard]] bool is_certain(const Carried& carried) const;
    /// Others end the session of an agent that gave no sign of life for long. Then it goes on, and what they recorded
    /// in its place stands.
    void resume_session(UnitOfWork& unit);

    void write_batch(const std::vector<Waiting*>& batch) noexcept;
    void write_each(UnitOfWork& unit, const std::vector<Waiting*>& batch);
    void withdraw_intent(const Intent& intent, const std::string& entry_id, bool has_key);
    /// Has a later write release the request.
    void release_later(std::string_view request_id);
    /// For a step that must not count because its commit failed, as the engine says: it may have happened all the same,
    /// as when a disk takes the data and fails the last sync. A later write then takes back that step, and none that
    /// somebody else took.
    void withdraw(UnstartedCall step, std::string started_at = {});

    [[nodiscard]] std::vector<Carried> take_reports();
    void give_back(std::vector<Carried> reports);
    [[nodiscard]] bool has_reports() const;

    Engine& engine_;
    std::int64_t session_ = 0;
    bool was_resumed_ = false;               // others ended this session once, with what ran then
    std::unordered_set<std::string> since_;  // the intents since then that have no outcome yet
    KnownStops known_stops_;                 // which guards itself
    KnownGrants known_grants_;               // so does this
    mutable std::mutex writing_;             // guards all above but engine_, and lets one write at a time

    mutable std::mutex queueing_;  // guards what follows
    std::deque<Waiting*> queue_;
    std::vector<Carried> reports_;
};

}  // namespace approvekit::record
