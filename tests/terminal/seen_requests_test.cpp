#include "terminal/waiting_requests.hpp"

#include "support/catch.hpp"
#include "support/failing_storage.hpp"

using namespace approvekit;
using approvekit::terminal::SeenRequests;
using approvekit::testing::FailingStorage;

TEST_CASE("H53 what was seen counts for the view that was shown, and is not lost when less of it is shown again") {
    FailingStorage storage;
    ApprovalRequest request = storage.add("wire");
    SeenRequests seen;
    CHECK_FALSE(seen.has(request));
    CHECK(seen.shown(request) == Shown::by_id);

    seen.add(request, Shown::whole);
    seen.add(request, Shown::in_part);
    CHECK(seen.shown(request) == Shown::whole);

    request.view_digest = "another";
    CHECK(seen.has(request));
    CHECK(seen.shown(request) == Shown::by_id);
    seen.add(request, Shown::in_part);
    CHECK(seen.shown(request) == Shown::in_part);
}

TEST_CASE("What was seen of requests is forgotten when they have ended or are gone") {
    FailingStorage storage;
    SeenRequests seen;
    for (int index = 0; index < 5; ++index)
        seen.add(storage.add("wire"), Shown::whole);
    const ApprovalRequest waiting = storage.add("wire", {}, "ffff");
    const ApprovalRequest decided = storage.add("wire", {}, "dddd");
    seen.add(waiting, Shown::whole);
    seen.add(decided, Shown::whole);
    Decision rejection;
    rejection.request_id = "dddd";
    storage.decide(rejection);
    ApprovalRequest gone = waiting;
    gone.id = "gone";
    seen.add(gone, Shown::whole);
    CHECK(seen.size() == 8);

    seen.forget_ended(storage);
    CHECK(seen.size() == 6);
    CHECK(seen.shown(waiting) == Shown::whole);
    CHECK_FALSE(seen.has(decided));

    seen.add(*storage.find("dddd"), Shown::whole);
    CHECK(seen.size() == 6);
}
