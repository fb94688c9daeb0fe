#pragma once

#include "approvekit/json.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// The tool name of the rule that applies where no exact one does.
inline constexpr std::string_view any_tool = "*";

/// What the policy says of one tool.
struct PolicyRule {
    std::string tool;  ///< exact name, or "*"
    bool require_approval = false;
    bool auto_approve = false;
    std::chrono::seconds timeout{300};  ///< 1 to 604800
    std::string risk_level = "low";     ///< a label for reviewers and the audit
    std::vector<std::string> redact_fields = {};
    Json metadata = Json::object();  ///< the rule's own keys; they travel with the request
};

/// What is done with a tool that no rule matches.
enum class Unmatched { hold, allow, deny };

/// What a policy makes of a call.
enum class Action { allow, hold, deny };

[[nodiscard]] std::string_view to_string(Unmatched unmatched) noexcept;
[[nodiscard]] std::string_view to_string(Action action) noexcept;

/// A reviewer whose signature the policy accepts.
struct TrustedReviewer {
    std::string name;
    std::string public_key;  ///< Ed25519, base64; a policy file has "ed25519:" before it
};

/// The policy's word on one tool name. Refers into the policy, which must outlive it and stay as it is.
struct Ruling {
    Action action = Action::hold;
    const PolicyRule* rule = nullptr;  ///< never null; a default one where none matches
    /// The metadata that requests and entries of this rule carry, as JSON text.
    const std::string* metadata = nullptr;
};

/// Which tools may run at once and which a person must see first.
///
/// A value: copy it freely. Concurrent reads are safe; add_rule needs exclusive access. A kit keeps its own copy,
/// so that no policy changes under a running call.
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

    /// Throws PolicyError, and leaves the policy as it was, when the rule contradicts itself or its tool has one.
    Policy& add_rule(PolicyRule rule);

    Policy& set_default_timeout(std::chrono::seconds timeout);
    Policy& set_unmatched(Unmatched unmatched);
    /// From now on a decision counts only with the signature of one of `reviewers`; without any when there are none.
    Policy& set_reviewers(std::vector<TrustedReviewer> reviewers);

    /// The exact rule wins over "*". Never throws; takes no longer for a thousand rules than for one.
    [[nodiscard]] Ruling evaluate(std::string_view tool_name) const noexcept;

    [[nodiscard]] const std::vector<PolicyRule>& rules() const noexcept;
    [[nodiscard]] std::chrono::seconds default_timeout() const noexcept;
    [[nodiscard]] Unmatched unmatched() const noexcept;
    [[nodiscard]] const std::vector<TrustedReviewer>& reviewers() const noexcept;

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
