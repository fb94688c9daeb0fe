// A restarted agent with tickets, storages and forgers that get in its way.
#include "agent/restarts.hpp"
#include "approvekit/reviewer_key.hpp"
#include "support/eventually.hpp"
#include "support/failing_storage.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

using namespace approvekit;
using namespace approvekit::testing::restarts;

namespace {

const Json to_ana{{"to", "ana"}};

/// Acts as a program that can write the record: makes the request show something else, with the digest that fits.
void forge(const Restarts& restarts, const std::string& id, const std::function<void(ApprovalRequest&)>& change) {
    restarts.database->change([&](memory::State& state) {
        auto forged = std::make_shared<memory::BindingRow>(*state.bindings.at(id));
        ApprovalRequest& submitted = forged->submitted;
        change(submitted);
        memory::RequestRow& row = state.requests.at(id);
        row.metadata = forged->copy.metadata = submitted.metadata.dump();
        row.created_at = forged->copy.created_at = to_text(submitted.created_at);
        forged->view_digest = view_digest(submitted);
        state.bindings[id] = std::move(forged);
    });
}

/// A storage that does something else right after a release, and cannot be subscribed to.
struct BusyStorage : testing::FailingStorage {
    using FailingStorage::FailingStorage;
    void release(std::string_view request_id) override {
        FailingStorage::release(request_id);
        if (then) std::exchange(then, nullptr)();
    }
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) override {
        if (is_deaf) throw StorageError(ErrorCode::storage_io, "nobody is told of changes");
        return FailingStorage::subscribe(std::move(listener));
    }
    std::function<void()> then;
    bool is_deaf = false;
};

/// A storage by somebody else that gives the same answer to every call.
struct OddStorage : testing::FailingStorage {
    using FailingStorage::submit;
    [[nodiscard]] KeyedAnswer submit(const ApprovalRequest&, const KeyedCall&) override {
        ++asked;
        return answer;
    }
    KeyedAnswer answer;
    int asked = 0;
};

ApproveKit kit_at(const std::shared_ptr<testing::FailingStorage>& storage,
                  const std::shared_ptr<testing::ManualClock>& clock) {
    ApproveKit::Options options;
    options.clock = clock;
    return ApproveKit(policy_with(), storage, options).with({.idempotency_key = "k-1"});
}

}  // namespace

TEST_CASE("G2 G14 what reviewers signed is taken over only as an agent wrote it") {
    const Restarts restarts;
    const bool has_secret = GENERATE(true, false);
    CAPTURE(has_secret);
    const auto secret = has_secret ? std::optional(restarts.secret) : std::nullopt;
    const ReviewerKey ana = ReviewerKey::generate("ana");
    Policy policy = policy_with();
    policy.set_reviewers({{"ana", ana.public_key()}});
    const Call call{.why = "it is due", .conversation = "c-1", .idempotency_key = "k-1"};
    std::string id;
    {
        const auto process = restarts.start(policy, secret);
        const PendingCall pending = process->ask(to_ana, call);
        id = pending.request_id();
        process->storage->die();
    }
    std::function<void(ApprovalRequest&)> change;
    bool is_forged = true;
    SECTION("as it was") {
        is_forged = false;
    }
    SECTION("another reason") {
        change = [](ApprovalRequest& request) { request.metadata[context_key]["why"] = "the owner said so"; };
    }
    SECTION("another conversation") {
        change = [](ApprovalRequest& request) { request.metadata[context_key]["conversation"] = "c-2"; };
    }
    SECTION("another agent") {
        change = [](ApprovalRequest& request) { request.agent = "the owner's own agent"; };
    }
    SECTION("another time") {
        change = [](ApprovalRequest& request) { request.created_at -= std::chrono::hours(24); };
    }
    SECTION("an earlier request") {
        change = [](ApprovalRequest& request) { request.metadata[asked_before_key] = "approved by the owner"; };
    }
    if (change) forge(restarts, id, change);
    const auto process = restarts.start(policy, secret);
    Reviewer reviewer(process->storage, "ana", "terminal");
    reviewer.sign_with(std::make_shared<ReviewerKey>(ana));
    reviewer.approve(id, {.seen = process->found(id).view_digest});
    PendingCall pending = process->ask(to_ana, call);
    CHECK((pending.request_id() != id) == is_forged);
    if (is_forged) {
        CHECK(process->found(id).run == RunState::none);
        CHECK_FALSE(pending.ready());
    } else {
        CHECK_NOTHROW(pending.wait().start(to_ana));
    }
}

