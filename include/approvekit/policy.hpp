#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// The tool name of the rule that applies when no more specific one does.
inline constexpr std::string_view any_tool = "*";

/// Named groups of reviewers.
using ReviewerGroups = std::map<std::string, std::vector<std::string>>;

/// Who else may decide when nobody has answered for some time.
struct PolicyEscalation {
    std::chrono::seconds after{};  ///< since the request was created; 1 to 604800, and less than the rule's timeout
    std::vector<std::string> to;   ///< names of reviewers and groups
};

/// What happens to a call that exceeds the limit of its rule.
enum class Beyond { hold, deny };

/// Limits how much the calls that a rule lets start may use within a rolling period. A started call counts, however it
/// ended; a call that was refused or never started does not.
struct PolicyLimit {
    std::int64_t calls = 0;  ///< how many calls, 1 to 1000000; 0: `sum` says what is counted
    std::string sum = {};    ///< the value that is added up: args.NAME or context.NAME; empty: calls are counted
    /// The maximum of the sum: a number above 0, at most 1000000000, with at most six decimal places.
    Json max = nullptr;
    std::chrono::seconds per{};  ///< 1 to 604800
    /// args.NAME or context.NAME: counts separately for each of its values; empty: all calls together.
    std::string by = {};
    Beyond beyond = Beyond::hold;
};

/// The most that a reviewer may grant when approving a call: "and the next ones like this". A larger grant is refused.
struct PolicyGrants {
    std::int64_t uses = 0;         ///< how many more calls, 1 to 10000
    std::chrono::seconds lasts{};  ///< how long the grant lasts, 1 to 604800
    /// Paths, as in PolicyRule::allow_edit, of the arguments that may differ from call to call: freely, or within
    /// bounds that the reviewer sets. Empty: every call must have exactly the approved arguments.
    std::vector<std::string> bounds = {};
};

/// What the policy says about some or all calls of one or several tools.
struct PolicyRule {
    std::string tool;  ///< a name, in which "*" matches anything
    bool require_approval = false;
    bool auto_approve = false;
    std::chrono::seconds timeout{300};  ///< 1 to 604800
    /// How long after its approval a held call may start, 1 to 604800. Nothing: until its deadline, but at least a
    /// minute.
    std::optional<std::chrono::seconds> start_within = {};
    std::string risk_level = "low";  ///< a label for reviewers and the audit
    std::vector<std::string> redact_fields = {};
    Json metadata = Json::object();  ///< the rule's own keys; they become part of the request's metadata
    /// The condition that a call must meet, as under `when` in a policy file. Null: the rule matches every call of its
    /// tool.
    Json when = nullptr;
    /// Refuses the call, with this message for the model. Empty: does not refuse. When it is set, the rule must not ask
    /// for anything else.
    std::string deny = {};
    /// For a rule that holds or denies: the call runs at once anyway, and the record says what would have happened.
    bool observe = false;
    /// How long a call may run before its tool is asked to stop, 1 to 604800. Zero: no limit. With a limit, a tool that
    /// takes no std::stop_token does not run.
    std::chrono::seconds run_timeout{0};
    /// Limits the calls that the rule lets start. A call beyond the limit is held or denied; see PolicyLimit::beyond. A
    /// rule that holds every call can only deny beyond the limit.
    std::optional<PolicyLimit> limit = {};

    // Who decides on the calls that the rule holds; see quorum.hpp.

    std::vector<std::string> reviewers = {};  ///< names of reviewers and groups; empty: everybody
    std::size_t approvals = 1;                ///< 1 to 100, from different people
    /// The person the call is made for has no vote; the call must name this person.
    bool not_requester = false;
    std::optional<PolicyEscalation> escalate = {};  ///< lets more people decide; the number of approvals stays

    /// Paths of the arguments that a reviewer may edit when approving a held call: "args.body", "args.payment.amount",
    /// "args.files[0]". At most 64; none may be inside another.
    std::vector<std::string> allow_edit = {};

    /// What a reviewer may grant together with the approval of a held call. Nothing: every call needs its own approval.
    /// Only for a rule with one approval.
    std::optional<PolicyGrants> grants = {};

    /// A reviewer may answer a held call instead of letting it run. Not together with more than one of `approvals`.
    bool allow_answer = false;
};

/// A call as conditions see it. Holds references; they must stay valid while a policy is evaluated.
struct CallFacts {
    const Json& arguments;         ///< as the tool gets them, not redacted; they are not kept
    const Json& context;           ///< what the program knows about the call: an object
    std::string_view agent;        ///< empty: not known
    std::string_view environment;  ///< empty: not known
    Time time;
};

/// What happens to a tool that no rule matches.
enum class Unmatched { hold, allow, deny };

/// What a policy does with a call.
enum class Action { allow, hold, deny };

