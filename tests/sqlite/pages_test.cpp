#include "approvekit/digest.hpp"
#include "support/catch.hpp"
#include "support/held_request.hpp"
#include "support/storage_fixture.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

using namespace approvekit;

TEST_CASE("H15 lists come in pages that neither repeat nor leave out a request") {
    StorageFixture fixture;
    auto storage = fixture.open();
    for (int i = 0; i < 25; ++i) {
        storage->submit(held_request(*fixture.clock));
        if (i % 3 == 0) fixture.clock->advance(std::chrono::microseconds{1});
    }
    for (const auto& status : {std::optional(ApprovalStatus::pending), std::optional<ApprovalStatus>()}) {
        RequestQuery query{status, 10, ""};
        std::vector<std::string> ids;
        do {
            const RequestPage page = storage->list(query);
            for (const auto& request : page.requests)
                ids.push_back(request.id);
            query.cursor = page.next;
        } while (!query.cursor.empty());
        REQUIRE(ids.size() == 25);
        std::sort(ids.begin(), ids.end());
        REQUIRE(std::unique(ids.begin(), ids.end()) == ids.end());
    }
}

TEST_CASE("H15 a page of large requests, or of their entries, ends before it fills the memory") {
    StorageFixture fixture;
    auto storage = fixture.open();
    constexpr int count = 12;
    for (int i = 0; i < count; ++i) {
        ApprovalRequest request = held_request(*fixture.clock);
        request.tool_args["body"] = std::string(std::size_t{1} << 20, 'x');
        request.view_digest = view_digest(request);
        storage->submit(request);
        storage->decide(decision_on(request, Verdict::reject));
    }
    const RequestPage requests = storage->list({.status = std::nullopt, .limit = 200, .cursor = ""});
    CHECK(requests.requests.size() == 8);
    CHECK(storage->list({.status = std::nullopt, .limit = 200, .cursor = requests.next}).requests.size() == count - 8);
    AuditQuery query;
    query.limit = 200;
    const AuditPage entries = storage->audit(query);
    CHECK(entries.entries.size() == 8);
    query.cursor = entries.next;
    CHECK(storage->audit(query).entries.size() == count - 8);
}
