#pragma once

#include "postgres/access.hpp"
#include "postgres/audit_table.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace approvekit::postgres {

/// The table approvekit_votes: one row for each vote. Requests without a quorum do not read or write it.
class VotesTable final : public record::Votes {
public:
    /// Refers to the audit, whose entries tell which votes count.
    VotesTable(Access access, AuditTable& audit) noexcept : access_(access), audit_(audit) {}

    void insert(const record::StoredDecision& vote) override;
    [[nodiscard]] std::vector<record::StoredDecision> of(std::string_view request_id) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredDecision>& look) override;

private:
    Access access_;
    AuditTable& audit_;
};

}  // namespace approvekit::postgres
