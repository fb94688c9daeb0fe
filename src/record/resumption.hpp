#pragma once

#include "record/transitions.hpp"

#include <optional>
#include <string>

namespace approvekit::record {

/// What a key stands for: one call of the whole record, which starts once at most, whichever agents ask for it.
///
/// The last thing that was asked with a key decides what asking again comes to:
///
///     another tool, other arguments                      -> conflict
///     waits or was approved, and its agent lives; runs   -> in use
///     waits or was approved, and its agent is gone       -> taken over; where it is not the same: withdrawn, asked again
///     rejected, timed out, executed, failed, unknown     -> ended; what nobody can tell of any more is unknown
///     answered                                           -> ended; where it is not the same: asked again, for nothing ran
///     cancelled, refused, allowed and not started        -> asked again
///
/// Arguments that cannot be compared are no conflict and never the same. Refers to the unit of work, which must outlive
/// it; its owner commits.
class Resumption {
public:
    explicit Resumption(UnitOfWork& work) noexcept : work_(work), audit_(work), endings_(work), transitions_(work) {}

    /// A conflict has an entry `refused` of the audit, with the call that it refuses.
    KeyedAnswer submit(const ApprovalRequest& request, const KeyedCall& call);
    /// A request that would have to be asked again is withdrawn at once: nobody has to be shown what takes its place.
    Result<KeyedAnswer> allow(const Intent& intent, const KeyedCall& call);

    /// Its agent waits for the request no longer, and another one may take it over.
    void release(const std::string& id);

private:
    /// Who may take the place of a request that did not run.
    enum class Successor { named, any };

    /// Whether a person was asked with that key.
    [[nodiscard]] bool has_request(const KeyedCall& call);
    /// What was asked before comes to; accepted: nothing of it is in the way any more.
    [[nodiscard]] KeyedAnswer look(const KeyedCall& call, Successor successor);
    [[nodiscard]] KeyedAnswer look_at_intent(const StoredKey& asked);
    [[nodiscard]] KeyedAnswer look_at_request(const StoredKey& asked, const KeyedCall& call, Successor successor);
    /// Of a request whose row, or what is kept beside it, is gone.
    [[nodiscard]] KeyedAnswer look_at_removed(const StoredKey& asked);
    [[nodiscard]] KeyedAnswer look_at_removed_unstarted(const std::string& id, bool is_open);
    [[nodiscard]] KeyedAnswer take_over(const StoredRequest& stored);
    [[nodiscard]] KeyedAnswer replace(StoredRequest& stored, bool may_replace);
    /// How it ended, where it may not be asked again; ends it first where its time has come or its agent died with it.
    [[nodiscard]] std::optional<KeyedAnswer> ended(StoredRequest& stored);
    /// Whether it was answered, and that answer is not for `call`.
    [[nodiscard]] bool is_answer_to_another(const StoredRequest& stored, const StoredKey& asked, const KeyedCall& call,
                                            Successor successor) const;
    /// Of a call that runs: with its session, since that one, should it come back, must know that its runs were ended.
    void end_runner(std::int64_t session, const std::string& id);
    [[nodiscard]] bool is_held(std::int64_t session);
    void keep(const KeyedCall& call, const std::string& request_id, const std::string& entry_id);

    UnitOfWork& work_;
    AuditWriter audit_;
    Endings endings_;
    Transitions transitions_;
};

}  // namespace approvekit::record
