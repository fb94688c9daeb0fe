#pragma once

#include "approvekit/error.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "base/agent_identity.hpp"
#include "record/ledger.hpp"
#include "record/listeners.hpp"
#include "record/open_record.hpp"
#include "sqlite/bell.hpp"
#include "sqlite/change_feed.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/engine.hpp"
#include "sqlite/lease.hpp"
#include "sqlite/reader.hpp"
#include "sqlite/tables.hpp"
#include "sqlite/watcher.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <sys/types.h>

namespace approvekit {

/// What one storage has open, and what it does by itself: it sends its session's heartbeats, ends what is overdue or
/// was left by dead agents, and tells listeners of changes. Thread-safe.
class SqliteStorage::Implementation final : public record::OpenRecord {
public:
    /// Throws what the storage's constructor throws.
    Implementation(const std::filesystem::path& path, Options options);

    [[nodiscard]] bool in_child() const noexcept;

    [[nodiscard]] const sqlite::DatabaseFile& file() const noexcept { return file_; }
    [[nodiscard]] bool read_only() const noexcept { return read_only_; }

    /// SQLite's handles and locks do not survive a fork.
    void enter() const override;
    [[nodiscard]] record::Ledger& ledger() override;
    void start_session() override;
    void start_attending() override;
    [[nodiscard]] record::Moment moment() const override;
    [[nodiscard]] record::KnownGrants* known_grants() noexcept override {
        return ledger_ ? &ledger_->known_grants() : nullptr;
    }
    [[nodiscard]] record::Reading reading() override {
        return ledger_ ? record::Reading{&ledger_->known_grants(), ledger_->version()} : record::Reading{};
    }
    void read(const std::function<void(record::Tables&)>& look) override;
    void snapshot(const std::function<void(record::Tables&)>& look) override;
    std::size_t sweep() override;
    void flush() override {
        if (ledger_) ledger_->flush();
    }
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) override;

    void close() noexcept;

private:
    void announce(const std::vector<Change>& changes);

    [[nodiscard]] std::vector<std::int64_t> gone_sessions();
    /// Whether the session is our own. This process is alive even if it missed heartbeats because of a long sleep or a
    /// slow disk.
    [[nodiscard]] bool is_own(const sqlite::StoredSession& session) const;

    // Called by the watcher's thread.
    [[nodiscard]] sqlite::Looked look();
    [[nodiscard]] std::chrono::nanoseconds tick();
    void report(const std::exception_ptr& failure) const;

    Options options_;
    sqlite::DatabaseFile file_;
    bool read_only_;
    base::AgentIdentity self_;
    std::shared_ptr<record::Listeners> listeners_ = std::make_shared<record::Listeners>();
    std::optional<sqlite::Engine> engine_;  ///< none if the record can only be read, as the next one
    std::optional<record::Ledger> ledger_;
    std::optional<sqlite::Reader> reader_;
    std::optional<sqlite::Bell> bell_;  ///< none if the record can only be read
    ::pid_t owner_;
    std::atomic<bool> session_started_{false};
    std::atomic<std::int64_t> swept_version_{-1};
    std::atomic<bool> knows_boot_{false};  ///< whether it has looked for requests that an earlier boot left
    std::unique_ptr<sqlite::Lease> lease_;
    std::optional<sqlite::ChangeFeed> feed_;
    std::chrono::steady_clock::time_point last_beat_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point last_sweep_ = last_beat_;
    std::once_flag watching_;
    std::unique_ptr<sqlite::Watcher> watcher_;
};

}  // namespace approvekit