TEST_CASE("G14 where reviewers sign, another reason is taken over with a secret that stays alone") {
    const Restarts restarts;
    const bool has_secret = GENERATE(true, false);
    const auto secret = has_secret ? std::optional(restarts.secret) : std::nullopt;
    Policy policy = policy_with();
    policy.set_reviewers({{"ana", ReviewerKey::generate("ana").public_key()}});
    std::string id;
    {
        const auto process = restarts.start(policy, secret);
        const PendingCall pending = process->ask(to_ana, {.why = "it is due", .idempotency_key = "k-1"});
        id = pending.request_id();
        process->storage->die();
    }
    const auto process = restarts.start(policy, secret);
    const PendingCall pending = process->ask(to_ana, {.why = "the rent is due", .idempotency_key = "k-1"});
    CHECK((pending.request_id() == id) == has_secret);
}

TEST_CASE("a call that is stopped leaves its request, or its approval, to whoever asks again") {
    const Restarts restarts;
    const auto process = restarts.start();
    PendingCall call = process->ask();
    const std::string id = call.request_id();
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(call.wait(stop.get_token()), ApprovalCancelledError);
    CHECK_THROWS_AS(call.wait(), ApprovalCancelledError);
    CHECK(process->found(id).status == ApprovalStatus::pending);
    CHECK(process->found(id).awaits_agent);
    const bool approved_before = GENERATE(true, false);
    if (approved_before) process->kit.approve(id);
    PendingCall next = process->ask();
    CHECK(next.request_id() == id);
    if (!approved_before) process->kit.approve(id);
    CHECK_NOTHROW(next.wait().executed());
}

TEST_CASE("a call without a key that is stopped ends its request") {
    const Restarts restarts;
    const auto process = restarts.start();
    PendingCall call = process->ask(to_ana, {});
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(call.wait(stop.get_token()), ApprovalCancelledError);
    CHECK(process->found(call.request_id()).status == ApprovalStatus::cancelled);
}

TEST_CASE("an agent that asks again within the drop of its own ticket hears of the decision") {
    const auto clock = std::make_shared<testing::ManualClock>();
    const auto storage = std::make_shared<BusyStorage>(clock);
    const ApproveKit kit = kit_at(storage, clock);
    std::optional<PendingCall> next;
    {
        const PendingCall first = kit.submit("pay", to_ana);
        storage->then = [&] { next = kit.submit("pay", to_ana); };
    }
    REQUIRE(next);
    CHECK_FALSE(next->ready());
    kit.approve(next->request_id());
    CHECK(next->ready());
}

TEST_CASE("what fails once the request is on record leaves it to whoever asks next") {
    const auto clock = std::make_shared<testing::ManualClock>();
    const auto storage = std::make_shared<BusyStorage>(clock);
    const ApproveKit kit = kit_at(storage, clock);
    storage->is_deaf = true;
    CHECK_THROWS_AS(kit.submit("pay", to_ana), StorageError);
    const auto waiting = storage->list({}).requests;
    REQUIRE(waiting.size() == 1);
    CHECK(waiting.front().awaits_agent);
    storage->is_deaf = false;
    CHECK(kit.submit("pay", to_ana).request_id() == waiting.front().id);
}

TEST_CASE("G6 an approved call with a key whose parent came to nothing is over, and can be asked for anew") {
    const Restarts restarts;
    const auto process = restarts.start();
    const PendingCall parent = process->ask({{"to", "bob"}}, {});
    const Call child{.idempotency_key = "k-1", .parent = parent.request_id()};
    PendingCall call = process->ask({{"to", "ana"}}, child);
    process->kit.approve(call.request_id());
    process->kit.reject(parent.request_id());
    CHECK_THROWS_AS(call.wait(), ApprovalCancelledError);
    CHECK_FALSE(process->found(call.request_id()).start_by);
    CHECK(process->ask().request_id() != call.request_id());
}

TEST_CASE("a cancelled ticket of a call with a key stays cancelled when the record cannot be written at once") {
    const Restarts restarts;
    const auto process = restarts.start();
    std::optional<PendingCall> call = process->ask();
    const std::string id = call->request_id();
    restarts.database->fail_with(ErrorCode::storage_busy);
    CHECK_THROWS_AS(call->cancel(), StorageError);
    restarts.database->fail_with(std::nullopt);
    SECTION("and is dropped") {
        call.reset();
    }
    SECTION("and is asked all the same") {
        CHECK_THROWS_AS(call->wait(), ApprovalCancelledError);
    }
    CHECK(process->found(id).status == ApprovalStatus::cancelled);
}

