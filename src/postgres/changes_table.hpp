#pragma once

#include "postgres/access.hpp"
#include "record/tables.hpp"

#include <string>
#include <string_view>

namespace approvekit::postgres {

/// The table approvekit_changes, for those who write.
class ChangesTable final : public record::Changes {
public:
    explicit ChangesTable(Access access) noexcept : access_(access) {}

    void add(const std::string& request_id, std::string_view status) override {
        access_.connection.queue("INSERT INTO approvekit.approvekit_changes(request_id, status) VALUES ($1, $2)",
                                 request_id, status);
        has_any_ = true;
    }

    /// Whether anything was added.
    [[nodiscard]] bool has_any() const noexcept { return has_any_; }

private:
    Access access_;
    bool has_any_ = false;
};

}  // namespace approvekit::postgres
