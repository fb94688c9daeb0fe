// Calls that a person granted when approving another one: they run at once, exactly as they were granted.
#include "approvekit/policy_explanation.hpp"
#include "approvekit/reviewer.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/failing_storage.hpp"
#include "support/guarding_agent.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

/// An agent whose tool "pay" is held. A reviewer may grant 3 more calls in an hour that differ in their amount.
struct Granting : ScratchDatabase {
    explicit Granting(const std::string& more = "", const std::string& secret = "")
        : kit(policy_with(more), storage, options(secret)) {}

    static Policy policy_with(const std::string& more) {
        return Policy::from_yaml_text(
            "rules: [{tool: pay, require_approval: true, timeout: 30s, allow_edit: [args.note], " + more +
            "grants: {uses: 3, for: 1h, bounds: [args.amount, args.to]}}]\n");
    }
    static ApproveKit::Options options(const std::string& secret = "", const std::string& name = "clerk") {
        ApproveKit::Options options;
        options.agent = name;
        if (!secret.empty()) options.secret = AgentSecret::from_text(secret);
        return options;
    }
    static Json payment(int amount, const std::string& to = "ada", const std::string& pin = "1234") {
        return {{"amount", amount}, {"to", to}, {"note", "rent"}, {"pin", pin}};
    }
    static GrantTerms terms(std::int64_t uses) {
        GrantTerms terms;
        terms.uses = uses;
        terms.lasts = 1h;
        return terms;
    }

    /// Makes a payment that is approved, with this grant. Returns its id.
    std::string approved(const GrantTerms& terms, const Json& arguments = payment(5), const Json& edits = nullptr) {
        PendingCall call = kit.submit("pay", arguments);
        std::string id = call.request_id();
        Reviewer(storage, "ann", "terminal").approve(id, {.edits = edits, .grant = terms});
        call.wait().executed();
        return id;
    }
    /// Whether it runs without a question. A call that waits is given up.
    [[nodiscard]] static bool runs(const ApproveKit& by, const Json& arguments) {
        PendingCall call = by.submit("pay", arguments);
        if (!call.request_id().empty()) return false;
        call.wait().executed();
        return true;
    }
    [[nodiscard]] bool runs(const Json& arguments) const { return runs(kit, arguments); }
    /// What the reviewer reads about a grant that does not count.
    [[nodiscard]] static std::string told(const ApproveKit& by, const Json& arguments) {
        const PendingCall call = by.submit("pay", arguments);
        const auto request = by.storage().find(call.request_id());
        return request->metadata.value("grant", Json::object()).value("does_not_count", "");
    }
    [[nodiscard]] bool is_intact() const {
        storage->flush();
        return storage->verify_audit().intact();
    }

    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path, shared_with_others());
    ApproveKit kit;
};

/// Counts the starts for which a grant had no room.
struct StartCounter final : approvekit::testing::FailingStorage {
    StartCounter() : FailingStorage(std::make_shared<SystemClock>()) {}

    using FailingStorage::record_intent;
    [[nodiscard]] std::string record_intent(const Intent& intent) override {
        std::string entry = FailingStorage::record_intent(intent);
        if (entry.empty()) ++in_vain;
        return entry;
    }

    int in_vain = 0;
};

}  // namespace

TEST_CASE("G17 calls with exactly the granted arguments run at once, as often as was granted") {
    Granting agent;
    const std::string id = agent.approved(Granting::terms(2));
    CHECK_FALSE(agent.runs(Granting::payment(6)));
    CHECK_FALSE(agent.runs(Granting::payment(5, "eve")));
    Json more = Granting::payment(5);
    more["cc"] = "eve";
    CHECK_FALSE(agent.runs(more));
    Permit permit = agent.kit.admit("pay", Granting::payment(5));
    CHECK(permit.grant() == id);
    permit.executed();
    CHECK(agent.runs(Granting::payment(5)));
    CHECK_FALSE(agent.runs(Granting::payment(5)));
    CHECK(agent.storage->grants(GrantList::all).at(0).used == 2);
    CHECK(agent.is_intact());
}

