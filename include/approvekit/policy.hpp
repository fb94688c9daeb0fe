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

/// The tool name of the rule that applies where no exact one does.
inline constexpr std::string_view any_tool = "*";

/// Named circles of reviewers.
using ReviewerGroups = std::map<std::string, std::vector<std::string>>;

/// Who may decide too when nobody answered for long.
struct PolicyEscalation {
    std::chrono::seconds after{};  ///< since the call asked; 1 to 604800, and less than the rule's timeout
    std::vector<std::string> to;   ///< reviewers, and names of groups
};

/// What becomes of a call that is beyond the limit of its rule.
enum class Beyond { hold, deny };

/// How much the calls that a rule lets start may come to within some time, which rolls. What has started counts, however
/// it ended; what was refused, or never started, does not.
struct PolicyLimit {
    std::int64_t calls = 0;      ///< how many, 1 to 1000000; 0: `sum` says what is counted
    std::string sum = {};        ///< what is added up: args.NAME or context.NAME; empty: calls are counted
    Json max = nullptr;          ///< what the sum may come to: a number, above 0, to 1000000000, in millionths at most
    std::chrono::seconds per{};  ///< 1 to 604800
    std::string by = {};         ///< args.NAME or context.NAME: counted apart for each value of it; empty: all together
    Beyond beyond = Beyond::hold;
};

/// What a reviewer may grant at most when approving a call: "and the next ones like this". More is refused.
struct PolicyGrants {
    std::int64_t uses = 0;         ///< how many calls more, 1 to 10000
    std::chrono::seconds lasts{};  ///< for how long, 1 to 604800
    /// The arguments that may differ from call to call, free or within bounds that the reviewer gives, by their paths as
    /// in PolicyRule::allow_edit. Empty: every call has exactly the arguments of the first.
    std::vector<std::string> bounds = {};
};

/// What the policy says of some calls of one tool, or of several.
struct PolicyRule {
    std::string tool;  ///< a name, in which "*" stands for anything
    bool require_approval = false;
    bool auto_approve = false;
    std::chrono::seconds timeout{300};  ///< 1 to 604800
    /// How long after its approval a held call may start, 1 to 604800; nothing: until its deadline, and at least a
    /// minute.
    std::optional<std::chrono::seconds> start_within = {};
    std::string risk_level = "low";  ///< a label for reviewers and the audit
    std::vector<std::string> redact_fields = {};
    Json metadata = Json::object();  ///< the rule's own keys; they travel with the request
    /// What must be true of a call, as under `when` in a policy file; null: the rule matches every call of its tool.
    Json when = nullptr;
    /// Refuses the call with these words for the model; empty: it does not. Then nothing else may be asked for.
    std::string deny = {};
    /// Beside a rule that holds or denies: the call runs at once, and the record says what would have happened.
    bool observe = false;
    /// How long a call may run before its tool is asked to stop, 1 to 604800; zero: as long as it takes. A tool that
    /// takes no std::stop_token does not run then.
    std::chrono::seconds run_timeout{0};
    /// How much the calls that it lets start may come to; for a rule that holds, beyond which it denies.
    std::optional<PolicyLimit> limit = {};

    // Who decides on what the rule holds; see quorum.hpp for what becomes of it.

    std::vector<std::string> reviewers = {};  ///< and names of groups; empty: everybody
    std::size_t approvals = 1;                ///< 1 to 100, of different people
    bool not_requester = false;               ///< whoever the call is made for has no vote; it must say who that is
    std::optional<PolicyEscalation> escalate = {};  ///< widens the circle, never lowers the number

    /// The arguments that a reviewer may edit when approving what the rule holds, by their paths: "args.body",
    /// "args.payment.amount", "args.files[0]". 64 at most, none within another one.
    std::vector<std::string> allow_edit = {};

    /// What a reviewer may grant beside the approval of a call that the rule holds; nothing: each call is asked for. For a
    /// rule that takes one approval.
    std::optional<PolicyGrants> grants = {};

    /// A reviewer may answer what the rule holds instead of letting it run. Not beside several `approvals`.
    bool allow_answer = false;
};

/// A call as conditions see it. Borrows everything, for as long as a policy is asked.
struct CallFacts {
    const Json& arguments;         ///< as the tool gets them, nothing redacted; none of it is kept
    const Json& context;           ///< what the program knows of the call: an object
    std::string_view agent;        ///< empty: not known
    std::string_view environment;  ///< empty: not known
    Time time;
};

/// What is done with a tool that no rule matches.
enum class Unmatched { hold, allow, deny };

/// What a policy makes of a call.
enum class Action { allow, hold, deny };

