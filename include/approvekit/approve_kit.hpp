#pragma once

#include "approvekit/agent_secret.hpp"
#include "approvekit/call.hpp"
#include "approvekit/clock.hpp"
#include "approvekit/event.hpp"
#include "approvekit/json.hpp"
#include "approvekit/outcome.hpp"
#include "approvekit/pending_call.hpp"
#include "approvekit/permit.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/stop.hpp"
#include "approvekit/storage.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

namespace detail {
class Agent;

/// Throws Error (invalid_option) for a name of a tool's parameters that appears twice.
void require_distinct(std::span<const std::string> names);
}  // namespace detail

/// Whether a tool can be asked to stop while it runs. A rule with a run_timeout lets no other one run.
enum class CanStop { no, yes };

/// No parameters: `kit.guard("rotate_logs", {}, rotate)`.
struct NoNames {};

/// What goes with a decision that a program takes: `kit.approve(id, {.notes = "small enough", .reviewer = "limits"})`.
struct CodeAnswer {
    std::string notes = {};         ///< for the agent and the record
    std::string reviewer = "code";  ///< in whose name
};

/// The agent's side: stands between a program and its tools, and lets a call through only when the policy or a
/// person allows exactly that call.
///
/// A handle: copies share one agent, its storage and its policy. Thread-safe. Wrapped tools hold such a
/// copy, so they stay usable when the kit they came from is gone.
///
/// When the last copy of all goes, work that still goes on is recorded as unknown, and whoever waits for it goes on
/// within that destructor; work that would go on does not start any more. The kit that goes then cannot be copied,
/// which guard() and with() do: they throw MisuseError. A tool that holds a copy itself, or a guarded tool, keeps all
/// of it alive as long as it lives: let it hold a reference instead.
class ApproveKit {
public:
    struct Options {
        /// Who asks, as reviewers read it; empty: the program's name and process id.
        std::string agent;
        /// What arguments may measure at most.
        JsonLimits argument_limits;
        /// Told of what happens to calls, by the thread on which it does: log_events() writes it to stderr.
        EventListener on_event;
        /// The context of every call that names no other ("production"), as a policy's conditions read it too, and the
        /// tags of all; see Call. Empty: not known.
        std::string environment;
        std::vector<std::string> tags;
        /// Whether what a tool returns is put on record and shown to reviewers, as JSON, without what the policy hides of
        /// such a call, and up to 16 KiB.
        bool record_results = false;
        /// Kept from one start to the next, it lets calls with an idempotency key be compared after a restart where the
        /// policy hides some of their arguments, and proves that an agent with it wrote what reviewers were shown.
        /// Without it such a call is asked again.
        std::optional<AgentSecret> secret;
        std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    };

    /// Throws Error (invalid_option) when there is no storage, and ArgumentsRefusedError for an environment or tags that
    /// no call may have.
    ApproveKit(Policy policy, std::shared_ptr<Storage> storage);
    ApproveKit(Policy policy, std::shared_ptr<Storage> storage, Options options);

    /// Throw MisuseError when the last copy of all is going just now.
    ApproveKit(const ApproveKit& other);
    ApproveKit& operator=(const ApproveKit& other);
    ApproveKit(ApproveKit&&) noexcept = default;
    ApproveKit& operator=(ApproveKit&&) noexcept = default;
    ~ApproveKit() = default;

    /// The same kit, all of whose calls have this context: `kit.with(call).try_call(...)`, `kit.with(call).submit(...)`.
    /// What it wraps keeps it.
    [[nodiscard]] ApproveKit with(Call call) const;

    /// Wraps a callable: `kit.guard("send_email", {"to", "subject", "body"}, send)`. What comes back takes the same
    /// parameters and returns the same result; see Guarded in guard.hpp. Two kinds of parameters are no arguments and
    /// have no names: a Completion as the first, for work that ends after the tool has returned, and a std::stop_token
    /// as the last, which asks a tool to stop.
    template <typename Callable, std::size_t Count>
    [[nodiscard]] auto guard(std::string tool_name, const char* const (&names)[Count], Callable callable) const;
    template <typename Callable>
    [[nodiscard]] auto guard(std::string tool_name, NoNames, Callable callable) const;

    /// Wraps a member function of `object`, which must outlive the result.
    template <typename Object, typename Member, std::size_t Count>
    [[nodiscard]] auto guard(std::string tool_name, const char* const (&names)[Count], Member member,
                             Object& object) const;
    /// The same of an object that the result shares. Throws Error (invalid_option) for a null pointer.
    template <typename Object, typename Member, std::size_t Count>
    [[nodiscard]] auto guard(std::string tool_name, const char* const (&names)[Count], Member member,
                             std::shared_ptr<Object> object) const;

