#include "review_fixture.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/forked_child.hpp"
#include "support/private_mounts.hpp"

#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;

TEST_CASE("H70 on a read-only mount every command works that only looks, and a decision is refused") {
    ReviewFixture fixture;
    const auto request = fixture.submit();
    static_cast<void>(fixture.storage->record_intent({"read_file", "{}", "{}", "auto"}));
    const std::vector<std::vector<std::string>> commands{
        {"list"}, {"show", request.id}, {"audit"}, {"audit", "verify"}, {"audit", "export"}, {"approve", request.id}};
    const ForkedChild elsewhere([&](const ForkedChild::Report& report) {
        enter_private_mounts();
        mount_again(fixture.path.parent_path(), fixture.path.parent_path(), MS_RDONLY);
        int failed = 0;
        for (std::size_t i = 0; i < commands.size(); ++i) {
            const bool decides = commands.at(i).front() == "approve";
            const auto finished = fixture.review(commands.at(i));
            const bool as_wanted = decides ? finished.exit_code == 6 : finished.exit_code == 0;
            if (!as_wanted || (decides && finished.error_output.find("read-only") == std::string::npos))
                failed |= 1 << i;
        }
        report(failed);
    });
    CHECK(elsewhere.reported() == 0);
    CHECK(fixture.find(request).status == approvekit::ApprovalStatus::pending);
}
