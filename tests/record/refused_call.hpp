#pragma once

#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/forger.hpp"

#include <string>

namespace approvekit::testing {

/// Checks that the waiting call does not start, its caller is told why, and the audit says the same with the words
/// `told_as`.
inline void check_call_refused(const ForgeryFixture& fixture, PendingCall& call, const std::string& told_as) {
    const ErrorCode code = error_code_of([&] { static_cast<void>(call.wait()); });
    CHECK((code == ErrorCode::untrusted_decision || code == ErrorCode::altered));
    const AuditEntry told = last_entry(*fixture.storage, call.request_id());
    CHECK(told.decision == AuditEvent::refused);
    CHECK_THAT(told.reviewer_notes.value_or(""), Catch::Matchers::ContainsSubstring(told_as));
    CHECK(fixture.storage->find(call.request_id())->run == RunState::none);
}

}  // namespace approvekit::testing
