#pragma once

#include "approvekit/postgres_storage.hpp"
#include "record/contract/granted.hpp"
#include "support/held_request.hpp"

#include <cstdint>

namespace approvekit::testing {

/// What a reviewer granted when approving a request.
inline Grant granted_by(PostgresStorage& storage, std::int64_t uses) {
    ApprovalRequest held = held_request(SystemClock());
    held.metadata[grants_key] = {{"uses", uses}, {"for", 3600}};
    held.view_digest = view_digest(held);
    storage.submit(held);
    Decision decision = decision_on(held, Verdict::approve);
    decision.grant = contract::terms_of(uses);
    storage.decide(decision);
    return *storage.find_grant(held.id);
}

}  // namespace approvekit::testing
