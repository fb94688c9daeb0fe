#include "property.hpp"

#include "support/manual_clock.hpp"

#include "approvekit/approve_kit.hpp"
#include "approvekit/error.hpp"
#include "approvekit/reviewer.hpp"
#include "memory/memory_storage.hpp"
#include "record/edits.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::fuzz {
namespace {

/// The lines of an input, each in JSON.
struct EditedCallInput {
    Json paths;   ///< that may be edited
    Json hidden;  ///< the names of what is hidden from a reviewer
    Json arguments;
    Json edits;
};

std::optional<EditedCallInput> read_input(std::string_view bytes) {
    std::vector<Json> lines;
    try {
        while (lines.size() < 4 && !bytes.empty()) {
            const std::size_t end = std::min(bytes.find('\n'), bytes.size());
            lines.push_back(parse_json(bytes.substr(0, end)));
            bytes.remove_prefix(std::min(end + 1, bytes.size()));
        }
    } catch (const ArgumentsRefusedError&) {
        return std::nullopt;
    }
    if (lines.size() < 4) return std::nullopt;
    return EditedCallInput{lines[0], lines[1], lines[2], lines[3]};
}

std::optional<Policy> editing_policy(const EditedCallInput& input) {
    const Json rule = {
        {"tool", "t"}, {"require_approval", true}, {"allow_edit", input.paths}, {"redact_fields", input.hidden}};
    try {
        return Policy::from_json({{"rules", Json::array({rule})}});
    } catch (const PolicyError&) {
        return std::nullopt;
    }
}

bool is_same(const Json& one, const Json& other) {
    return canonical_json(one) == canonical_json(other);
}

/// All numbers count as one kind, however they are written.
Json::value_t kind_of(const Json& value) {
    return value.is_number() ? Json::value_t::number_float : value.type();
}

void require_kinds_kept(const Json& before, const Json& after) {
    require(kind_of(before) == kind_of(after), "what is edited keeps its kind");
    if (!before.is_object()) return;
    require(before.size() == after.size(), "an object keeps its members");
    for (const auto& [key, value] : before.items()) {
        require(after.contains(key), "an object keeps its members");
        require_kinds_kept(value, after.at(key));
    }
}

/// Only what the edits name, and the policy allows to edit, may differ, and it must have the new value.
void require_only_edited(const EditedCallInput& input, const Json& edited) {
    Json before = input.arguments;
    Json after = edited;
    for (const auto& [path, value] : input.edits.items()) {
        require(std::find(input.paths.begin(), input.paths.end(), Json(path)) != input.paths.end(),
                "only what the policy names is edited");
        require(is_same(record::value_at(edited, path), value), "what runs has the new value");
        require_kinds_kept(record::value_at(input.arguments, path), value);
        before = record::with_edits(std::move(before), {{path, nullptr}});
        after = record::with_edits(std::move(after), {{path, nullptr}});
    }
    require(is_same(before, after), "nothing else differs");
}

/// If `shown` differs from what was asked, something is hidden.
void require_hidden_kept(const Json& shown, const Json& asked, const Json& edited) {
    if (is_same(shown, asked)) return;
    const bool is_structured = shown.type() == asked.type() && asked.is_structured();
    if (!is_structured) return require(is_same(asked, edited), "hidden values stay as they are");
    require(edited.type() == asked.type() && edited.size() == asked.size(), "hidden values stay where they are");
    if (asked.is_array()) {
        for (std::size_t index = 0; index < asked.size(); ++index)
            require_hidden_kept(shown.at(index), asked.at(index), edited.at(index));
        return;
    }
    for (const auto& [key, value] : asked.items()) {
        require(edited.contains(key), "hidden values stay where they are");
        if (shown.contains(key)) {
            require_hidden_kept(shown.at(key), value, edited.at(key));
        } else {
            require(is_same(value, edited.at(key)), "what a hidden key holds stays as it is");
        }
    }
}

/// An agent in memory whose reviewer approves its one call with the edits of the input.
class FuzzedEdit {
public:
    FuzzedEdit(const EditedCallInput& input, Policy policy) : input_(input), kit_(std::move(policy), storage_) {}

    void check() {
        std::optional<PendingCall> call = submitted();
        if (!call) return;
        const ApprovalRequest asked = storage_->find(call->request_id()).value();
        if (!is_taken(asked.id)) return;
        std::optional<Permit> permit = admitted(*call);
        if (!permit) return require(storage_->find(asked.id)->run == RunState::none, "what is refused does not start");
        require((permit->edited_arguments() != nullptr) == !input_.edits.is_null(), "the agent is told of an edit");
        if (input_.edits.is_null()) return permit->executed();
        const Json edited = *permit->edited_arguments();
        permit->executed();
        require_only_edited(input_, edited);
        require_hidden_kept(asked.tool_args, input_.arguments, edited);
        require_record_of(asked);
    }

private:
    std::optional<PendingCall> submitted() {
        try {
            return kit_.submit("t", input_.arguments);
        } catch (const Error&) {
            return std::nullopt;
        }
    }

    bool is_taken(const std::string& id) {
        try {
            Reviewer(storage_, "ada", "terminal").approve(id, {.edits = input_.edits});
            return true;
        } catch (const DecisionError& error) {
            require(error.code() == ErrorCode::invalid_edit, "edits are refused as such");
            require(storage_->find(id)->status == ApprovalStatus::pending, "edits that are refused decide nothing");
            return false;
        }
    }

    static std::optional<Permit> admitted(PendingCall& call) {
        try {
            return call.wait();
        } catch (const RequestAlteredError&) {
            return std::nullopt;
        }
    }

    void require_record_of(const ApprovalRequest& asked) {
        const ApprovalRequest found = storage_->find(asked.id).value();
        require(is_same(found.tool_args, asked.tool_args), "what was asked stays on record");
        require(found.edited.has_value() && is_same(found.edited->edits, input_.edits), "the edit is on record");
        require(is_same(found.edited->tool_args, record::with_edits(asked.tool_args, input_.edits)),
                "what was approved is on record");
        require(found.edited->view_digest != asked.view_digest, "an edit is another view");
        require(storage_->verify_audit().intact(), "a record with an edit verifies");
    }

    const EditedCallInput& input_;
    std::shared_ptr<memory::MemoryStorage> storage_ =
        std::make_shared<memory::MemoryStorage>(std::make_shared<memory::Database>(
            memory::Database::Options{.clock = std::make_shared<testing::ManualClock>()}));
    ApproveKit kit_;
};

}  // namespace

/// Four lines of JSON: the paths that may be edited, the names that are hidden, the arguments, and the edits.
void edit(std::string_view bytes) {
    const auto input = read_input(bytes);
    if (!input) return;
    auto policy = editing_policy(*input);
    if (policy) FuzzedEdit(*input, *std::move(policy)).check();
}

}  // namespace approvekit::fuzz
