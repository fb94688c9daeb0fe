#pragma once

#include "approvekit/approvekit.hpp"
#include "approvekit/digest.hpp"
#include "support/other_program.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::testing {

/// A program on the agent's side that wants its own call to run. It has the database, may write everything in it, and
/// knows the policy and everything that was ever signed. What it lacks is a listed reviewer's private key.
class Forger {
public:
    explicit Forger(std::filesystem::path database) : database_(std::move(database)) {}

    /// Does what the sqlite3 shell would do. `values` replace the question marks.
    void run(const std::string& sql, const std::vector<std::string>& values = {}) const {
        SQLite::Database database = as_other_program(database_);
        SQLite::Statement statement(database, sql);
        for (std::size_t index = 0; index < values.size(); ++index)
            statement.bind(static_cast<int>(index) + 1, values[index]);
        static_cast<void>(statement.exec());
    }

    void set_status(const std::string& id, const std::string& status) const {
        run("UPDATE approval_requests SET status = ?, reviewed_at = created_at WHERE id = ?", {status, id});
    }

    /// Puts a decision beside the request and calls it approved.
    void plant(const std::string& id, const std::string& reviewer, const DecisionSignature& signature) const {
        run("INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, view_digest, "
            "entry_id, key_id, statement, signature) VALUES (?, 'approve', ?, 'web', '', '', '', '', ?, ?, ?)",
            {id, reviewer, signature.key_id, signature.statement, signature.signature});
        set_status(id, "approved");
    }

    /// Gives `to` the decision that was once taken on `from`, including its signature.
    void copy_decision(const std::string& from, const std::string& to) const {
        run("INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, view_digest, "
            "entry_id, key_id, statement, signature) SELECT ?, verdict, reviewer, way, notes, decided_at, view_digest, "
            "entry_id, key_id, statement, signature FROM approvekit_decisions WHERE request_id = ?",
            {to, from});
        set_status(to, "approved");
    }

    /// The same with a vote on `from`, in the name of `reviewer`; also calls the request approved.
    void copy_vote(const std::string& from, const std::string& to, const std::string& reviewer) const {
        run("INSERT INTO approvekit_votes(request_id, verdict, reviewer, way, notes, voted_at, view_digest, entry_id, "
            "shown, key_id, statement, signature) SELECT ?, verdict, ?, way, notes, voted_at, (SELECT view_digest FROM "
            "approvekit_requests WHERE request_id = ?), entry_id, shown, key_id, statement, signature FROM "
            "approvekit_votes WHERE request_id = ? LIMIT 1",
            {to, reviewer, to, from});
        set_status(to, "approved");
    }

    /// Appends an entry about the last vote on the request, in that name, and makes the vote name the entry.
    void pretend_vote(const std::string& id, const std::string& reviewer) const {
        run("INSERT INTO approvekit_audit(seq, entry_id, request_id, event, tool_name, tool_args, timestamp, metadata, "
            "reviewer, way, view, is_signed, hash) SELECT (SELECT max(seq) + 1 FROM approvekit_audit), 'pretended', "
            "request_id, 'voted', 'transfer', '{}', voted_at, '{}', ?, way, view_digest, 1, zeroblob(32) FROM "
            "approvekit_votes WHERE request_id = ? ORDER BY number DESC LIMIT 1",
            {reviewer, id});
        run("UPDATE approvekit_votes SET entry_id = 'pretended' WHERE number = (SELECT max(number) FROM "
            "approvekit_votes)");
    }

    /// Gives the last vote on the request that signature, or none, and an entry in that name.
    void sign_last_vote(const std::string& id, const std::string& reviewer,
                        const std::optional<DecisionSignature>& signature) const {
        const std::string last = " WHERE number = (SELECT max(number) FROM approvekit_votes)";
        if (signature) {
            run("UPDATE approvekit_votes SET key_id = ?, statement = ?, signature = ?" + last,
                {signature->key_id, signature->statement, signature->signature});
        } else {
            run("UPDATE approvekit_votes SET key_id = NULL, statement = NULL, signature = NULL" + last);
        }
        pretend_vote(id, reviewer);
    }

