// What a program on the agent's side tries in order to run calls by a grant, if grants are signed.
#include "support/catch.hpp"
#include "support/grant_forger.hpp"
#include "support/scratch_database.hpp"

#include <string>

using namespace approvekit;
using namespace approvekit::testing;
using Catch::Matchers::StartsWith;

TEST_CASE("G14 G17 H173 a signed grant lets its calls run, and none that a writer of the record makes of it") {
    for (const GrantAttack& attack : grant_attacks()) {
        CAPTURE(attack.name);
        const ScratchDatabase scratch;
        const GrantForgeryFixture fixture(scratch.path);
        const std::string id = fixture.granted();
        CHECK(fixture.runs(fixture.transfer(5)));
        attack.run(fixture, id);
        CHECK_FALSE(fixture.runs(fixture.wanted(attack)));
        CHECK_THAT(fixture.told(fixture.wanted(attack)), StartsWith(attack.told_as));
        CHECK_FALSE(fixture.fault().empty());
    }
}

TEST_CASE("G14 G17 H174 uses and revocations that are taken out of the record deceive nobody who met them") {
    const ScratchDatabase scratch;
    const GrantForgeryFixture fixture(scratch.path);
    const std::string id = fixture.granted();
    for (int use = 0; use < 3; ++use)
        CHECK(fixture.runs(fixture.transfer(5)));
    CHECK_FALSE(fixture.runs(fixture.transfer(5)));
    fixture.forger.run("DELETE FROM approvekit_grant_uses");
    CHECK_FALSE(fixture.runs(fixture.transfer(5)));
    CHECK(fixture.fault() == "the use of the grant that it records is gone");
    CHECK(fixture.runs_at_new_agent(fixture.transfer(5)));  // as docs/security.md says
}

TEST_CASE("G14 G17 H175 a revocation of which no trace is left is found by a checkpoint alone") {
    const ScratchDatabase scratch;
    const GrantForgeryFixture fixture(scratch.path);
    const std::string id = fixture.granted();
    fixture.storage->revoke(id, "ada", "web");
    CHECK_FALSE(fixture.runs(fixture.transfer(5)));
    const Checkpoint checkpoint = Checkpoint::of(fixture.report(), SystemClock().now());
    fixture.forger.run("UPDATE approvekit_grants SET revoked_at = NULL, revoked_by = NULL, revoked_way = NULL");
    CHECK_FALSE(fixture.runs(fixture.transfer(5)));
    CHECK_FALSE(fixture.runs_at_new_agent(fixture.transfer(5)));
    fixture.forger.run(
        "DELETE FROM approvekit_audit WHERE seq >= (SELECT seq FROM approvekit_audit WHERE event = 'revoked')");
    CHECK_FALSE(fixture.runs(fixture.transfer(5)));
    CHECK(checkpoint.objection(fixture.storage->verify_audit({}, checkpoint.sequence)).has_value());
}

TEST_CASE("G14 G17 a grant of a reviewer whom the policy does not list any more counts no more") {
    const ScratchDatabase scratch;
    const GrantForgeryFixture fixture(scratch.path);
    static_cast<void>(fixture.granted());
    fixture.kit.reload(GrantForgeryFixture::policy_of({&fixture.ben}));
    CHECK_FALSE(fixture.runs(fixture.transfer(5)));
    CHECK(fixture.told(fixture.transfer(5)) == "the policy has changed since it was given");
    fixture.kit.reload(GrantForgeryFixture::policy_of({&fixture.ada, &fixture.ben}));
    CHECK(fixture.runs(fixture.transfer(5)));
}
