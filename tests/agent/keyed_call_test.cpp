// Calls with an idempotency key, as the author of an agent sees them: they run once, even over a restart.
#include "approvekit/approvekit.hpp"

#include "agent/restarts.hpp"
#include "approvekit/reviewer_key.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace approvekit;
using namespace approvekit::testing::restarts;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("G3 a restarted agent that asks with the same key waits for the same request, and runs it once") {
    const Restarts restarts;
    const std::string id = restarts.left();
    const auto process = restarts.start();
    SECTION("approved after the restart") {
        PendingCall call = process->ask();
        CHECK(call.request_id() == id);
        CHECK_FALSE(call.ready());
        process->kit.approve(id);
        CHECK(call.ready());
        call.wait().executed(Json("paid 5"));
    }
    SECTION("approved before it") {
        process->kit.approve(id);
        PendingCall call = process->ask();
        CHECK(call.request_id() == id);
        CHECK(call.ready());
        call.wait().executed(Json("paid 5"));
    }
    process->storage->flush();
    const Refusal again = process->refusal();
    CHECK(again.code == ErrorCode::already_ran);
    CHECK(again.request_id == id);
    CHECK(again.text_for_model() ==
          "The call was not executed again: pay ran before under the same idempotency key; that "
          "run ended as executed: paid 5 (request " +
              id +
              "). Do not repeat the call: what it did stands. Go on from there, or ask the "
              "user.");
    CHECK(process->storage->list({.status = std::nullopt, .limit = 50, .cursor = ""}).requests.size() == 1);
}

TEST_CASE("a ticket with a key that is dropped leaves its request, and one that is cancelled ends it") {
    const Restarts restarts;
    const auto process = restarts.start();
    std::string id;
    SECTION("dropped") {
        id = process->ask().request_id();
        CHECK(process->found(id).awaits_agent);
        CHECK(process->ask().request_id() == id);
    }
    SECTION("cancelled") {
        PendingCall call = process->ask();
        id = call.request_id();
        call.cancel();
        CHECK(process->found(id).status == ApprovalStatus::cancelled);
        const PendingCall next = process->ask();
        CHECK(next.request_id() != id);
        CHECK(process->found(next.request_id()).metadata.at(asked_before_key) == id);
    }
}

TEST_CASE("G15 a request whose circle widens with time is taken over only by who can prove when it was made") {
    const Restarts restarts;
    PolicyRule rule{.tool = "pay", .require_approval = true, .timeout = std::chrono::seconds{60}, .reviewers = {"ada"}};
    const bool widens = GENERATE(true, false);
    const bool keeps_secret = GENERATE(true, false);
    if (widens) rule.escalate = PolicyEscalation{std::chrono::seconds{30}, {"bob"}};
    const auto kept = keeps_secret ? std::optional(restarts.secret) : std::nullopt;
    const auto first = restarts.start(Policy().add_rule(rule), kept);
    const std::string id = first->ask().request_id();
    first->storage->die();
    const auto second = restarts.start(Policy().add_rule(rule), kept);
    CHECK((second->ask().request_id() == id) == (keeps_secret || !widens));
}

TEST_CASE("other arguments or another tool under the key of a call are a conflict") {
    const Restarts restarts;
    const std::string id = restarts.left();
    const auto process = restarts.start();
    const Refusal other = process->refusal({{"to", "eve"}});
    CHECK(other.code == ErrorCode::key_conflict);
    CHECK_THAT(other.text_for_model(), ContainsSubstring("this key belongs to another call"));
    CHECK(process->refusal({{"to", "ana"}}, "note").code == ErrorCode::key_conflict);
    CHECK(process->found(id).status == ApprovalStatus::pending);
}

TEST_CASE("G3 a second agent that asks with the key of one that lives is refused") {
    const Restarts restarts;
    const auto first = restarts.start();
    const auto second = restarts.start();
    const PendingCall call = first->ask();
    CHECK(second->refusal().code == ErrorCode::key_in_use);
    CHECK(first->refusal().code == ErrorCode::key_in_use);
    CHECK_THAT(second->refusal().text_for_model(), ContainsSubstring("Do not repeat it now"));
}

