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

/// What the agent adds to the policy's metadata for a call. Borrows all of it.
struct CallMetadata {
    const Json& context;  ///< null if there is none
    const Call* call;     ///< null if there is none
    std::span<const std::string> order;
    const std::optional<LimitUse>& use;  ///< what the call takes of a limit
    bool is_beyond_limit = false;        ///< whether it is held for being beyond that limit
    bool is_held = false;                ///< whether people decide on it with or without room in the limit
    const Json& grant;                   ///< the grant by which it runs, or why no grant lets it run; null if neither

    /// Whether the policy's own text can be used unchanged.
    [[nodiscard]] bool is_empty() const;

    /// `policy_text` is the rule's metadata, and `timeout` is the rule's.
    [[nodiscard]] Json added_to(const std::string& policy_text, std::chrono::seconds timeout) const;
};

/// Returns the shorter of the policy's and the call's timeout. `call` may be null.
[[nodiscard]] std::chrono::seconds shorter_timeout(const Call* call, std::chrono::seconds timeout);

/// Cuts the reason in a context to what is kept of it. To be called when nothing in it has to be found any more.
void shorten_reason(Json& context);

/// If the quorum in `metadata` excludes the person for whom the call is made, puts their name there. `call` may be
/// null.
///
/// Throws ArgumentsRefusedError, which says what to do, if the call does not say who that is, if the policy hides the
/// name, or if too few others are left to approve.
void name_requester(Json& metadata, const std::string& tool_name, const Call* call);

/// A call whose arguments were captured and judged.
struct Agent::Prepared {
    std::string tool_name;
    std::string canonical;  ///< the true arguments
    Ruling ruling;
    std::optional<RedactedView> redacted;
    std::string hidden;  ///< the canonical text of the redacted arguments
    const Json* arguments;
    Json context;             ///< redacted; null if there is none
    Scrubber hidden_context;  ///< knows what was redacted in the context
    Asked asked;
    AskedPolicy under;  ///< the ruling refers into it
    std::optional<LimitUse> use;
    bool is_beyond_limit = false;  ///< and is held for that
    Json grant = nullptr;          ///< the grant by which it runs, or why no grant lets it run

    void take_view(redaction::CallView view) {
        redacted = std::move(view.arguments);
        context = std::move(view.context);
        hidden_context = std::move(view.hidden_context);
    }
    /// Measures what the call takes of the limit of its rule. To be called when it is known what is hidden.
    void measure() {
        const Json& true_context = redacted && under.context ? *under.context : context;
        use = policy::limit_use(ruling, {view(), context}, {*arguments, true_context});
    }

    [[nodiscard]] std::string parent() const { return asked.call != nullptr ? asked.call->parent : std::string(); }
    [[nodiscard]] bool has_key() const { return asked.call != nullptr && !asked.call->idempotency_key.empty(); }
    [[nodiscard]] CallScrubber scrubber() const { return {redacted ? redacted->scrubber : Scrubber(), hidden_context}; }

    /// Returns what requests and entries carry. Entries take the policy's text unchanged if that alone says everything.
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
