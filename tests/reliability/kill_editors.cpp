#include "kill_editors.hpp"

#include "kill_campaign.hpp"

#include "support/forked_child.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* recipient_asked = "ana";
constexpr const char* recipient_edited = "bob";
const Json edit_of_recipient = {{"args.to", recipient_edited}};

Policy edited_policy(int approvals) {
    PolicyRule rule;
    rule.tool = "send";
    rule.require_approval = true;
    rule.allow_edit = {"args.to"};
    rule.approvals = static_cast<std::size_t>(approvals);
    rule.reviewers = {"ana", "bob"};
    return Policy().add_rule(std::move(rule));
}

/// The file where the tool notes its recipient before it takes effect.
Effects recipients_at(const Site& site) {
    return Effects(site.directory / "recipients");
}

/// Makes a held call that runs as it was approved. Calls `before_get` with the request's id.
template <typename BeforeGet>
void send_as_approved(const Site& site, PhaseBoard& phase, const std::shared_ptr<Storage>& storage, int approvals,
                      BeforeGet before_get) {
    const ApproveKit kit(edited_policy(approvals), storage);
    const auto send = kit.guard("send", {"call", "to"}, [&](const std::string& call, const std::string& to) {
        phase = Phase::running;
        recipients_at(site).add(to);
        site.effects.add(call);
        phase = Phase::finishing;
    });
    phase = Phase::submitting;
    auto ticket = send.submit(held_call, recipient_asked);
    before_get(ticket.request_id());
    ticket.get();
    storage->flush();
    phase = Phase::closing;
}

void approve_as(const std::shared_ptr<Storage>& storage, const char* name, const Json& edits) {
    Reviewer reviewer(storage, name, "terminal");
    for (const ApprovalRequest& request : reviewer.list().requests)
        reviewer.approve(request.id, {.edits = edits});
}

/// Opens the record, approves the one waiting request as it was asked, edits it in the name of another reviewer,
/// approves that edit in the first name, and closes.
void play_editors(const Site& site, PhaseBoard& phase) {
    phase = Phase::opening;
    auto storage = site.open();
    phase = Phase::voting;
    approve_as(storage, "ana", nullptr);
    phase = Phase::editing;
    approve_as(storage, "bob", edit_of_recipient);
    phase = Phase::deciding;
    approve_as(storage, "ana", edit_of_recipient);
    phase = Phase::closing;
    storage.reset();
    phase = Phase::ended;
}

/// The whole life of an agent whose call is edited by a reviewer in the same process.
void play_edited_agent(const Site& site, PhaseBoard& phase) {
    phase = Phase::opening;
    auto storage = site.open();
    auto reviewing = site.open();
    send_as_approved(site, phase, storage, 1, [&](const std::string& id) {
        phase = Phase::editing;
        Reviewer(reviewing, "bob", "terminal").approve(id, {.edits = edit_of_recipient});
        phase = Phase::claiming;
    });
    reviewing.reset();
    storage.reset();
    phase = Phase::ended;
}

/// For a request with edits: the votes for it as asked and as edited, and whether the edit is approved.
struct EditStanding {
    int asked = 0;
    int edited = 0;
    bool is_approved_so = false;

    [[nodiscard]] std::string text() const {
        return std::to_string(asked) + " votes for what was asked, " + std::to_string(edited) + " for the edit" +
               (is_approved_so ? ", approved so" : "");
    }
};

/// Opens the record, so it must not run beside a child that shares the record with this process.
EditStanding standing_of_edits(const Site& site) {
    EditStanding standing;
    const auto storage = site.open();
    RequestQuery all;
    all.status.reset();
    const auto requests = storage->list(all).requests;
    if (requests.empty()) return standing;
    const ApprovalRequest request = storage->find(requests.front().id).value();
    for (const Vote& vote : request.votes)
        ++(vote.decision.edits.is_null() ? standing.asked : standing.edited);
    standing.is_approved_so = request.edited && request.edited->edits == edit_of_recipient;
    return standing;
}

class EditorCampaign : public KillCampaign {
public:
    using KillCampaign::KillCampaign;

