#pragma once

#include "record/audit_chain.hpp"
#include "record/tables.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>

namespace approvekit::record {

/// Whether what the chain tells of votes on one request is what the votes say. The reverse, that an entry tells of each
/// vote, is for who looks at the votes. Refers to the votes, which must outlive it.
class VoteCheck {
public:
    VoteCheck(Votes& votes, std::string request_id) : votes_(votes), request_id_(std::move(request_id)) {}

    /// The next of our entries about the request. Looks nothing up where it tells of no vote.
    void follow(const AuditRecord& record);

    /// What does not fit; empty: nothing.
    [[nodiscard]] const std::string& misfit() const noexcept { return misfit_; }

private:
    void look();

    Votes& votes_;
    std::string request_id_;
    std::optional<std::set<std::string>> entries_;  // those that the votes name
    std::string misfit_;
};

}  // namespace approvekit::record