TEST_CASE("a restarted agent is told that its call was rejected, timed out, or may have run") {
    const Restarts restarts;
    const std::string id = restarts.left();
    const auto process = restarts.start();
    SECTION("rejected") {
        process->kit.reject(id, {.notes = "not today", .reviewer = "bob"});
        const Refusal refusal = process->refusal();
        CHECK(refusal.code == ErrorCode::rejected);
        CHECK(refusal.reviewer == "bob");
        CHECK(refusal.notes == "not today");
    }
    SECTION("timed out") {
        restarts.clock->pass(std::chrono::seconds(61));
        CHECK(process->refusal().code == ErrorCode::timeout);
    }
    SECTION("unknown") {
        auto dying = restarts.start();
        PendingCall call = dying->ask();
        dying->kit.approve(id);
        const Permit permit = call.wait();
        dying->storage->die();
        const Refusal refusal = process->refusal();
        CHECK(refusal.code == ErrorCode::already_ran);
        CHECK_THAT(refusal.message, ContainsSubstring("ended as unknown"));
        CHECK_THAT(refusal.text_for_model(), ContainsSubstring("Do not repeat the call: find out what it did"));
    }
    SECTION("asked to stop") {
        PendingCall call = process->ask();
        process->kit.approve(id);
        std::stop_source stop;
        Permit permit = call.wait();
        const auto run = permit.stoppable(stop.get_token());
        permit.start({{"to", "ana"}});
        stop.request_stop();
        permit.executed();
        const Refusal refusal = process->refusal();
        CHECK_FALSE(refusal.ran_to_end);
        CHECK_THAT(refusal.message, ContainsSubstring("ended as executed: cancelled while running"));
        CHECK_THAT(refusal.text_for_model(), ContainsSubstring("Do not repeat the call: find out what it did"));
    }
    SECTION("failed") {
        PendingCall call = process->ask();
        process->kit.approve(id);
        call.wait().failed("no money");
        CHECK_THAT(process->refusal().message, ContainsSubstring("ended as failed: no money"));
    }
}

TEST_CASE("G2 hidden arguments are compared across a restart where the kit has a secret that stays") {
    const Restarts restarts;
    const Json arguments{{"to", "ana"}, {"pin", "4711"}};
    const std::string id = restarts.left(arguments, restarts.secret);
    SECTION("the same") {
        const auto process = restarts.start(policy_with(), restarts.secret);
        PendingCall call = process->ask(arguments);
        CHECK(call.request_id() == id);
        process->kit.approve(id);
        CHECK_NOTHROW(call.wait().start(arguments));
    }
    SECTION("others that look the same") {
        const auto process = restarts.start(policy_with(), restarts.secret);
        CHECK(process->refusal({{"to", "ana"}, {"pin", "4712"}}).code == ErrorCode::key_conflict);
    }
    SECTION("without the secret it is asked again, and the new request names the old one") {
        const auto process = restarts.start();
        const PendingCall call = process->ask(arguments);
        CHECK(call.request_id() != id);
        CHECK(process->found(call.request_id()).metadata.at(asked_before_key) == id);
        CHECK(process->found(id).status == ApprovalStatus::cancelled);
    }
}

TEST_CASE("G7 nothing in the record lets a hidden value of a call with a key be searched") {
    const Restarts restarts;
    const Json arguments{{"to", "ana"}, {"pin", "4711"}};
    const auto process = restarts.start();
    const PendingCall call = process->ask(arguments);
    const memory::State state = restarts.database->snapshot();
    REQUIRE(state.keys.size() == 1);
    CHECK_FALSE(state.keys.front()->commitment.secret_id.empty());
    CHECK_THROWS_AS(process->ask(arguments, {.idempotency_key = "pay with 4711"}), ArgumentsRefusedError);
    CHECK(restarts.database->snapshot().keys.size() == 1);
}

TEST_CASE("G2 what is not what the agent would submit itself is asked again instead of taken over") {
    const Restarts restarts;
    const std::string id =
        restarts.left({{"to", "ana"}}, std::nullopt, {.environment = "staging", .idempotency_key = "k-1"});
    Call call{.environment = "staging", .idempotency_key = "k-1"};
    Policy policy = policy_with();
    SECTION("another policy") {
        policy = policy_with("critical");
    }
    SECTION("another environment") {
        call.environment = "production";
    }
    SECTION("a higher risk") {
        call.risk_level = "high";
    }
    SECTION("a shorter time") {
        call.timeout = std::chrono::seconds(10);
    }
    const auto process = restarts.start(std::move(policy));
    process->kit.approve(id);
    const PendingCall next = process->ask({{"to", "ana"}}, call);
    CHECK(next.request_id() != id);
    CHECK(process->found(next.request_id()).status == ApprovalStatus::pending);
    CHECK(process->found(next.request_id()).metadata.at(asked_before_key) == id);
    CHECK(process->found(id).run == RunState::none);
    CHECK(process->storage->verify_audit().intact());
}

