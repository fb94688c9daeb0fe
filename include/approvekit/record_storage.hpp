#pragma once

#include "approvekit/storage.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

namespace record {
class OpenRecord;
}

/// What the storages of this library have in common: the whole contract of Storage, its thread-safety and what it
/// throws included, over a record that the derived class has open and owns. Only classes of this library can derive
/// from it; a storage of your own implements Storage instead.
class RecordStorage : public Storage {
public:
    void submit(const ApprovalRequest& request) override;
    [[nodiscard]] std::string record_intent(const Intent& intent) override;
    [[nodiscard]] KeyedAnswer submit(const ApprovalRequest& request, const KeyedCall& call) override;
    [[nodiscard]] KeyedAnswer record_intent(const Intent& intent, const KeyedCall& call) override;
    void release(std::string_view request_id) override;
    void record_denial(const Intent& denied) override;
    [[nodiscard]] std::string claim(const Claim& claim) override;
    void finish(RunOutcome outcome) override;
    void not_started(UnstartedCall call) override;
    ApprovalRequest end(std::string_view request_id, ApprovalStatus status, std::string_view reason) override;
    void flush() override;
    ApprovalRequest decide(const Decision& decision) override;
    Stop stop(const StopOrder& order, std::string_view reviewer, std::string_view way) override;
    Stop resume(std::string_view stop_id, std::string_view reviewer, std::string_view way) override;
    [[nodiscard]] std::vector<Stop> stops(StopList which) override;
    [[nodiscard]] std::optional<Stop> find_stop(std::string_view tool_name, std::string_view agent) override;
    [[nodiscard]] std::int64_t used(const LimitUse& use) override;
    Grant revoke(std::string_view grant_id, std::string_view reviewer, std::string_view way) override;
    [[nodiscard]] std::vector<Grant> grants(GrantList which) override;
    [[nodiscard]] std::optional<Grant> find_grant(std::string_view grant_id) override;
    [[nodiscard]] std::vector<GivenGrant> find_grants(std::string_view tool_name, std::string_view agent) override;
    [[nodiscard]] Time now() override;
    [[nodiscard]] std::optional<ApprovalRequest> find(std::string_view request_id) override;
    [[nodiscard]] std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit) override;
    [[nodiscard]] std::optional<Decision> find_decision(std::string_view request_id) override;
    [[nodiscard]] RequestPage list(const RequestQuery& query) override;
    [[nodiscard]] AuditPage audit(const AuditQuery& query) override;
    std::size_t sweep() override;
    [[nodiscard]] AuditReport verify_audit(const std::function<void(std::int64_t)>& progress = {},
                                           std::int64_t mark = 0) override;
    [[nodiscard]] ArchiveResult archive(const ArchiveOrder& order) override;
    [[nodiscard]] std::vector<ArchiveAnchor> archives() override;
    [[nodiscard]] AuditStart audit_start() override;
    AuditHold hold(std::string_view subject, std::string_view reason, std::string_view reviewer,
                   std::string_view way) override;
    AuditHold release_hold(std::string_view subject, std::string_view reviewer, std::string_view way) override;
    [[nodiscard]] std::vector<AuditHold> holds(bool all) override;
    AuditReport give_rows(const RowTaker& take) override;
    void take_rows(const RowGiver& give) override;
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) override;

private:
    /// The record, for as long as this storage lives.
    [[nodiscard]] virtual record::OpenRecord& opened() = 0;

    /// The same for a public call, which begins with this.
    [[nodiscard]] record::OpenRecord& entered();
};

}  // namespace approvekit