    /// Returns false if they finished before their n-th system call.
    bool kill_editors(int nth) {
        const FreshSite fresh(directory());
        PhaseBoard others{Phase::starting};
        ForkedChild agent([&](const ForkedChild::Report& report) {
            send_as_approved(fresh.site, others, fresh.site.open(), 2, [&](const std::string&) { report(); });
        });
        const auto killed_at = kill(fresh.site, Agents::some_at_work, nth, [&] { play_editors(fresh.site, phase()); });
        const Phase died_at = phase();
        const EditStanding standing = standing_in_child(fresh.site);
        ForkedChild next([&](const ForkedChild::Report& report) {
            report();
            play_editors(fresh.site, others);
        });
        if (next.wait() != 0 || agent.wait() != 0) complain("the next reviewers or the agent failed");
        examine(fresh.site, died_at, standing);
        if (killed_at) {
            tally().add(died_at, *killed_at);
            tally().add(died_at, held_call, standing.text(), fresh.site.effects.read().contains(held_call));
        }
        return killed_at.has_value();
    }

    /// The same for an agent that nobody follows.
    bool kill_agent(int nth) {
        const FreshSite fresh(directory());
        const auto killed_at = kill(fresh.site, Agents::all_gone, nth, [&] { play_edited_agent(fresh.site, phase()); });
        const Phase died_at = phase();
        if (!fresh.site.record->is_there()) return killed_at.has_value();
        RecordReport report = end_of(fresh.site);
        const EditStanding standing = standing_in_child(fresh.site);
        examine_recipients(fresh.site);
        const bool has_run = fresh.site.effects.read().contains(held_call);
        const bool is_recorded = report.calls.contains(held_call);
        if (died_at > Phase::editing && !standing.is_approved_so) complain("the edit is lost");
        if (has_run && !standing.is_approved_so) complain("it ran, and the record does not tell of the edit");
        const std::string end = is_recorded ? report.calls.at(held_call) : "nothing";
        if (killed_at) {
            tally().add(died_at, *killed_at);
            tally().add(died_at, held_call, end + (standing.is_approved_so ? ", edited" : ""), has_run);
        } else if (end != "approved, executed") {
            complain("nobody was killed, and yet the call ended as " + end);
        }
        return killed_at.has_value();
    }

private:
    /// Keeps this process, from which others are forked, free of open records.
    [[nodiscard]] EditStanding standing_in_child(const Site& site) const {
        ForkedChild child([&](const ForkedChild::Report& report) {
            const EditStanding standing = standing_of_edits(site);
            report(standing.asked * 10 + standing.edited + (standing.is_approved_so ? 100 : 0));
        });
        const int number = child.reported();
        child.wait();
        return {number / 10 % 10, number % 10, number >= 100};
    }

    void examine(const Site& site, Phase died_at, const EditStanding& standing) {
        RecordReport report = end_of(site);
        if (report.calls[held_call] != "approved, executed") complain("the call ended as " + report.calls[held_call]);
        examine_recipients(site);
        if (died_at > Phase::voting && standing.asked != 1) complain("the first vote is lost");
        if (died_at > Phase::editing && standing.edited < 1) complain("the edit is lost");
        if (died_at > Phase::deciding && !standing.is_approved_so) complain("the last vote is lost");
        if (standing.is_approved_so != (standing.edited == 2)) complain("it stands as " + standing.text());
        const EditStanding end = standing_in_child(site);
        if (end.asked != 1 || end.edited != 2 || !end.is_approved_so) complain("in the end there were " + end.text());
    }

    void examine_recipients(const Site& site) {
        for (const auto& [recipient, times] : recipients_at(site).read()) {
            if (recipient != recipient_edited || times != 1)
                complain("it ran " + std::to_string(times) + " times for " + recipient);
        }
    }
};

}  // namespace

bool kill_editors(const fs::path& directory, int first, int step) {
    EditorCampaign editors(directory);
    for (int nth = first; editors.kill_editors(nth); nth += step) {
    }
    std::cout << "A vote, an edit and a vote for that, after whose caster's death they are cast again:\n";
    editors.print();
    EditorCampaign agents(directory);
    for (int nth = first; agents.kill_agent(nth); nth += step) {
    }
    std::cout << "An agent whose call is edited:\n";
    agents.print();
    return editors.is_clean() && agents.is_clean();
}

}  // namespace approvekit::testing
