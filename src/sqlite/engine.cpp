#include "sqlite/engine.hpp"

#include "sqlite/lease.hpp"

#include <utility>

namespace approvekit::sqlite {

WriteTransaction::WriteTransaction(const std::filesystem::path& database, Tables& tables, const AgentIdentity& self,
                                   const Clock& clock, const std::function<void()>& show_life)
    : database_(database),
      tables_(tables),
      of_record_(tables.of_record()),
      self_(self),
      moment_(record::moment_of(clock, self.boot_id)),
      show_life_(show_life) {
    tables_.audit.forget_head();
    tables_.portable.forget_lanes();
}

bool WriteTransaction::is_gone(std::int64_t number) {
    const LeaseProbe probe(database_, self_);
    for (const StoredSession& session : tables_.sessions.open()) {
        if (session.number == number) return probe.is_gone(session.agent, number, moment_.now);
    }
    return true;
}

Engine::Engine(std::unique_ptr<Connection> connection, AgentIdentity self, std::shared_ptr<const Clock> clock,
               Callbacks callbacks)
    : connection_(std::move(connection)),
      tables_(connection_->database()),
      self_(std::move(self)),
      clock_(std::move(clock)),
      callbacks_(std::move(callbacks)) {}

void Engine::write(const std::function<void(record::Transaction&)>& work) {
    translating(connection_->path(), [&] {
        Transaction transaction(*connection_);
        WriteTransaction as_seen(connection_->path(), tables_, self_, *clock_, callbacks_.show_life);
        work(as_seen);
        transaction.commit();
    });
}

void Engine::write_for_good(const std::function<void(record::Transaction&)>& work) {
    const FullSync sync(*connection_);
    write(work);
}

std::uint64_t Engine::version() {
    return translating(connection_->path(), [&] { return tables_.version(); });
}

std::int64_t Engine::start_session(const record::Moment& moment,
                                   const std::function<std::int64_t(std::int64_t)>& take_lease) {
    StoredSession session;
    session.number = take_lease(tables_.sessions.next_number());
    session.agent = self_;
    session.first_entry = tables_.audit.last_place();
    tables_.sessions.insert(session, moment.text);
    return session.number;
}

}  // namespace approvekit::sqlite
