#pragma once

#include "record/transitions.hpp"

#include <optional>
#include <string>

namespace approvekit::record {

/// A key stands for one call of the whole record, which starts at most once, no matter which agents ask for it.
///
/// The last thing that was asked with a key decides what asking again results in:
///
///     another tool, other arguments                      -> conflict
///     waits or was approved, and its agent lives; runs   -> in use
///     waits or was approved, and its agent is gone       -> taken over; if it is not the same: withdrawn, asked again
///     rejected, timed out, executed, failed, unknown     -> ended; unknown if nobody can know any more
///     answered                                           -> ended; if it is not the same: asked again, as nothing ran
///     cancelled, refused, allowed and not started        -> asked again
///
/// Arguments that cannot be compared are not a conflict, and never the same. Refers to the unit of work, which must
/// outlive it; its owner commits.
class Resumption {
public:
    explicit Resumption(UnitOfWork& work) noexcept : work_(work), audit_(work), endings_(work), transitions_(work) {}

    /// A conflict is recorded in an audit entry `refused`, with the call that it refuses.
    KeyedAnswer submit(const ApprovalRequest& request, const KeyedCall& call);
    /// A request that would have to be asked again is withdrawn at once, since nobody has to be shown the call that
    /// replaces it.
    Result<KeyedAnswer> allow(const Intent& intent, const KeyedCall& call);

    /// Its agent does not wait for the request any more, and another agent may take it over.
    void release(const std::string& id);

private:
    /// Who may replace a request that did not run.
    enum class Successor { named, any };

    /// Whether a person was asked with this key.
    [[nodiscard]] bool has_request(const KeyedCall& call);
    /// Returns what an earlier call with the key results in; `accepted` if none is in the way any more.
    [[nodiscard]] KeyedAnswer look(const KeyedCall& call, Successor successor);
    [[nodiscard]] KeyedAnswer look_at_intent(const StoredKey& asked);
    [[nodiscard]] KeyedAnswer look_at_request(const StoredKey& asked, const KeyedCall& call, Successor successor);
    /// For a request whose row, or whose data beside the row, is gone.
    [[nodiscard]] KeyedAnswer look_at_removed(const StoredKey& asked);
    [[nodiscard]] KeyedAnswer look_at_removed_unstarted(const std::string& id, bool is_open);
    [[nodiscard]] KeyedAnswer take_over(const StoredRequest& stored);
    [[nodiscard]] KeyedAnswer replace(StoredRequest& stored, bool may_replace);
    /// Returns how it ended, if it may not be asked again. Ends it first if its time is over or its agent died during
    /// the run.
    [[nodiscard]] std::optional<KeyedAnswer> ended(StoredRequest& stored);
    /// Whether it was answered, and the answer is not for `call`.
    [[nodiscard]] bool is_answer_to_another(const StoredRequest& stored, const StoredKey& asked, const KeyedCall& call,
                                            Successor successor) const;
    /// Ends a running call together with its session. If that session comes back, it must know that its runs were
    /// ended.
    void end_runner(std::int64_t session, const std::string& id);
    [[nodiscard]] bool is_held(std::int64_t session);
    void keep(const KeyedCall& call, const std::string& request_id, const std::string& entry_id);

    UnitOfWork& work_;
    AuditWriter audit_;
    Endings endings_;
    Transitions transitions_;
};

}  // namespace approvekit::record