TEST_CASE("of two tickets of one agent for one request the later one waits, and the earlier one is over") {
    const Restarts restarts;
    const auto process = restarts.start();
    std::optional<PendingCall> first = process->ask();
    process->storage->stop_showing_life();
    restarts.start()->storage->sweep();
    process->storage->show_life();
    PendingCall later = process->ask();
    REQUIRE(later.request_id() == first->request_id());
    SECTION("asked") {
        CHECK(first->ready());
        CHECK_THROWS_AS(first->wait(), ApprovalCancelledError);
    }
    SECTION("waited for by a listener") {
        int calls = 0;
        first->on_decided([&] { ++calls; });
        CHECK(calls == 1);
    }
    SECTION("waited for until some time") {
        CHECK(first->wait_until(std::chrono::steady_clock::now()));
        CHECK(first->wait_until(std::chrono::steady_clock::now()));
        CHECK(first->ready());
    }
    SECTION("waited for with others") {
        const std::array<const PendingCall*, 1> calls{&*first};
        CHECK(detail::wait_any(calls, {}) == 0);
    }
    SECTION("cancelled") {
        first->cancel();
    }
    SECTION("dropped") {}
    first.reset();
    CHECK(process->found(later.request_id()).status == ApprovalStatus::pending);
    CHECK_FALSE(process->found(later.request_id()).awaits_agent);
    process->kit.approve(later.request_id());
    CHECK(later.ready());
    CHECK_NOTHROW(later.wait().executed());
}

TEST_CASE("G7 a key that holds a hidden value is refused, however short that is") {
    const Restarts restarts;
    const auto process = restarts.start();
    const Json arguments = GENERATE(Json{{"to", "ana"}, {"pin", "47"}}, Json{{"to", "ana"}, {"pin", 47}},
                                    Json{{"to", "ana"}, {"pin", {{"first", 47}}}});
    const std::string tool = GENERATE("pay", "note");
    const auto ask = [&](const std::string& key) {
        static_cast<void>(process->ask(arguments, {.idempotency_key = key}, tool));
    };
    CHECK_THROWS_AS(ask("pay47x"), ArgumentsRefusedError);
    CHECK_THROWS_AS(ask("47"), ArgumentsRefusedError);
    CHECK(restarts.database->snapshot().keys.empty());
    CHECK_NOTHROW(ask("pay74x"));
}

TEST_CASE("an answer of a storage that does not say what to go on with runs nothing") {
    const auto clock = std::make_shared<testing::ManualClock>();
    const auto storage = std::make_shared<OddStorage>();
    const ApproveKit kit = kit_at(storage, clock);
    const auto ask = [&] { static_cast<void>(kit.submit("pay", to_ana)); };
    SECTION("ended, and not how") {
        storage->answer.kind = KeyedAnswer::Kind::ended;
        CHECK_THROWS_AS(ask(), StorageError);
    }
    SECTION("taken over, and not what") {
        storage->answer.kind = KeyedAnswer::Kind::taken_over;
        CHECK_THROWS_AS(ask(), StorageError);
    }
    SECTION("to be asked again, for ever") {
        storage->answer.kind = KeyedAnswer::Kind::ask_again;
        CHECK_THROWS_AS(ask(), KeyInUseError);
        CHECK(storage->asked < 100);
    }
}

TEST_CASE("G3 a ticket whose cancelling could not be written starts nothing when it is claimed ahead") {
    const Restarts restarts;
    const auto process = restarts.start();
    const Call named = GENERATE(Call{}, Call{.idempotency_key = "k-1"});
    PendingCall call = process->ask({{"to", "ana"}}, named);
    process->kit.approve(call.request_id());
    REQUIRE(eventually([&] { return call.ready(); }));
    restarts.database->fail_with(ErrorCode::storage_busy);
    CHECK_THROWS_AS(call.cancel(), StorageError);
    restarts.database->fail_with(std::nullopt);
    CHECK(call.claim_ahead({}));
    CHECK_THROWS_AS(call.wait(), ApprovalCancelledError);
    CHECK(process->found(call.request_id()).run == RunState::none);
}
