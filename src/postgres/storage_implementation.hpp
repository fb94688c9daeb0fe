#pragma once

#include "approvekit/error.hpp"
#include "approvekit/postgres_storage.hpp"
#include "base/agent_identity.hpp"
#include "postgres/attendant.hpp"
#include "postgres/engine.hpp"
#include "postgres/reader.hpp"
#include "postgres/record_clock.hpp"
#include "record/ledger.hpp"
#include "record/listeners.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <sys/types.h>

namespace approvekit {

/// What one storage has open, and what it does by itself. Thread-safe.
class PostgresStorage::Implementation {
public:
    /// Throws what the storage's constructor throws.
    Implementation(const std::string& connection, Options options);

    [[nodiscard]] bool in_child() const noexcept;

    /// Every public call passes here. Connections do not survive a fork.
    void enter() const;
    /// Every writing call passes here.
    [[nodiscard]] record::Ledger& ledger();

    /// What this process has met of grants; null where the record can only be read.
    [[nodiscard]] record::KnownGrants* known_grants() noexcept {
        return read_only_ ? nullptr : &ledger_.known_grants();
    }

    void close() noexcept;
    void start_session();
    void start_attendant();
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener);

    /// Ends what is due. Quickly: where a look at little tells that something is, and not what other programs reopened.
    std::size_t sweep();
    void sweep_quickly();

    void flush() {
        if (!read_only_) ledger_.flush();
    }

    postgres::Target target_;
    base::AgentIdentity self_;
    postgres::RecordClock clock_;
    std::shared_ptr<record::Listeners> listeners_ = std::make_shared<record::Listeners>();
    postgres::Reader reader_;

private:
    [[nodiscard]] bool is_anything_due();

    Options options_;
    std::string writer_;
    postgres::Engine engine_;
    record::Ledger ledger_;
    bool read_only_ = false;
    ::pid_t owner_;
    std::atomic<std::int64_t> starting_session_ = 0;  ///< as long as its transaction is not committed
    std::atomic<std::int64_t> session_ = 0;
    std::atomic<bool> knows_boot_ = false;  ///< whether it looked for requests that an earlier boot left
    int quick_sweeps_ = 0;                  ///< of the attendant's thread
    std::once_flag attending_;
    std::optional<postgres::Attendant> attendant_;
    std::atomic<postgres::Attendant*> started_ = nullptr;  ///< the attendant once it is there
};

}  // namespace approvekit
