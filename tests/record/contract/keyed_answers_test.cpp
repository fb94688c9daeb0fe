// What asking again with a key results in if a reviewer answered.
#include "approvekit/metadata_keys.hpp"
#include "record/contract/keyed.hpp"

#include <memory>
#include <utility>

using namespace approvekit;
using namespace approvekit::contract;

namespace {

/// A request with a key that was answered, and whose agent is gone.
struct KeyedAnswered : Keyed {
    explicit KeyedAnswered(std::unique_ptr<Engine> kind) : Keyed(std::move(kind)) {
        request.metadata[allow_answer_key] = true;
        request.view_digest = view_digest(request);
        leave();
        Decision decision = decision_on(request, Verdict::answer);
        decision.answer = "no need";
        storage->decide(decision);
    }
};

}  // namespace

CONTRACT_TEST("an agent that asks again with its key finds the answer") {
    const KeyedAnswered answered(std::make_unique<TestType>());
    const KeyedAnswer found = answered.ask();
    CHECK(found.kind == Kind::ended);
    CHECK(found.run == RunState::none);
    REQUIRE(found.request);
    CHECK(found.request->status == ApprovalStatus::answered);
    CHECK(found.request->answer == "no need");
    CHECK(answered.ask().kind == Kind::ended);
    CHECK(answered.storage->verify_audit().intact());
}

CONTRACT_TEST("who would ask another question with the key asks it anew, since nothing ran") {
    const KeyedAnswered answered(std::make_unique<TestType>());
    KeyedCall call = call_with();
    call.is_same = [](const ApprovalRequest&) { return false; };
    const KeyedAnswer first = answered.ask(call);
    CHECK(first.kind == Kind::ask_again);
    call.replaces = first.place;
    CHECK(answered.ask(call).kind == Kind::accepted);
    CHECK(answered.found().status == ApprovalStatus::answered);
    CHECK(answered.ask(call_with("other arguments")).kind == Kind::conflict);
}

CONTRACT_TEST("a call that the policy allows by now does not start where a reviewer answered it") {
    const KeyedAnswered answered(std::make_unique<TestType>());
    const KeyedAnswer found = answered.storage->record_intent({"send_email", "{}", "{}", ""}, call_with());
    CHECK(found.kind == Kind::ended);
    CHECK(found.run == RunState::none);
}
