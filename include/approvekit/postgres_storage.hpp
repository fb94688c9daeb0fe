#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/storage.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace approvekit {

/// A record in a PostgreSQL database, shared by processes on many hosts. Needs the target approvekit::postgres and a
/// server of version 13 or later.
///
/// Owns three connections, opened when needed, and one thread. The thread listens for changes, shows that this process
/// is alive, and writes what finish() has queued. Do not use it across fork(): every call in the child throws
/// storage_forked.
///
/// A lost connection is opened again. An operation that was interrupted is repeated if it did not take effect. No error
/// and no log message shows a password.
class PostgresStorage final : public Storage {
public:
    struct Options {
        /// How long a call waits for other writers or for the server before it throws storage_busy or storage_io.
        std::chrono::milliseconds busy_timeout{5000};
        /// How often to poll for changes that no notification reported. Heartbeats and sweeps do not depend on it.
        std::chrono::milliseconds poll_interval{1000};
        /// For tests: replaces the server's clock and this machine's time since boot. Null: use those.
        std::shared_ptr<const Clock> clock = nullptr;
    };

    /// Opens a record that create() has made. `connection` is a libpq connection string, such as
    /// "postgresql://host/database" or "service=approvals". What it leaves out comes from the environment (PGHOST,
    /// PGPASSWORD, a password file), as usual with libpq.
    ///
    /// Throws Error (invalid_option) for an invalid connection string. Throws StorageError: storage_io when the server
    /// cannot be reached, storage_refused when it does not let this role in, missing_database when it has no such
    /// database or the database has no record, foreign_database, newer_database, and storage_read_only for a record of
    /// an older release.
    explicit PostgresStorage(const std::string& connection);
    PostgresStorage(const std::string& connection, Options options);

    /// Flushes, ends this agent's pending requests and closes the connections.
    ~PostgresStorage() override;

    PostgresStorage(const PostgresStorage&) = delete;
    PostgresStorage& operator=(const PostgresStorage&) = delete;

    /// Creates a record in the schema `approvekit` of the database. Connect as the role that may change the schema; it
    /// will own the record. Throws as the constructor, and foreign_database when there already is a record.
    ///
    /// `lanes`: the number of parallel chains in the audit. With several, transactions of different processes do not
    /// wait for each other's commit, but the record cannot be copied or archived yet. Throws Error (invalid_option) for
    /// less than 1 or more than 64.
    static void create(const std::string& connection, int lanes = 1);
    /// Upgrades a record of an older release. Returns the previous version of its schema.
    static std::int64_t upgrade(const std::string& connection);
    /// Returns the SQL statements that let `role` use the record without being able to change its schema.
    [[nodiscard]] static std::string grants_for(const std::string& role);

    /// The name of the database, without user and password.
    [[nodiscard]] const std::string& place() const noexcept;

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
    Grant revoke(std::string_view grant_id, std::string_view reviewer, std::string_view way) override;
    [[nodiscard]] std::vector<Grant> grants(GrantList which) override;
    [[nodiscard]] std::optional<Grant> find_grant(std::string_view grant_id) override;
    [[nodiscard]] std::vector<GivenGrant> find_grants(std::string_view tool_name, std::string_view agent) override;
    [[nodiscard]] Time now() override;
    [[nodiscard]] std::int64_t used(const LimitUse& use) override;
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
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit
