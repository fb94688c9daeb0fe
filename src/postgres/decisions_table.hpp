#pragma once

#include "postgres/access.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::postgres {

/// Returns what is wrong with how a decision or a vote is stored, or an empty text.
[[nodiscard]] std::string misfit_of_decision(const Rows& rows);

/// The table approvekit_decisions: one row for each decision of a reviewer.
class DecisionsTable final : public record::Decisions {
public:
    explicit DecisionsTable(Access access) noexcept : access_(access) {}

    void insert(const record::StoredDecision& decision) override;
    [[nodiscard]] std::optional<record::StoredDecision> find(std::string_view request_id) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredDecision>& look) override;

private:
    Access access_;
};

}  // namespace approvekit::postgres
