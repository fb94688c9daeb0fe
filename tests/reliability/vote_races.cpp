#include "vote_races.hpp"

#include "contest.hpp"
#include "pair_races.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/metadata_keys.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace approvekit::testing {
namespace {

constexpr Racer last_vote{bob, "the last vote", ApprovalStatus::approved, "approved by bob (terminal)"};

/// Makes the request, has the first of two votes cast, and runs what was approved.
class VotedAgent final : public PairedAgent {
public:
    explicit VotedAgent(const Site& site)
        : site_(site), storage_(site.open(racing())), ana_(storage_, "ana", "terminal") {}

    std::string ask(const std::string& call) override {
        request_ = ApprovalRequest();
        request_.id = random_uuid();
        request_.tool_name = "send";
        request_.tool_args = arguments_of(call);
        request_.created_at = SystemClock().now();
        request_.deadline = request_.created_at + std::chrono::hours{1};
        // Long enough for an approval to remain valid for the clock that runs ahead.
        request_.metadata = {{start_within_key, 604'800},
                             {quorum_key, {{approvals_key, 2}, {reviewers_key, {"ana", "bob", "cy"}}}}};
        request_.agent = "racing agent";
        request_.nonce = random_hex(16);
        request_.ours = true;
        request_.view_digest = view_digest(request_);
        storage_->submit(request_);
        ana_.approve(request_.id);
        return request_.id;
    }

    ApprovalRequest give_up() override {
        return storage_->end(request_.id, ApprovalStatus::cancelled, "the caller gave up waiting");
    }

    std::string conclude(const Pairing& pairing, const Racer& winner) override {
        const std::size_t expected = winner.process == bob || winner.process == cy ? 2 : 1;
        const std::size_t votes = storage_->find(request_.id).value().votes.size();
        if (votes != expected) return "the record has " + std::to_string(votes) + " votes";
        // A caller that gave up waiting has refused an approval that came before.
        if (winner.aim == ApprovalStatus::approved && pairing.other.process != caller) run();
        return "";
    }

    Storage& storage() override { return *storage_; }

private:
    void run() {
        const std::string entry_id = storage_->claim({request_.id, request_.view_digest, {}, &request_});
        site_.effects.add(request_.tool_args.at("call").get<std::string>());
        storage_->finish({.entry_id = entry_id,
                          .request_id = request_.id,
                          .tool_name = request_.tool_name,
                          .state = RunState::executed,
                          .note = {}});
    }

    const Site& site_;
    std::shared_ptr<Storage> storage_;
    Reviewer ana_;
    ApprovalRequest request_;
};

}  // namespace

bool race_for_votes(const std::filesystem::path& directory, int count) {
    RacesOfPairs races;
    races.heading = "The last vote";
    races.pairings = {
        {last_vote, {cy, "a rejection", ApprovalStatus::rejected, "rejected by cy (web)"}},
        {last_vote, {late_clock, "the deadline", ApprovalStatus::timeout, "nobody answered by the deadline"}},
        {last_vote, {caller, "the caller's cancel", ApprovalStatus::cancelled, "the caller gave up waiting"}},
        {last_vote, {cy, "another last vote", ApprovalStatus::approved, "approved by cy (web)"}},
    };
    races.agent = [](const Site& site) { return std::make_unique<VotedAgent>(site); };
    races.decide = [](Reviewer& reviewer, const Racer& racer, const std::string& id) {
        return racer.aim == ApprovalStatus::approved ? reviewer.approve(id) : reviewer.reject(id);
    };
    return race_in_pairs(directory, "vote-races", races, count);
}

}  // namespace approvekit::testing
