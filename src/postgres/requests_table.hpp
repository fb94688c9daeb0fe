#pragma once

#include "approvekit/storage.hpp"
#include "postgres/access.hpp"
#include "record/request_rows.hpp"
#include "record/tables.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::postgres {

/// The table approval_requests, read together with the columns that we keep beside it.
class RequestsTable final : public record::Requests {
public:
    explicit RequestsTable(Access access) noexcept : access_(access) {}

    void insert(const ApprovalRequest& request) override;
    void lock(const std::vector<std::string>& ids) override;
    void settle(const std::string& id, ApprovalStatus status, const std::string& reviewed_at,
                const std::optional<std::string>& notes) override;
    /// Locks the request until the end of the transaction, whether it has a row or not.
    [[nodiscard]] std::optional<record::StoredRequest> find(std::string_view id) override;
    [[nodiscard]] std::vector<std::string> reopened() override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredRequest>& look) override;
    [[nodiscard]] std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit) override;
    [[nodiscard]] RequestPage list(const RequestQuery& query, const record::Moment& now,
                                   const record::CompleteRequest& complete) override;

private:
    Access access_;
};

/// Locks everything that is kept of a request, in the order that all use.
void lock_request(Access access, std::string_view id);

}  // namespace approvekit::postgres
