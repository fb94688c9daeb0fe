#include "edit_races.hpp"

#include "contest.hpp"
#include "pair_races.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace approvekit::testing {
namespace {

constexpr const char* asked_recipient = "ana";
constexpr const char* another_edit = "another edit";

/// The recipient that the tool gets if `racer` approves. An edit of bob's races against whatever cy does.
std::string recipient_of(const Racer& racer) {
    if (racer.process == bob) return "bob";
    return racer.name == std::string(another_edit) ? "cy" : asked_recipient;
}

/// Null if the arguments stay as they were asked.
Json edits_of(const Racer& racer) {
    const std::string recipient = recipient_of(racer);
    return recipient == asked_recipient ? Json() : Json{{"args.to", recipient}};
}

/// The approval remains valid even for a clock that runs a day ahead.
Policy editable_policy() {
    return Policy::from_yaml_text(
        "rules:\n"
        "  - {tool: send, require_approval: true, timeout: 1h, start_within: 7d, allow_edit: [args.to]}\n");
}

/// Makes the calls, and runs what was approved as any tool is run.
class EditedAgent final : public PairedAgent {
public:
    explicit EditedAgent(const Site& site)
        : storage_(site.open(racing())),
          kit_(editable_policy(), storage_),
          send_(kit_.guard("send", {"call", "to"}, Send{site.effects, got_})) {}

    std::string ask(const std::string& call) override {
        got_.clear();
        ticket_.emplace(send_.submit(call, asked_recipient));
        return ticket_->request_id();
    }

    ApprovalRequest give_up() override { return storage_->find(ticket_->request_id()).value(); }

    std::string conclude(const Pairing& /*pairing*/, const Racer& winner) override {
        const auto outcome = ticket_->attempt();
        if (winner.aim != ApprovalStatus::approved) return got_.empty() ? "" : "what was not approved ran";
        const Json edits = edits_of(winner);
        if (got_ != recipient_of(winner))
            return "the winner approved " + recipient_of(winner) + ", and it ran for " + got_;
        const auto& edit = outcome.edit();
        if ((edit ? edit->edits : Json()) != edits) return "the caller was told of other edits";
        const auto shown = storage_->find(ticket_->request_id()).value().edited;
        return (shown ? shown->edits : Json()) == edits ? "" : "the record tells of other edits";
    }

    Storage& storage() override { return *storage_; }

private:
    /// Remembers the recipient it ran for.
    struct Send {
        void operator()(const std::string& call, const std::string& to) const {
            got = to;
            effects.add(call);
        }
        const Effects& effects;
        std::string& got;
    };
    using Guarded = decltype(std::declval<const ApproveKit&>().guard("send", {"call", "to"}, std::declval<Send>()));

    std::shared_ptr<Storage> storage_;
    ApproveKit kit_;
    std::string got_;  // empty: it did not run
    Guarded send_;
    std::optional<Ticket<void>> ticket_;
};

}  // namespace

bool race_for_edits(const std::filesystem::path& directory, int count) {
    constexpr Racer edit{bob, "an edit", ApprovalStatus::approved, "approved by bob (terminal)"};
    RacesOfPairs races;
    races.heading = "An edit";
    races.pairings = {
        {edit, {cy, another_edit, ApprovalStatus::approved, "approved by cy (web)"}},
        {edit, {cy, "an approval of what was asked", ApprovalStatus::approved, "approved by cy (web)"}},
        {edit, {late_clock, "the deadline", ApprovalStatus::timeout, "nobody answered by the deadline"}},
    };
    races.agent = [](const Site& site) { return std::make_unique<EditedAgent>(site); };
    races.decide = [](Reviewer& reviewer, const Racer& racer, const std::string& id) {
        return reviewer.approve(id, {.edits = edits_of(racer)});
    };
    return race_in_pairs(directory, "edit-races", races, count);
}

}  // namespace approvekit::testing
