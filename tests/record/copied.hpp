#pragma once

#include "approvekit/copy_record.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "record/contract/granted.hpp"
#include "record/contract/keyed.hpp"
#include "record/contract/limited.hpp"
#include "support/temporary_directory.hpp"

#include <string>

/// A record that contains something of every kind, to be copied.
namespace approvekit::testing {

struct CopiedRecord {
    /// Fills `storage`. The request with a key is released at the end, as if its agent were gone.
    static CopiedRecord made_in(Storage& storage) {
        CopiedRecord record;
        record.request = held_request(SystemClock());
        storage.submit(record.request);
        storage.decide(decision_on(record.request, Verdict::approve));
        storage.finish({storage.claim({record.request.id, record.request.view_digest, {}}), record.request.id,
                        record.request.tool_name, RunState::executed, "done"});
        record.grant = contract::Granted::grantable_request(SystemClock());
        storage.submit(record.grant);
        storage.decide(contract::Granted::approval_of(record.grant, contract::terms_of(3)));
        static_cast<void>(contract::Granted::start(storage, *storage.find_grant(record.grant.id)));
        static_cast<void>(contract::Limited::start(storage, contract::use_of(2, 5)));
        record.keyed = held_request(SystemClock());
        static_cast<void>(storage.submit(record.keyed, contract::call_with()));
        storage.release(record.keyed.id);
        record.stop = storage.stop({"a test", "pay", "*"}, "ana", "terminal").id;
        storage.hold(record.request.id, "a test", "ana", "terminal");
        storage.flush();
        return record;
    }

    /// Checks that everything continues in the copy as it would have in the original.
    void check_in(Storage& storage) const {
        CHECK(storage.verify_audit().intact());
        CHECK(storage.find(request.id)->run_note == "done");
        CHECK(storage.find_decision(request.id)->reviewer == "ana");
        CHECK(storage.find_grant(grant.id)->used == 1);
        CHECK(storage.used(contract::use_of(0, 0)) == 2 * contract::one_whole);
        CHECK(storage.stops(StopList::in_force).size() == 1);
        CHECK(storage.holds(false).size() == 1);
        CHECK_FALSE(contract::Granted::start(storage, *storage.find_grant(grant.id)).empty());
        static_cast<void>(contract::Limited::start(storage, contract::use_of(3, 5)));
        CHECK(error_code_of([&] { static_cast<void>(contract::Limited::start(storage, contract::use_of(1, 5))); }) ==
              ErrorCode::limit_reached);
        CHECK(storage.submit(held_request(SystemClock()), contract::call_with()).request_id == keyed.id);
        static_cast<void>(storage.resume(stop, "ana", "terminal"));
        storage.flush();
        CHECK(storage.verify_audit().intact());
    }

    ApprovalRequest request;
    ApprovalRequest grant;
    ApprovalRequest keyed;
    std::string stop;
};

}  // namespace approvekit::testing