    /// Makes the stored request, as reviewers are shown it, need those votes.
    void change_quorum(const ApprovalRequest& changed) const {
        run("UPDATE approval_requests SET metadata = ? WHERE id = ?", {changed.metadata.dump(), changed.id});
        disguise(changed);
    }

    /// Makes the last vote on the request the decision on it.
    void decide_by_vote(const std::string& id) const {
        run("INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, view_digest, "
            "entry_id, key_id, statement, signature) SELECT request_id, verdict, reviewer, way, notes, voted_at, "
            "view_digest, entry_id, key_id, statement, signature FROM approvekit_votes WHERE request_id = ? ORDER BY "
            "number LIMIT 1",
            {id});
        set_status(id, "approved");
    }

    /// Shows reviewers `shown` instead of what was asked, including the digest.
    void disguise(const ApprovalRequest& shown) const {
        run("UPDATE approval_requests SET tool_args = ? WHERE id = ?", {canonical_json(shown.tool_args), shown.id});
        run("UPDATE approvekit_requests SET view_digest = ? WHERE request_id = ?", {view_digest(shown), shown.id});
    }

private:
    std::filesystem::path database_;
};

/// An agent whose policy lists two reviewers, who sign; and a forger beside it.
class ForgeryFixture {
public:
    explicit ForgeryFixture(const std::filesystem::path& database, std::size_t approvals = 1,
                            const std::vector<std::string>& allow_edit = {})
        : storage(std::make_shared<SqliteStorage>(database, shared_with_others())),
          kit(policy_of({&ada, &ben}, approvals, allow_edit), storage),
          forger(database) {}

    static Policy policy_of(const std::vector<const ReviewerKey*>& keys, std::size_t approvals = 1,
                            const std::vector<std::string>& allow_edit = {}) {
        PolicyRule rule;
        rule.tool = "transfer";
        rule.require_approval = true;
        rule.timeout = std::chrono::minutes(1);
        rule.risk_level = "high";
        rule.approvals = approvals;
        rule.allow_edit = allow_edit;
        std::vector<TrustedReviewer> reviewers;
        for (const ReviewerKey* const key : keys) {
            reviewers.push_back({key->name(), key->public_key()});
            if (approvals > 1) rule.reviewers.push_back(key->name());
        }
        return Policy().add_rule(std::move(rule)).set_reviewers(std::move(reviewers));
    }

    /// The agent's call, which waits.
    [[nodiscard]] PendingCall ask(int amount = 9000) const {
        return kit.submit("transfer", {{"to", "mallory"}, {"amount", amount}});
    }

    /// Does what the owner of `key` does: look, then decide on what was seen.
    void decide(const ReviewerKey& key, const std::string& id, Verdict verdict = Verdict::approve,
                const Json& edits = nullptr) const {
        Reviewer reviewer(storage, key.name(), "terminal");
        reviewer.sign_with(std::make_shared<ReviewerKey>(key));
        const std::string seen = reviewer.find(id).view_digest;
        static_cast<void>(verdict == Verdict::approve ? reviewer.approve(id, {.seen = seen, .edits = edits})
                                                      : reviewer.reject(id, {.seen = seen}));
    }

    /// Makes a call that is approved and runs, as many did before. Returns its id.
    [[nodiscard]] std::string earlier_approved(int amount) const {
        PendingCall call = ask(amount);
        decide(ada, call.request_id());
        call.wait().executed();
        return call.request_id();
    }

    /// Adds an honest vote of ada as the decision, and beside it a vote in the name of `reviewer` that `key` signed.
    void vote_beside_ada(const std::string& id, const std::string& reviewer, const ReviewerKey& key) const;

    ReviewerKey ada = ReviewerKey::generate("ada");
    ReviewerKey ben = ReviewerKey::generate("ben");
    ReviewerKey mallory = ReviewerKey::generate("mallory");
    std::shared_ptr<SqliteStorage> storage;
    ApproveKit kit;
    Forger forger;
};

