#pragma once

#include "base/agent_identity.hpp"
#include "record/engine.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/tables.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace approvekit::sqlite {

using base::AgentIdentity;

/// A write transaction of the one writing connection, as the state machine sees it. Does not commit by itself.
class WriteTransaction final : public record::Transaction {
public:
    /// All of them must outlive it.
    WriteTransaction(const std::filesystem::path& database, Tables& tables, const AgentIdentity& self,
                     const Clock& clock, const std::function<void()>& show_life);

    [[nodiscard]] record::Tables& tables() noexcept override { return of_record_; }
    [[nodiscard]] const record::Moment& moment() const noexcept override { return moment_; }
    [[nodiscard]] bool is_gone(std::int64_t session) override;
    [[nodiscard]] std::uint64_t version() override { return tables_.version(); }
    void show_life() override { show_life_(); }

private:
    const std::filesystem::path& database_;
    Tables& tables_;
    record::Tables of_record_;
    const AgentIdentity& self_;
    record::Moment moment_;
    const std::function<void()>& show_life_;
};

/// The one writing connection of a storage.
class Engine final : public record::Engine {
public:
    struct Callbacks {
        std::function<void(const std::vector<Change>&)> announce;
        std::function<void()> show_life;  ///< called only after a session was started
    };

    Engine(std::unique_ptr<Connection> connection, AgentIdentity self, std::shared_ptr<const Clock> clock,
           Callbacks callbacks);

    void write(const std::function<void(record::Transaction&)>& work) override;
    void write_for_good(const std::function<void(record::Transaction&)>& work) override;
    [[nodiscard]] std::uint64_t version() override;
    void announce(const std::vector<Change>& changes) override { callbacks_.announce(changes); }

    /// Records a session, within a transaction of write(). `take_lease` gets the next free number and returns the one
    /// whose lease it took. It must hold the lease before others can see the session.
    std::int64_t start_session(const record::Moment& moment,
                               const std::function<std::int64_t(std::int64_t)>& take_lease);

private:
    std::unique_ptr<Connection> connection_;
    Tables tables_;
    AgentIdentity self_;
    std::shared_ptr<const Clock> clock_;
    Callbacks callbacks_;
};

}  // namespace approvekit::sqlite
