#include "approvekit/reviewer.hpp"
#include "approvekit/reviewer_key.hpp"
#include "bare_held_calls.hpp"
#include "same_size.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"

namespace approvekit::bench {
namespace {

/// An agent and a reviewer in one process, so that only the work is measured.
class HeldCalls {
public:
    HeldCalls(const std::filesystem::path& database, Durability durability)
        : agent_(database, holding_policy(), durability), reviewer_(agent_.storage, "ana", "library") {}

    HeldCalls(const std::filesystem::path& database, Durability durability, std::shared_ptr<ReviewerKey> key)
        : agent_(database, holding_policy().set_reviewers({{"ana", key->public_key()}}), durability),
          reviewer_(agent_.storage, "ana", "library") {
        reviewer_.sign_with(std::move(key));
    }

    void make_one() {
        PendingCall call = agent_.kit.submit(tool_name, sample_arguments());
        const ApprovalRequest seen = reviewer_.find(call.request_id());
        reviewer_.approve(seen.id, {.seen = seen.view_digest});
        Permit permit = call.wait();
        permit.start(Json(sample_arguments()));  // created again, as guard() does
        permit.executed();
    }

private:
    SampleAgent agent_;
    Reviewer reviewer_;
};

void compare(const std::filesystem::path& parent, Durability durability, int blocks, const std::string& where,
             Report& report) {
    constexpr int in_block = 20;
    const TemporaryDirectory directory(parent);
    Comparison with_checks;
    Comparison with_signatures;
    {
        HeldCalls ours(directory / "ours.db", durability);
        HeldCalls unsigned_ones(directory / "unsigned.db", durability);
        HeldCalls signed_ones(directory / "signed.db", durability,
                              std::make_shared<ReviewerKey>(ReviewerKey::generate("ana")));
        BareHeldCalls bare(directory / "bare.db", durability);
        const auto one = [](auto& calls) { return [&] { calls.make_one(); }; };
        const auto bare_one = [&] { bare.write_one(); };
        interleave(1, in_block, one(ours), bare_one);
        with_checks = interleave(blocks, in_block, one(ours), bare_one);
        with_signatures = interleave(blocks, in_block, one(signed_ones), one(unsigned_ones));
    }
    expect_same_size(directory / "ours.db", directory / "bare.db");
    report.add(ratio("held call / its bare rows, " + where, with_checks));
    report.add(ratio("held and signed call / held call, " + where, with_signatures));
}

}  // namespace

void measure_held(const Setting& setting, Report& report) {
    compare(setting.disk, Durability::full, setting.rounds(25, 5), "durable", report);
    compare(setting.memory, Durability::relaxed, setting.rounds(100, 25), "relaxed, in memory", report);
}

}  // namespace approvekit::bench