/// One way to get a call through without a reviewer, and the words with which the audit must report it.
struct Attack {
    std::string name;
    std::string told_as;
    void (*run)(const ForgeryFixture& fixture, const std::string& id);
};

/// A decision that `key` signs in the name `name`, on the request as it is.
inline Decision forged_decision(const ForgeryFixture& fixture, const std::string& id, const ReviewerKey& key,
                                const std::string& name) {
    Decision decision;
    decision.request_id = id;
    decision.verdict = Verdict::approve;
    decision.reviewer = name;
    const std::string statement = DecisionStatement::on(*fixture.storage->find(id), decision).text();
    decision.signature = DecisionSignature{key_id(key.public_key()), statement, key.sign(statement)};
    return decision;
}

inline void ForgeryFixture::vote_beside_ada(const std::string& id, const std::string& reviewer,
                                            const ReviewerKey& key) const {
    decide(ada, id);
    forger.decide_by_vote(id);
    forger.copy_vote(id, id, reviewer);
    forger.sign_last_vote(id, reviewer, forged_decision(*this, id, key, reviewer).signature);
}

inline std::vector<Attack> attacks() {
    return {
        {"SQL update of the status", "unsigned",
         [](const ForgeryFixture& fixture, const std::string& id) { fixture.forger.set_status(id, "approved"); }},
        {"decision row of a listed reviewer without a signature", "unsigned",
         [](const ForgeryFixture& fixture, const std::string& id) { fixture.forger.plant(id, "ada", {}); }},
        {"copied decision of an earlier call, signature included", "replayed",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.forger.copy_decision(fixture.earlier_approved(5), id);
         }},
        {"replay for the same tool with the same arguments", "replayed",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.forger.copy_decision(fixture.earlier_approved(9000), id);
         }},
        {"replay whose signed text was rewritten to fit", "forged",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.forger.copy_decision(fixture.earlier_approved(9000), id);
             const Decision fitting = forged_decision(fixture, id, fixture.mallory, "ada");
             fixture.forger.run("UPDATE approvekit_decisions SET statement = ? WHERE request_id = ?",
                                {fitting.signature->statement, id});
         }},
        {"arguments edited while the reviewer looks, then put back", "edited request",
         [](const ForgeryFixture& fixture, const std::string& id) {
             const ApprovalRequest asked = *fixture.storage->find(id);
             ApprovalRequest harmless = asked;
             harmless.tool_args["amount"] = 5;
             fixture.forger.disguise(harmless);
             fixture.decide(fixture.ada, id);
             fixture.forger.disguise(asked);
         }},
        {"arguments edited after an honest approval", "altered",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id);
             ApprovalRequest dearer = *fixture.storage->find(id);
             dearer.tool_args["amount"] = 1'000'000;
             fixture.forger.disguise(dearer);
         }},
        {"signature of another listed reviewer under the name of ada", "wrong key",
         [](const ForgeryFixture& fixture, const std::string& id) {
             const Decision decision = forged_decision(fixture, id, fixture.ben, "ada");
             fixture.forger.plant(id, "ada", *decision.signature);
         }},
        {"signature of a key of its own under the name of ada", "wrong key",
         [](const ForgeryFixture& fixture, const std::string& id) {
             const Decision decision = forged_decision(fixture, id, fixture.mallory, "ada");
             fixture.forger.plant(id, "ada", *decision.signature);
         }},
        {"signature of a reviewer whom the policy does not list", "unknown reviewer",
         [](const ForgeryFixture& fixture, const std::string& id) {
             const Decision decision = forged_decision(fixture, id, fixture.mallory, "mallory");
             fixture.forger.plant(id, "mallory", *decision.signature);
         }},
        {"signed rejection turned into an approval", "rejection turned into an approval",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id, Verdict::reject);
             fixture.forger.run("UPDATE approvekit_decisions SET verdict = 'approve' WHERE request_id = ?", {id});
             fixture.forger.run("UPDATE approvekit_requests SET is_open = 1, run = 'none' WHERE request_id = ?", {id});
             fixture.forger.set_status(id, "approved");
         }},
        {"reviewer's note rewritten", "note changed",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id);
             fixture.forger.run("UPDATE approvekit_decisions SET notes = 'and all others' WHERE request_id = ?", {id});
         }},
    };
}

