#pragma once

#include "approvekit/storage.hpp"
#include "memory/database.hpp"
#include "record/ledger.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace approvekit::memory {

/// A storage over a record in memory: what an agent or a reviewer opens, as another process would open a file. It sweeps
/// on a thread of its own once somebody has subscribed; listeners are told on the thread that made the change.
/// Thread-safe.
class MemoryStorage final : public Storage {
public:
    explicit MemoryStorage(std::shared_ptr<Database> database);

    /// Flushes, ends this agent's pending requests, and closes; not after die().
    ~MemoryStorage() override;

    MemoryStorage(const MemoryStorage&) = delete;
    MemoryStorage& operator=(const MemoryStorage&) = delete;

    /// As though the process were killed: nothing that is not on record by now ever comes there, and every call from
    /// here on throws storage_io. A sweep that is under way has ended when this returns, but for one that calls this.
    void die();

    /// What the destructor does. What is asked of it after that is still answered.
    void end_session();

    /// As though the process gave no sign of life for long, which it does not notice; and as though it gave one again.
    void stop_showing_life();
    void show_life();

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
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) override;

private:
    void check_alive() const;
    [[nodiscard]] record::Ledger& ledger();
    void ensure_session();
    void keep_sweeping(const std::stop_token& stop);
    void stop_sweeping();

    std::shared_ptr<Database> database_;
    Engine engine_;
    record::Ledger ledger_;
    std::atomic<std::int64_t> session_ = 0;
    std::atomic<bool> is_dead_ = false;
    std::once_flag sweeping_;
    std::mutex resting_;
    std::condition_variable_any woken_;
    std::jthread sweeper_;  // last: it uses the others
};

}  // namespace approvekit::memory
