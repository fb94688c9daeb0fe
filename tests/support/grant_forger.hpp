#pragma once

#include "approvekit/approvekit.hpp"
#include "support/forger.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::testing {

struct GrantAttack;

/// An agent whose policy lists two reviewers, who sign and may grant; and a forger beside it.
class GrantForgeryFixture {
public:
    explicit GrantForgeryFixture(const std::filesystem::path& database)
        : storage(std::make_shared<SqliteStorage>(database, shared_with_others())),
          kit(policy_of({&ada, &ben}), storage, options()),
          forger(database),
          path_(database) {}

    static Policy policy_of(const std::vector<const ReviewerKey*>& keys) {
        PolicyRule rule;
        rule.tool = "transfer";
        rule.require_approval = true;
        rule.timeout = std::chrono::minutes(1);
        rule.grants = PolicyGrants{.uses = 5, .lasts = std::chrono::hours(8), .bounds = {"args.amount", "args.to"}};
        std::vector<TrustedReviewer> reviewers;
        for (const ReviewerKey* const key : keys)
            reviewers.push_back({key->name(), key->public_key()});
        return Policy().add_rule(std::move(rule)).set_reviewers(std::move(reviewers));
    }
    static ApproveKit::Options options() {
        ApproveKit::Options options;
        options.agent = "clerk";
        return options;
    }
    [[nodiscard]] static Json transfer(int amount, const std::string& to = "ben") {
        return {{"amount", amount}, {"to", to}};
    }

    /// Approves the waiting request as the owner of `key` does, and grants the next three calls within bounds of 10, or
    /// nothing.
    void approve(const ReviewerKey& key, const std::string& id, bool grants = true) const {
        Reviewer reviewer(storage, key.name(), "terminal");
        reviewer.sign_with(std::make_shared<ReviewerKey>(key));
        ReviewerAnswer answer{.seen = reviewer.find(id).view_digest};
        if (grants) {
            answer.grant.emplace();
            answer.grant->uses = 3;
            answer.grant->lasts = std::chrono::hours(1);
            answer.grant->bounds = {{"args.amount", {{"gte", 0}, {"lte", 10}}}};
        }
        static_cast<void>(reviewer.approve(id, answer));
    }
    /// A transfer of 5 that ada approved with a grant. Returns its id.
    [[nodiscard]] std::string granted() const { return approved(ada, true); }
    [[nodiscard]] std::string approved(const ReviewerKey& key, bool grants) const {
        PendingCall call = kit.submit("transfer", transfer(5));
        std::string id = call.request_id();
        approve(key, id, grants);
        call.wait().executed();
        return id;
    }

    [[nodiscard]] bool runs(const Json& arguments) const { return runs(kit, arguments); }
    /// The same for an agent that starts only now.
    [[nodiscard]] bool runs_at_new_agent(const Json& arguments) const {
        const auto opened = std::make_shared<SqliteStorage>(path_, shared_with_others());
        return runs(ApproveKit(policy_of({&ada, &ben}), opened, options()), arguments);
    }
    [[nodiscard]] Json wanted(const GrantAttack& attack) const;

    /// What the reviewer of such a call reads about a grant that does not count.
    [[nodiscard]] std::string told(const Json& arguments) const {
        const PendingCall call = kit.submit("transfer", arguments);
        if (call.request_id().empty()) return "it ran";
        return storage->find(call.request_id())->metadata.value("grant", Json::object()).value("does_not_count", "");
    }
    [[nodiscard]] AuditReport report() const {
        storage->flush();
        return storage->verify_audit();
    }
    [[nodiscard]] std::string fault() const {
        const AuditReport found = report();
        return found.intact() ? "" : found.fault->what;
    }
    /// Changes what the entry of the approval says.
    void rewrite_entry(const std::string& id, const std::string& from, const std::string& to) const {
        forger.run(
            "UPDATE audit_log SET metadata = replace(metadata, ?, ?) WHERE request_id = ? AND decision = 'approved'",
            {from, to, id});
    }
    /// Makes the record say that the approval of `to` has the grant of `from`.
    void copy_grant(const std::string& from, const std::string& to) const {
        forger.run(
            "UPDATE audit_log SET metadata = json_set(metadata, '$.granted', (SELECT json_extract(metadata, "
            "'$.granted') FROM audit_log WHERE request_id = ? AND decision = 'approved')) WHERE request_id = ? AND "
            "decision = 'approved'",
            {from, to});
        forger.run("UPDATE approvekit_grants SET request_id = ? WHERE request_id = ?", {to, from});
    }

