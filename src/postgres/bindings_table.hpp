#pragma once

#include "postgres/access.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::postgres {

/// The table approvekit_requests: what ApproveKit keeps of a request beside the base columns.
class BindingsTable final : public record::Bindings {
public:
    explicit BindingsTable(Access access) noexcept : access_(access) {}

    void insert(const ApprovalRequest& request, const record::Binding& binding) override;
    void bind(const std::string& id, std::int64_t session) override;
    void keep_deadline_in(const std::string& boot_id, const std::string& id, std::int64_t boot_deadline) override;
    void start(const std::string& id, const std::string& at) override;
    void set_boot_deadline(const std::string& id, std::int64_t boot_deadline) override;
    void close(const std::string& id, RunState state, const std::string& note, const std::string& at) override;
    /// These four lock the rows of what they return. All except open_of() leave out rows that somebody else has locked.
    [[nodiscard]] std::vector<std::string> due(const record::Moment& moment) override;
    [[nodiscard]] std::vector<std::string> decided_before(const record::Moment& moment) override;
    [[nodiscard]] std::vector<std::string> open_of(std::int64_t session) override;
    [[nodiscard]] std::vector<std::string> left_in_other_boots(const std::string& boot_id) override;
    [[nodiscard]] std::optional<SubmittedView> submitted(std::string_view id) override;
    [[nodiscard]] std::optional<record::StoredRun> run_of(std::string_view id) override;
    [[nodiscard]] std::vector<std::string> orphans() override;

private:
    enum class Locked { waited_for, left_out };

    /// Returns the ids for which `where` holds, with these values, after locking their rows: either all of them, or at
    /// most a thousand of those that nobody else has locked.
    template <typename... Values>
    [[nodiscard]] std::vector<std::string> ids(const std::string& where, const char* order, Locked locked,
                                               const Values&... values);

    Access access_;
};

}  // namespace approvekit::postgres
