#pragma once

#include "agent/agent.hpp"
#include "agent/call_metadata.hpp"
#include "approvekit/limit_use.hpp"
#include "json/strict_reader.hpp"
#include "policy/limit.hpp"
#include "redaction/call_view.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace approvekit::detail {

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