TEST_CASE("G17 a grant without room is tried once where another one covers the calls too") {
    const auto storage = std::make_shared<StartCounter>();
    const ApproveKit kit(Granting::policy_with(""), storage, Granting::options());
    const auto approve = [&](const Json& arguments, const GrantTerms& terms) {
        PendingCall call = kit.submit("pay", arguments);
        Reviewer(storage, "ann", "terminal").approve(call.request_id(), {.grant = terms});
        call.wait().executed();
    };
    approve(Granting::payment(5), Granting::terms(1));
    GrantTerms any_amount = Granting::terms(3);
    any_amount.free = {"args.amount"};
    approve(Granting::payment(6), any_amount);
    CHECK_FALSE(Granting::runs(kit, Granting::payment(5, "eve")));  // looks for grants, and finds both
    for (int use = 0; use < 4; ++use)
        CHECK(Granting::runs(kit, Granting::payment(5)));
    CHECK(storage->in_vain == 1);
}

TEST_CASE("G17 an argument that was granted free may be anything, and one within bounds only that") {
    Granting agent;
    GrantTerms terms = Granting::terms(3);
    terms.free = {"args.to"};
    terms.bounds = {{"args.amount", {{"gte", 0}, {"lte", 10}}}};
    agent.approved(terms);
    CHECK(agent.runs(Granting::payment(10, "bob")));
    CHECK_FALSE(agent.runs(Granting::payment(11, "bob")));
    CHECK_FALSE(agent.runs(Granting::payment(-1, "bob")));
    Json without = Granting::payment(7);
    without.erase("to");
    CHECK_FALSE(agent.runs(without));
    Json text = Granting::payment(7);
    text["amount"] = "7";
    CHECK_FALSE(agent.runs(text));
    Json noted = Granting::payment(7);
    noted["note"] = "a loan";
    CHECK_FALSE(agent.runs(noted));
    CHECK(agent.runs(Granting::payment(0, "cy")));
    CHECK(agent.is_intact());
}

TEST_CASE("G16 G17 a grant with an edit counts for the arguments as they were edited") {
    Granting agent;
    agent.approved(Granting::terms(3), Granting::payment(5), {{"args.note", "rent of May"}});
    CHECK_FALSE(agent.runs(Granting::payment(5)));
    Json edited = Granting::payment(5);
    edited["note"] = "rent of May";
    CHECK(agent.runs(edited));
    CHECK(agent.is_intact());
}

TEST_CASE("G17 a grant counts for the agent with that name, in another process too, and for no other") {
    Granting agent;
    agent.approved(Granting::terms(3));
    const auto opened = std::make_shared<SqliteStorage>(agent.path, shared_with_others());
    CHECK(Granting::runs(ApproveKit(Granting::policy_with(""), opened, Granting::options()), Granting::payment(5)));
    const ApproveKit other(Granting::policy_with(""), opened, Granting::options("", "another"));
    CHECK_FALSE(Granting::runs(other, Granting::payment(5)));
}

TEST_CASE("G7 G17 hidden arguments are compared under the secret of the agent, and never without it") {
    const std::string hides = "redact_fields: [pin], ";
    const std::string secret = "a secret that nobody can guess, 32 bytes";
    Granting agent(hides, secret);
    agent.approved(Granting::terms(3));
    CHECK(agent.runs(Granting::payment(5)));
    CHECK_FALSE(agent.runs(Granting::payment(5, "ada", "9999")));
    CHECK(Granting::told(agent.kit, Granting::payment(5, "ada", "9999")) ==
          "what is hidden of its arguments is something else");
    const Policy policy = Granting::policy_with(hides);
    CHECK(Granting::runs(ApproveKit(policy, agent.storage, Granting::options(secret)), Granting::payment(5)));
    const ApproveKit stranger(policy, agent.storage, Granting::options("another secret, which has 32 bytes too"));
    CHECK_THAT(Granting::told(stranger, Granting::payment(5)), ContainsSubstring("cannot be compared"));
    const ApproveKit without(policy, agent.storage, Granting::options());
    CHECK_THAT(Granting::told(without, Granting::payment(5)), ContainsSubstring("cannot be compared"));
    Json disguised = Granting::payment(5);
    disguised["pin"] = "[REDACTED]";
    CHECK_FALSE(agent.runs(disguised));
    CHECK(agent.is_intact());
}