    ReviewerKey ada = ReviewerKey::generate("ada");
    ReviewerKey ben = ReviewerKey::generate("ben");
    ReviewerKey mallory = ReviewerKey::generate("mallory");
    std::shared_ptr<SqliteStorage> storage;
    ApproveKit kit;
    Forger forger;

private:
    static bool runs(const ApproveKit& by, const Json& arguments) {
        PendingCall call = by.submit("transfer", arguments);
        if (!call.request_id().empty()) return false;
        call.wait().executed();
        return true;
    }

    std::filesystem::path path_;
};

/// One way to start calls by a grant that nobody gave like this.
struct GrantAttack {
    std::string name;
    std::string told_as;  ///< what a reviewer of the call then reads; empty if nothing about the grant
    int amount = 5;       ///< the amount that the call wants
    std::string to = "ben";
    void (*run)(const GrantForgeryFixture& fixture, const std::string& id);
};

inline Json GrantForgeryFixture::wanted(const GrantAttack& attack) const {
    return transfer(attack.amount, attack.to);
}

inline std::vector<GrantAttack> grant_attacks() {
    return {
        {"uses raised in the entry, as far as the rule goes", "untrusted grant: grant changed", 5, "ben",
         [](const GrantForgeryFixture& fixture, const std::string& id) {
             fixture.rewrite_entry(id, R"("uses":3)", R"("uses":5)");
         }},
        {"uses raised beyond the rule", "", 5, "ben",
         [](const GrantForgeryFixture& fixture, const std::string& id) {
             fixture.rewrite_entry(id, R"("uses":3)", R"("uses":50)");
         }},
        {"time made longer, as far as the rule goes", "untrusted grant: grant changed", 5, "ben",
         [](const GrantForgeryFixture& fixture, const std::string& id) {
             fixture.rewrite_entry(id, R"("for":3600)", R"("for":7200)");
         }},
        {"bounds widened", "untrusted grant: grant changed", 9000, "ben",
         [](const GrantForgeryFixture& fixture, const std::string& id) {
             fixture.rewrite_entry(id, R"("lte":10)", R"("lte":9000)");
         }},
        {"an argument set free", "untrusted grant: grant changed", 5, "mallory",
         [](const GrantForgeryFixture& fixture, const std::string& id) {
             fixture.rewrite_entry(id, R"("granted":{)", R"("granted":{"free":["args.to"],)");
         }},
        {"arguments of the approved request changed", "", 5, "mallory",
         [](const GrantForgeryFixture& fixture, const std::string& id) {
             ApprovalRequest other = *fixture.storage->find(id);
             other.tool_args["to"] = "mallory";
             fixture.forger.disguise(other);
         }},
        {"grant moved to another approved request", "untrusted grant: grant changed", 5, "ben",
         [](const GrantForgeryFixture& fixture, const std::string& id) {
             fixture.storage->revoke(id, "ada", "web");
             PendingCall call = fixture.kit.submit("transfer", GrantForgeryFixture::transfer(5));
             const std::string other = call.request_id();
             fixture.approve(fixture.ben, other, false);
             call.wait().executed();
             fixture.copy_grant(id, other);
             fixture.forger.run(
                 "UPDATE approvekit_grants SET revoked_at = NULL, revoked_by = NULL, revoked_way = NULL");
         }},
        {"signature taken away", "untrusted grant: unsigned", 5, "ben",
         [](const GrantForgeryFixture& fixture, const std::string& id) {
             fixture.forger.run(
                 "UPDATE approvekit_decisions SET key_id = NULL, statement = NULL, signature = NULL WHERE request_id = "
                 "?",
                 {id});
             fixture.forger.run("UPDATE approvekit_audit SET is_signed = 0 WHERE request_id = ?", {id});
         }},
        {"granted by nobody whom the policy lists", "untrusted grant: unknown reviewer", 5, "ben",
         [](const GrantForgeryFixture& fixture, const std::string& id) {
             fixture.forger.run("UPDATE approvekit_decisions SET reviewer = 'mallory' WHERE request_id = ?", {id});
             fixture.forger.run("UPDATE approvekit_audit SET reviewer = 'mallory' WHERE request_id = ?", {id});
         }},
        {"rejected afterwards by another program", "", 5, "ben",
         [](const GrantForgeryFixture& fixture, const std::string& id) { fixture.forger.set_status(id, "rejected"); }},
    };
}

}  // namespace approvekit::testing