TEST_CASE("a model may word its reason differently after a restart") {
    const Restarts restarts;
    const std::string id = restarts.left({{"to", "ana"}}, std::nullopt,
                                         {.why = "it is due", .conversation = "c-1", .idempotency_key = "k-1"});
    const auto process = restarts.start();
    const PendingCall call =
        process->ask({{"to", "ana"}}, {.why = "the rent is due", .conversation = "c-2", .idempotency_key = "k-1"});
    CHECK(call.request_id() == id);
    CHECK(process->found(id).metadata.at(context_key).at("why") == "it is due");
}

TEST_CASE("G14 a signed approval still verifies after a take-over, and a forged request is not taken over") {
    const Restarts restarts;
    const ReviewerKey ana = ReviewerKey::generate("ana");
    Policy policy = policy_with();
    policy.set_reviewers({{"ana", ana.public_key()}});
    const Json arguments{{"to", "ana"}, {"pin", "4711"}};
    std::string id;
    {
        const auto process = restarts.start(policy, restarts.secret);
        const PendingCall call = process->ask(arguments);
        id = call.request_id();
        process->storage->die();
    }
    const auto process = restarts.start(policy, restarts.secret);
    Reviewer reviewer(process->storage, "ana", "terminal");
    reviewer.sign_with(std::make_shared<ReviewerKey>(ana));
    SECTION("as it was") {
        reviewer.approve(id, {.seen = process->found(id).view_digest});
        PendingCall call = process->ask(arguments);
        CHECK(call.request_id() == id);
        CHECK_NOTHROW(call.wait().start(arguments));
    }
    SECTION("with the commitment to other arguments, which show the same") {
        restarts.database->change([&](memory::State& state) {
            auto forged = std::make_shared<memory::BindingRow>(*state.bindings.at(id));
            forged->submitted.action_digest = std::string(64, 'a');
            forged->view_digest = view_digest(forged->submitted);
            state.bindings[id] = std::move(forged);
        });
        reviewer.approve(id, {.seen = process->found(id).view_digest});
        CHECK(process->ask(arguments).request_id() != id);
    }
}

TEST_CASE("G3 what the policy allows at once runs once under its key") {
    const Restarts restarts;
    const Call call{.idempotency_key = "k-1"};
    const auto process = restarts.start();
    SECTION("it ran") {
        process->ask({{"text", "a"}}, call, "note").wait().executed(Json("noted"));
        process->storage->flush();
        const Refusal again = restarts.start()->refusal({{"text", "a"}}, "note");
        CHECK(again.code == ErrorCode::already_ran);
        CHECK_THAT(again.message, ContainsSubstring("executed: noted"));
    }
    SECTION("its agent died") {
        const Permit permit = process->ask({{"text", "a"}}, call, "note").wait();
        process->storage->die();
        CHECK_THAT(restarts.start()->refusal({{"text", "a"}}, "note").message, ContainsSubstring("unknown"));
    }
    SECTION("it was given up before it started") {
        process->ask({{"text", "a"}}, call, "note").cancel();
        process->storage->flush();
        CHECK_NOTHROW(restarts.start()->ask({{"text", "a"}}, call, "note").wait().executed());
    }
    SECTION("with hidden arguments that cannot be compared") {
        process->ask({{"text", "a"}, {"pin", "4711"}}, call, "note").wait().executed();
        process->storage->flush();
        CHECK(restarts.start()->refusal({{"text", "a"}, {"pin", "4711"}}, "note").code == ErrorCode::already_ran);
    }
}

TEST_CASE("G3 an agent that was only stopped cannot start what another one took over") {
    const Restarts restarts;
    const auto stopped = restarts.start();
    PendingCall call = stopped->ask();
    stopped->storage->stop_showing_life();
    const auto process = restarts.start();
    PendingCall taken = process->ask();
    REQUIRE(taken.request_id() == call.request_id());
    process->kit.approve(taken.request_id());
    stopped->storage->show_life();
    CHECK_THROWS_AS(call.wait(), ApprovalCancelledError);
    CHECK_NOTHROW(taken.wait().executed());
    CHECK(process->storage->verify_audit().intact());
}

TEST_CASE("a call without a key leaves nothing for it behind, and ends with its agent") {
    const Restarts restarts;
    const std::string id = restarts.left({{"to", "ana"}}, std::nullopt, {});
    const auto process = restarts.start();
    process->storage->sweep();
    CHECK(process->found(id).status == ApprovalStatus::timeout);
    CHECK(restarts.database->snapshot().keys.empty());
}