TEST_CASE("G17 a grant for longer than time can be counted is refused, and one for less than none") {
    Granting agent;
    PendingCall call = agent.kit.submit("pay", Granting::payment(5));
    for (const auto lasts : {std::chrono::seconds::max(), std::chrono::seconds::min()}) {
        GrantTerms terms = Granting::terms(3);
        terms.lasts = lasts;
        CHECK(error_code_of([&] {
                  Reviewer(agent.storage, "ann", "terminal").approve(call.request_id(), {.grant = terms});
              }) == ErrorCode::invalid_grant);
    }
    call.cancel();
}

TEST_CASE("G7 G17 what is hidden of an argument is not held against a bound") {
    const std::string secret = "a secret that nobody can guess, 32 bytes";
    Granting agent("redact_fields: [to], ", secret);
    GrantTerms terms = Granting::terms(3);
    terms.bounds = {{"args.to", {{"in", {"ada", "bob"}}}}};
    PendingCall call = agent.kit.submit("pay", Granting::payment(5));
    CHECK(error_code_of([&] {
              Reviewer(agent.storage, "ann", "terminal").approve(call.request_id(), {.grant = terms});
          }) == ErrorCode::invalid_grant);
    call.cancel();
    terms.bounds = Json::object();
    agent.approved(terms);
    CHECK_THAT(Granting::told(agent.kit, Granting::payment(5)), ContainsSubstring("since it may differ or be edited"));
    terms.free = {"args.to"};
    agent.approved(terms);
    CHECK(agent.runs(Granting::payment(5, "whoever")));
}

TEST_CASE("G7 G17 what a hidden argument contains must be the same, whatever of it the rule lets differ") {
    const std::string secret = "a secret that nobody can guess, 32 bytes";
    const Granting agent;
    const ApproveKit kit(
        Policy::from_yaml_text("rules: [{tool: pay, require_approval: true, timeout: 30s, redact_fields: [to], "
                               "allow_edit: [args.to.note], grants: {uses: 9, for: 1h, bounds: [args.to.account]}}]\n"),
        agent.storage, Granting::options(secret));
    const auto payment_to = [](const Json& person) {
        Json arguments = Granting::payment(5);
        arguments["to"] = person;
        return arguments;
    };
    PendingCall call = kit.submit("pay", payment_to({{"account", "A"}, {"note", "rent"}}));
    Reviewer(agent.storage, "ann", "terminal").approve(call.request_id(), {.grant = Granting::terms(9)});
    call.wait().executed();
    CHECK(Granting::runs(kit, payment_to({{"account", "A"}, {"note", "rent"}})));
    CHECK_FALSE(Granting::runs(kit, payment_to({{"account", "B"}, {"note", "rent"}})));
    CHECK_FALSE(Granting::runs(kit, payment_to({{"account", nullptr}, {"note", "rent"}})));
    CHECK_FALSE(Granting::runs(kit, payment_to({{"account", "A"}, {"note", "gift"}})));
    CHECK_FALSE(Granting::runs(kit, payment_to({{"account", "A"}})));
    CHECK_FALSE(Granting::runs(kit, payment_to("[REDACTED]")));
}

TEST_CASE("G17 a ticket that a grant allowed does not start once that is revoked") {
    Granting agent;
    const std::string id = agent.approved(Granting::terms(3));
    PendingCall ticket = agent.kit.submit("pay", Granting::payment(5));
    REQUIRE(ticket.request_id().empty());
    Reviewer(agent.storage, "bob", "terminal").revoke(id.substr(0, 8));
    try {
        static_cast<void>(ticket.wait());
        FAIL("started");
    } catch (const ApprovalCancelledError& error) {
        CHECK_THAT(error.what(), ContainsSubstring("was revoked by bob"));
    }
    CHECK_FALSE(agent.runs(Granting::payment(5)));
    CHECK(agent.is_intact());
}