/// The same if two reviewers have to approve.
inline std::vector<Attack> quorum_attacks() {
    return {
        {"SQL update of the status beside one honest vote", "unsigned",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id);
             fixture.forger.set_status(id, "approved");
         }},
        {"one honest vote made the decision", "quorum: 1 of 2 approvals count",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id);
             fixture.forger.decide_by_vote(id);
         }},
        {"honest vote a second time", "quorum: 1 of 2 approvals count",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id);
             fixture.forger.decide_by_vote(id);
             fixture.forger.copy_vote(id, id, "ada");
         }},
        {"vote of ada in the name of ben, with an entry to match", "the vote of ben does not count: wrong key",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id);
             fixture.forger.decide_by_vote(id);
             fixture.forger.copy_vote(id, id, "ben");
             fixture.forger.pretend_vote(id, "ben");
         }},
        {"vote of ben on an earlier call", "the vote of ben does not count: replayed",
         [](const ForgeryFixture& fixture, const std::string& id) {
             const PendingCall earlier = fixture.ask();
             fixture.decide(fixture.ben, earlier.request_id());
             fixture.decide(fixture.ada, id);
             fixture.forger.decide_by_vote(id);
             fixture.forger.copy_vote(earlier.request_id(), id, "ben");
             fixture.forger.pretend_vote(id, "ben");
         }},
        {"threshold lowered in the stored metadata", "altered",
         [](const ForgeryFixture& fixture, const std::string& id) {
             ApprovalRequest lowered = *fixture.storage->find(id);
             lowered.metadata["quorum"]["approvals"] = 1;
             fixture.forger.change_quorum(lowered);
             fixture.decide(fixture.ada, id);
         }},
        {"threshold lowered while the reviewer looks, then put back", "edited request",
         [](const ForgeryFixture& fixture, const std::string& id) {
             const ApprovalRequest asked = *fixture.storage->find(id);
             ApprovalRequest lowered = asked;
             lowered.metadata["quorum"]["approvals"] = 1;
             fixture.forger.change_quorum(lowered);
             fixture.decide(fixture.ada, id);
             fixture.forger.change_quorum(asked);
         }},
        {"circle widened in the stored metadata by whoever votes then", "altered",
         [](const ForgeryFixture& fixture, const std::string& id) {
             ApprovalRequest widened = *fixture.storage->find(id);
             widened.metadata["quorum"]["reviewers"].push_back("mallory");
             fixture.forger.change_quorum(widened);
             fixture.vote_beside_ada(id, "mallory", fixture.mallory);
         }},
        {"unsigned vote of ben, with an entry to match", "the vote of ben does not count: unsigned",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id);
             fixture.forger.decide_by_vote(id);
             fixture.forger.copy_vote(id, id, "ben");
             fixture.forger.sign_last_vote(id, "ben", std::nullopt);
         }},
        {"vote that a key of its own signs in the name of ben", "the vote of ben does not count: wrong key",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.vote_beside_ada(id, "ben", fixture.mallory);
         }},
        {"vote of its own, signed with a key that the policy does not list",
         "the vote of mallory is not one of its circle",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.vote_beside_ada(id, "mallory", fixture.mallory);
         }},
        {"vote of ada once more, with her name in capitals", "quorum: 1 of 2 approvals count",
         [](const ForgeryFixture& fixture, const std::string& id) {
             fixture.decide(fixture.ada, id);
             fixture.forger.decide_by_vote(id);
             fixture.forger.copy_vote(id, id, "ADA");
             fixture.forger.pretend_vote(id, "ADA");
         }},
    };
}

/// The last entry of the audit about `id`.
inline AuditEntry last_entry(Storage& storage, const std::string& id) {
    AuditQuery query;
    query.request_id = id;
    query.limit = 1;
    const AuditPage page = storage.audit(query);
    return page.entries.empty() ? AuditEntry{} : page.entries.front();
}

}  // namespace approvekit::testing