[[nodiscard]] std::string_view to_string(Unmatched unmatched) noexcept;
[[nodiscard]] std::string_view to_string(Action action) noexcept;
[[nodiscard]] std::string_view to_string(Beyond beyond) noexcept;

/// A reviewer whose signature the policy accepts.
struct TrustedReviewer {
    std::string name;
    std::string public_key;  ///< Ed25519, base64; a policy file has "ed25519:" before it
};

/// The policy's word on one call. Refers into the policy, which must outlive it and stay as it is.
struct Ruling {
    Action action = Action::hold;
    const PolicyRule* rule = nullptr;  ///< never null; a default one where none matches
    /// The metadata that requests and entries of this rule carry, as JSON text.
    const std::string* metadata = nullptr;
    /// Which limit the rule has, see LimitUse::limit; null where it has none.
    const std::string* limit = nullptr;
    /// What would have happened if a rule that only observes did more than that.
    std::optional<Action> would_have = {};
    /// Keeps alive what was made for this call alone; null where nothing was.
    std::shared_ptr<const void> owned = {};
};

struct PolicyExplanation;

/// Which tools may run at once and which a person must see first.
///
/// A value: copy it freely. Concurrent reads are safe; add_rule needs exclusive access. A kit keeps its own copy
/// until ApproveKit::reload(), and each call one to its end, so that no policy changes under a running call.
class Policy {
public:
    /// No rules: every tool is held for approval.
    Policy();

    /// Reads a policy from a JSON value, or from a file by its extension (.yaml, .yml, .json).
    /// All throw PolicyError, which lists every problem with its place; from_file also for an unreadable file.
    [[nodiscard]] static Policy from_json(const Json& value);
    [[nodiscard]] static Policy from_file(const std::filesystem::path& path);
    [[nodiscard]] static Policy from_yaml_text(std::string_view text, std::string_view name = "policy");
    [[nodiscard]] static Policy from_json_text(std::string_view text, std::string_view name = "policy");

    /// Throws PolicyError, and leaves the policy as it was, when the rule contradicts itself, when its tool has one that
    /// matches the same calls, when one of the two could never match, or when its reviewers could not approve anything.
    Policy& add_rule(PolicyRule rule);

    Policy& set_default_timeout(std::chrono::seconds timeout);
    Policy& set_unmatched(Unmatched unmatched);
    /// The groups that rules name among their reviewers. Throws PolicyError, and leaves the policy as it was, where a rule
    /// would then name somebody whom the policy does not know.
    Policy& set_groups(ReviewerGroups groups);
    /// From now on a decision counts only with the signature of one of `reviewers`; without any when there are none.
    Policy& set_reviewers(std::vector<TrustedReviewer> reviewers);

    /// The ruling on a call of which only the tool's name is known: conditions are unknown, so that they loosen nothing,
    /// and what any rule of this name hides is hidden. Takes no longer for a thousand names than for one.
    /// Throws std::bad_alloc, and where no rule has a condition or a star nothing.
    [[nodiscard]] Ruling evaluate(std::string_view tool_name) const;

    /// The ruling on a call. A condition that cannot be evaluated does not match a rule that allows, and matches one
    /// that holds or denies. Throws std::bad_alloc. Looks at the file system where a rule tests paths.
    [[nodiscard]] Ruling evaluate(std::string_view tool_name, const CallFacts& facts) const;
    /// The same now, by an agent and in an environment that are not known.
    [[nodiscard]] Ruling evaluate(std::string_view tool_name, const Json& arguments,
                                  const Json& context = Json::object()) const;

    /// Why that is the ruling, rule by rule and condition by condition; see policy_explanation.hpp.
    [[nodiscard]] PolicyExplanation explain(std::string_view tool_name, const CallFacts& facts) const;

    [[nodiscard]] const std::vector<PolicyRule>& rules() const noexcept;
    /// Which of rules(), by their places, are those of the most specific name that fits a tool.
    [[nodiscard]] std::vector<std::size_t> rules_of(std::string_view tool_name) const;
    [[nodiscard]] std::chrono::seconds default_timeout() const noexcept;
    [[nodiscard]] Unmatched unmatched() const noexcept;
    [[nodiscard]] const std::vector<TrustedReviewer>& reviewers() const noexcept;
    [[nodiscard]] const ReviewerGroups& groups() const noexcept;

    /// The policy as JSON; from_json of it is an equal policy.
    [[nodiscard]] Json as_json() const;

    /// Hexadecimal digest of as_json().
    [[nodiscard]] const std::string& digest() const;

private:
    struct State;
    explicit Policy(std::shared_ptr<const State> state) noexcept;

    std::shared_ptr<const State> state_;  // shared by copies, replaced by every change
};

}  // namespace approvekit