TEST_CASE("G17 a policy that denies, or whose rule says something else, wins over a grant") {
    Granting agent;
    agent.approved(Granting::terms(3));
    agent.kit.reload(Policy::from_yaml_text("rules: [{tool: pay, deny: not any more}]\n"));
    CHECK_THROWS_AS(agent.kit.submit("pay", Granting::payment(5)), PolicyDeniedError);
    agent.kit.reload(Granting::policy_with("risk_level: high, "));
    CHECK(Granting::told(agent.kit, Granting::payment(5)) ==
          "it was given under another rule, or what the rule says has changed since");
    agent.kit.reload(Granting::policy_with("reviewers: [bob], "));
    CHECK_FALSE(agent.runs(Granting::payment(5)));
    agent.kit.reload(Granting::policy_with("limit: {calls: 50, per: 1h, beyond: deny}, "));
    CHECK(Granting::told(agent.kit, Granting::payment(5)) == "the policy has changed since it was given");
    agent.kit.reload(Granting::policy_with(""));
    CHECK(agent.runs(Granting::payment(5)));
}

TEST_CASE("G15 G17 nobody grants calls that are made for them, where whoever asks has no vote") {
    Granting agent("not_requester: true, ");
    const ApproveKit for_cy = agent.kit.with(Call{.requested_by = "cy"});
    PendingCall call = for_cy.submit("pay", Granting::payment(5));
    Reviewer(agent.storage, "ann", "terminal").approve(call.request_id(), {.grant = Granting::terms(3)});
    call.wait().executed();
    CHECK(Granting::runs(for_cy, Granting::payment(5)));
    CHECK_THAT(Granting::told(agent.kit.with(Call{.requested_by = "ann"}), Granting::payment(5)),
               ContainsSubstring("ann, who granted it, has no vote on this call"));
}

TEST_CASE("G17 a call with a key runs by a grant once") {
    Granting agent;
    agent.approved(Granting::terms(3));
    const ApproveKit keyed = agent.kit.with(Call{.idempotency_key = "payment of May"});
    keyed.admit("pay", Granting::payment(5)).executed();
    CHECK_THROWS_AS(keyed.admit("pay", Granting::payment(5)), AlreadyRanError);
    CHECK(agent.storage->grants(GrantList::all).at(0).used == 1);
    CHECK(agent.is_intact());
}

TEST_CASE("G17 a limit that denies wins over a grant") {
    Granting agent("limit: {calls: 2, per: 1h, beyond: deny}, ");
    agent.approved(Granting::terms(3));
    CHECK(agent.runs(Granting::payment(5)));
    CHECK_THROWS_AS(agent.kit.submit("pay", Granting::payment(5)), LimitReachedError);
    CHECK(agent.storage->grants(GrantList::all).at(0).used == 1);
    CHECK(agent.is_intact());
}

TEST_CASE("G17 an explanation says which grants cover a call") {
    Granting agent;
    const std::string id = agent.approved(Granting::terms(3));
    const Json nothing = Json::object();
    const auto explained = [&](const Json& arguments) {
        const CallFacts facts{.arguments = arguments,
                              .context = nothing,
                              .agent = "clerk",
                              .environment = {},
                              .time = SystemClock().now()};
        const Policy policy = Granting::policy_with("");
        PolicyExplanation why = policy.explain("pay", facts);
        explain_grants(why, policy, facts, *agent.storage);
        return why;
    };
    const PolicyExplanation covered = explained(Granting::payment(5));
    REQUIRE(covered.grants);
    REQUIRE(covered.grants->size() == 1);
    CHECK(covered.grants->front().covers);
    CHECK(covered.grants->front().left == 3);
    CHECK_THAT(covered.text(), ContainsSubstring("grant " + id + " of ann covers it"));
    CHECK_THAT(explained(Granting::payment(6)).text(), ContainsSubstring("its arguments are others"));
}