    /// Wraps a callable whose first parameter is `const Json&`: that value is what is reviewed, the other parameters
    /// pass through. See GuardedJson in guard.hpp.
    template <typename Callable>
    [[nodiscard]] auto guard(std::string tool_name, Callable callable) const;

    /// For agent loops: a tool by name with its arguments as JSON text, as a model hands them over.
    /// `callable` takes `const Json&`. A blank text means `{}`, as models write it for a tool without parameters.
    /// Throws ArgumentsRefusedError when the text is not one JSON value.
    template <typename Callable>
    decltype(auto) call(std::string_view tool_name, std::string_view arguments, Callable&& callable,
                        std::stop_token stop = {}) const;

    /// The same, with a refusal as a value.
    template <typename Callable>
    [[nodiscard]] auto try_call(std::string_view tool_name, std::string_view arguments, Callable&& callable,
                                std::stop_token stop = {}) const;

    /// Asks for a call whose arguments are JSON already: evaluates the policy, records, waits, claims.
    /// `order` has the names of the arguments in the order in which they are to be shown, where that is no alphabet's.
    /// With CanStop::yes, Permit::stoppable() is to be used. For `stop` see PendingCall::wait().
    /// Throws RefusedError when the call must not run and StorageError when the record fails.
    [[nodiscard]] Permit admit(std::string_view tool_name, const Json& arguments, std::stop_token stop = {},
                               std::span<const std::string> order = {}, CanStop can_stop = CanStop::no) const;

    /// The same without waiting.
    [[nodiscard]] PendingCall submit(std::string_view tool_name, const Json& arguments,
                                     std::span<const std::string> order = {}, CanStop can_stop = CanStop::no) const;

    /// Reads arguments strictly, blank ones as `{}`; throws ArgumentsRefusedError, which names the tool.
    [[nodiscard]] Json parse_arguments(std::string_view tool_name, std::string_view text) const;

    /// Tells Options::on_event of a call that came to nothing before it was asked for, because its tool cannot take
    /// `arguments`. Returns the refusal, to be thrown; what the policy hides of them is masked in both.
    [[nodiscard]] ArgumentsRefusedError refuse_arguments(const std::string& tool_name, const Json& arguments,
                                                         std::string_view why) const;
    /// The same for another reason, whose text says nothing of the arguments.
    void tell_refused(const RefusedError& error) const;
    /// Tells Options::on_event that a changed policy was not taken, and why.
    void tell_refused(const PolicyError& error) const;

    /// Decide from code. Throw DecisionError: not_found, already_decided, expired, altered; and Error
    /// (invalid_option) for a name or a note that no reviewer could have, see reviewer.hpp.
    void approve(std::string_view request_id, const CodeAnswer& answer = {}) const;
    void reject(std::string_view request_id, const CodeAnswer& answer = {}) const;

    /// Stop calls of all agents at this record, lift a stop, and list them; see Storage. `reviewer` is in whose name.
    Stop stop(const StopOrder& order, std::string_view reviewer = "code") const;
    Stop resume(std::string_view stop_id, std::string_view reviewer = "code") const;
    [[nodiscard]] std::vector<Stop> stops(StopList which = StopList::in_force) const;

    /// Puts `policy` in force in place of the one before it: for all copies, and for every call that is asked after this
    /// has returned. See policy_file.hpp for one that follows a file.
    ///
    /// A call that was asked before keeps the policy that it was asked under: its deadlines, who decides, what is hidden of
    /// it to its end. Two things reach it. It does not start where `policy` denies it, judged as of the time when it was
    /// asked: its reviewers read so, and its caller gets PolicyDeniedError. And where `policy` lists reviewers with keys,
    /// a signature by one whom it does not list with the same key counts no more for a call that has not been let go yet.
    ///
    /// An equal policy changes nothing. Tells Options::on_event of any other. Throws std::bad_alloc, and the policy before
    /// it stays in force.
    void reload(Policy policy) const;

    /// The policy in force, as a copy that later reloads do not change: keep it while what it refers to is in use. In a
    /// forked child this and reload() may throw StorageError (storage_forked).
    [[nodiscard]] Policy policy() const;
    [[nodiscard]] Storage& storage() const noexcept;

private:
    /// As call(). `edit` is to say what a reviewer changed.
    template <typename Callable>
    decltype(auto) call_noting(std::optional<CallEdit>& edit, std::string_view tool_name, std::string_view arguments,
                               Callable&& callable, const std::stop_token& stop) const;

    std::shared_ptr<detail::Agent> agent_;  // closed with the last copy of this
    std::shared_ptr<const Call> call_;      // null: without a context of its own
};

}  // namespace approvekit

#include "approvekit/guard.hpp"