[[nodiscard]] std::string_view to_string(Unmatched unmatched) noexcept;
[[nodiscard]] std::string_view to_string(Action action) noexcept;
[[nodiscard]] std::string_view to_string(Beyond beyond) noexcept;

/// A reviewer whose signature the policy accepts.
struct TrustedReviewer {
    std::string name;
    std::string public_key;  ///< Ed25519, base64; without the "ed25519:" that stands before it in a policy file
};

/// The policy's decision on one call. Refers into the policy, which must outlive it and must not change.
struct Ruling {
    Action action = Action::hold;
    const PolicyRule* rule = nullptr;  ///< never null; a default rule when none matches
    /// The metadata of requests and entries under this rule, as JSON text.
    const std::string* metadata = nullptr;
    /// The rule's limit, see LimitUse::limit; null when it has none.
    const std::string* limit = nullptr;
    /// What would have happened if a rule with `observe` did not only observe.
    std::optional<Action> would_have = {};
    /// Keeps data alive that was made for this call only; null when there is none.
    std::shared_ptr<const void> owned = {};
};

struct PolicyExplanation;

/// Says which tools may run at once and which calls a person must see first.
///
/// A value: copy it freely. Concurrent reads are safe; functions that change it need exclusive access. A kit keeps its
/// own copy until ApproveKit::reload(), and each call keeps one to its end, so the policy of a running call never
/// changes.
class Policy {
public:
    /// No rules: every tool is held for approval.
    Policy();

    /// Reads a policy from a JSON value, or from a file by its extension (.yaml, .yml, .json). All throw PolicyError,
    /// which lists every problem and where it is; from_file also throws it for an unreadable file.
    [[nodiscard]] static Policy from_json(const Json& value);
    [[nodiscard]] static Policy from_file(const std::filesystem::path& path);
    [[nodiscard]] static Policy from_yaml_text(std::string_view text, std::string_view name = "policy");
    [[nodiscard]] static Policy from_json_text(std::string_view text, std::string_view name = "policy");

    /// Throws PolicyError, and leaves the policy unchanged, when the rule contradicts itself, when the tool already has
    /// a rule for the same calls, when one of the two rules could never match, or when its reviewers could not approve
    /// anything.
    Policy& add_rule(PolicyRule rule);

    Policy& set_default_timeout(std::chrono::seconds timeout);
    Policy& set_unmatched(Unmatched unmatched);
    /// Sets the groups that rules name among their reviewers. Throws PolicyError, and leaves the policy unchanged, when
    /// a rule would then name somebody whom the policy does not know.
    Policy& set_groups(ReviewerGroups groups);
    /// From now on a decision counts only with the signature of one of `reviewers`. An empty list means that no
    /// signature is needed.
    Policy& set_reviewers(std::vector<TrustedReviewer> reviewers);

    /// Returns the ruling on a call when only the tool's name is known. Conditions count as unknown, so they never make
    /// the ruling more permissive, and everything that any rule of this name hides is hidden. Takes no longer with a
    /// thousand names than with one. Throws std::bad_alloc; throws nothing if no rule has a condition or a star.
    [[nodiscard]] Ruling evaluate(std::string_view tool_name) const;

    /// Returns the ruling on a call. A condition that cannot be evaluated counts as false in a rule that allows, and as
    /// true in a rule that holds or denies. Throws std::bad_alloc. Reads the file system if a rule tests paths.
    [[nodiscard]] Ruling evaluate(std::string_view tool_name, const CallFacts& facts) const;
    /// The same for the current time, with agent and environment unknown.
    [[nodiscard]] Ruling evaluate(std::string_view tool_name, const Json& arguments,
                                  const Json& context = Json::object()) const;

    /// Explains the ruling, rule by rule and condition by condition; see policy_explanation.hpp.
    [[nodiscard]] PolicyExplanation explain(std::string_view tool_name, const CallFacts& facts) const;

    [[nodiscard]] const std::vector<PolicyRule>& rules() const noexcept;
    /// The indexes in rules() of the rules with the most specific name that matches the tool.
    [[nodiscard]] std::vector<std::size_t> rules_of(std::string_view tool_name) const;
    [[nodiscard]] std::chrono::seconds default_timeout() const noexcept;
    [[nodiscard]] Unmatched unmatched() const noexcept;
    [[nodiscard]] const std::vector<TrustedReviewer>& reviewers() const noexcept;
    [[nodiscard]] const ReviewerGroups& groups() const noexcept;

    /// The policy as JSON; from_json() of it gives an equal policy.
    [[nodiscard]] Json as_json() const;

    /// Hexadecimal digest of as_json().
    [[nodiscard]] const std::string& digest() const;

private:
    struct State;
    explicit Policy(std::shared_ptr<const State> state) noexcept;

    std::shared_ptr<const State> state_;  // shared by copies, replaced by every change
};

}  // namespace approvekit
