#pragma once

#include "agent/agent.hpp"
#include "approvekit/call.hpp"
#include "approvekit/json.hpp"
#include "approvekit/limit_use.hpp"
#include "json/strict_reader.hpp"
#include "policy/limit.hpp"
#include "redaction/call_view.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace approvekit::detail {

/// What the agent adds to the metadata that the policy gives to a call. Borrows all of it.
struct CallMetadata {
    const Json& context;  ///< null for none
    const Call* call;     ///< null for none
    std::span<const std::string> order;
    const std::optional<LimitUse>& use;  ///< what it takes of a limit
    bool is_beyond_limit = false;        ///< and that it is held for that
    bool is_held = false;                ///< and that people decide on it whether there is room or not
    const Json& grant;                   ///< by which grant it runs, or why none lets it run; null for none

    /// Whether the policy's own text can stand as it is.
    [[nodiscard]] bool is_empty() const;

    /// `policy_text` is the rule's metadata, `timeout` the rule's.
    [[nodiscard]] Json added_to(const std::string& policy_text, std::chrono::seconds timeout) const;
};

/// The stricter of what the policy and the call say. `call` may be null.
[[nodiscard]] std::chrono::seconds shorter_timeout(const Call* call, std::chrono::seconds timeout);

/// Cuts the reason of a context to what is kept of it, once nothing in it has to be found any more.
void shorten_reason(Json& context);

/// Where the quorum in `metadata` leaves out whoever the call is made for, puts their name there; `call` may be null.
///
/// Throws ArgumentsRefusedError, with what to do, when the call does not say who that is, when the policy hides the name,
/// and when too few others are left to approve.
void name_requester(Json& metadata, const std::string& tool_name, const Call* call);

/// A call whose arguments were captured and judged.
struct Agent::Prepared {
    std::string tool_name;
    std::string canonical;  ///< the true arguments
    Ruling ruling;
    std::optional<RedactedView> redacted;
    std::string hidden;  ///< the canonical text of what was redacted
    const Json* arguments;
    Json context;             ///< redacted; null for none
    Scrubber hidden_context;  ///< knows what was redacted of it
    Asked asked;
    AskedPolicy under;  ///< what the ruling refers into
    std::optional<LimitUse> use;
    bool is_beyond_limit = false;  ///< and is held therefore
    Json grant = nullptr;          ///< by which grant it runs, or why none lets it run

    void take_view(redaction::CallView view) {
        redacted = std::move(view.arguments);
        context = std::move(view.context);
        hidden_context = std::move(view.hidden_context);
    }
    /// What it takes of the limit of its rule, once what is hidden of it is known.
    void measure() {
        const Json& true_context = redacted && under.context ? *under.context : context;
        use = policy::limit_use(ruling, {view(), context}, {*arguments, true_context});
    }

    [[nodiscard]] std::string parent() const { return asked.call != nullptr ? asked.call->parent : std::string(); }
    [[nodiscard]] bool has_key() const { return asked.call != nullptr && !asked.call->idempotency_key.empty(); }
    [[nodiscard]] CallScrubber scrubber() const { return {redacted ? redacted->scrubber : Scrubber(), hidden_context}; }

    /// What requests and entries carry. Entries take the policy's text as it is, where it alone says all.
    [[nodiscard]] Json metadata() const { return own_metadata().added_to(*ruling.metadata, ruling.rule->timeout); }
    [[nodiscard]] std::string metadata_text() const {
        return own_metadata().is_empty() ? *ruling.metadata : metadata().dump();
    }
    [[nodiscard]] AskedPolicy policy_while_held() const {
        AskedPolicy held = under;
        if (redacted) held.hidden_arguments = std::make_shared<const Json>(*arguments);
        return held;
    }
    [[nodiscard]] CallMetadata own_metadata() const {
        return {context, asked.call, asked.order, use, is_beyond_limit, ruling.action == Action::hold, grant};
    }
    [[nodiscard]] const LimitUse* taken() const { return use ? &*use : nullptr; }

    /// Whether reviewers see less than the true arguments.
    [[nodiscard]] bool hides() const {
        return redacted && canonical_json(redacted->value, json::any_size) != canonical;
    }
    [[nodiscard]] const Json& view() const { return redacted ? redacted->value : *arguments; }
    [[nodiscard]] const std::string& view_text() {
        if (!redacted) return canonical;
        if (hidden.empty()) hidden = canonical_json(redacted->value);
        return hidden;
    }
};

}  // namespace approvekit::detail
