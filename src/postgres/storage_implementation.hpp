#pragma once

#include "approvekit/error.hpp"
#include "approvekit/postgres_storage.hpp"
#include "base/agent_identity.hpp"
#include "postgres/attendant.hpp"
#include "postgres/engine.hpp"
#include "postgres/reader.hpp"
#include "postgres/record_clock.hpp"
#include "postgres/settled_end.hpp"
#include "record/ledger.hpp"
#include "record/listeners.hpp"
#include "record/open_record.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <sys/types.h>

namespace approvekit {

/// What one storage has open, and what it does by itself. Thread-safe.
class PostgresStorage::Implementation final : public record::OpenRecord {
public:
    /// Throws what the storage's constructor throws.
    Implementation(const std::string& connection, Options options);

    [[nodiscard]] bool in_child() const noexcept;

    [[nodiscard]] const std::string& place() const noexcept { return target_.place(); }

    /// Connections do not survive a fork.
    void enter() const override;
    [[nodiscard]] record::Ledger& ledger() override;
    void start_session() override;
    void start_attending() override;
    [[nodiscard]] record::Moment moment() const override { return clock_.estimate(); }
    [[nodiscard]] record::KnownGrants* known_grants() noexcept override {
        return read_only_ ? nullptr : &ledger_.known_grants();
    }
    /// It cannot be known whether others have written, so each call reads its grants again.
    [[nodiscard]] record::Reading reading() override { return {known_grants()}; }
    void read(const std::function<void(record::Tables&)>& look) override;
    void snapshot(const std::function<void(record::Tables&)>& look) override;
    [[nodiscard]] std::int64_t settled_end() override {
        return postgres::settled_end(reader_, postgres::longest_wait_for_writers(options_.busy_timeout));
    }
    std::size_t sweep() override;
    void flush() override {
        if (!read_only_) ledger_.flush();
    }
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) override;

    void close() noexcept;

private:
    /// Sweeps if a short look shows that something is due. Leaves what other programs reopened to a later sweep.
    void sweep_quickly();
    [[nodiscard]] bool is_anything_due();

    postgres::Target target_;
    base::AgentIdentity self_;
    postgres::RecordClock clock_;
    std::shared_ptr<record::Listeners> listeners_ = std::make_shared<record::Listeners>();
    postgres::Reader reader_;
    Options options_;
    std::string writer_;
    postgres::Engine engine_;
    record::Ledger ledger_;
    bool read_only_ = false;
    ::pid_t owner_;
    std::atomic<std::int64_t> starting_session_ = 0;  ///< as long as its transaction is not committed
    std::atomic<std::int64_t> session_ = 0;
    std::atomic<bool> knows_boot_ = false;  ///< whether it has looked for requests that an earlier boot left
    int quick_sweeps_ = 0;                  ///< for the attendant's thread only
    std::once_flag attending_;
    std::optional<postgres::Attendant> attendant_;
    std::atomic<postgres::Attendant*> started_ = nullptr;  ///< the attendant, once it exists
};

}  // namespace approvekit
