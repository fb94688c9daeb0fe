#include "approvekit/postgres_storage.hpp"

#include "postgres/schema.hpp"
#include "postgres/storage_implementation.hpp"
#include "record/archive_lines.hpp"
#include "record/archiving.hpp"
#include "record/copying.hpp"
#include "record/grant_control.hpp"
#include "record/limit_book.hpp"
#include "record/record_check.hpp"
#include "record/start_window.hpp"
#include "record/voting.hpp"

#include <optional>
#include <set>
#include <utility>

namespace approvekit {

using namespace postgres;

namespace {

/// A look that goes on from what it saw before must not be begun again where its connection is lost.
template <typename Work>
auto once(Work work) {
    return [work = std::move(work), begun = false](Tables& tables) mutable {
        if (std::exchange(begun, true)) {
            throw StorageError(ErrorCode::storage_io, "the connection was lost while the record was looked through");
        }
        return work(tables);
    };
}

/// What goes over a record's entries in one order does not know of several chains yet.
void refuse_lanes(Reader& reader, const char* what) {
    if (reader.read([](Tables& tables) { return tables.audit.lanes(); }) == 1) return;
    throw StorageError(ErrorCode::foreign_database,
                       std::string("a record whose audit has several lanes cannot be ") + what + " yet");
}

}  // namespace

PostgresStorage::PostgresStorage(const std::string& connection) : PostgresStorage(connection, Options{}) {}

PostgresStorage::PostgresStorage(const std::string& connection, Options options)
    : implementation_(std::make_unique<Implementation>(connection, std::move(options))) {}

PostgresStorage::~PostgresStorage() {
    if (implementation_->in_child()) {
        // Closing would end connections that are the parent's.
        static_cast<void>(implementation_.release());
        return;
    }
    implementation_->close();
}

void PostgresStorage::create(const std::string& connection, int lanes) {
    Connection server{Target(connection)};
    create_schema(server, lanes);
}

std::int64_t PostgresStorage::upgrade(const std::string& connection) {
    Connection server{Target(connection)};
    return upgrade_schema(server);
}

std::string PostgresStorage::grants_for(const std::string& role) {
    return postgres::grants_for(role);
}

const std::string& PostgresStorage::place() const noexcept {
    return implementation_->target_.place();
}

void PostgresStorage::submit(const ApprovalRequest& request) {
    implementation_->enter();
    // First, so that nothing can fail any more once the request is on record.
    implementation_->start_session();
    implementation_->ledger().submit(request);
}

std::string PostgresStorage::record_intent(const Intent& intent) {
    implementation_->enter();
    implementation_->start_session();
    return implementation_->ledger().record(intent, AuditEvent::approved);
}

KeyedAnswer PostgresStorage::submit(const ApprovalRequest& request, const KeyedCall& call) {
    implementation_->enter();
    implementation_->start_session();
    return implementation_->ledger().submit(request, call);
}

KeyedAnswer PostgresStorage::record_intent(const Intent& intent, const KeyedCall& call) {
    implementation_->enter();
    implementation_->start_session();
    return implementation_->ledger().record(intent, call);
}

void PostgresStorage::release(std::string_view request_id) {
    implementation_->enter();
    implementation_->ledger().release(request_id);
}

void PostgresStorage::record_denial(const Intent& denied) {
    implementation_->enter();
    implementation_->start_session();
    static_cast<void>(implementation_->ledger().record(denied, AuditEvent::denied));
}

std::string PostgresStorage::claim(const Claim& claim) {
    implementation_->enter();
    return implementation_->ledger().claim(claim);
}

void PostgresStorage::finish(RunOutcome outcome) {
    implementation_->enter();
    implementation_->ledger().finish(std::move(outcome));
    implementation_->start_attendant();
}

void PostgresStorage::not_started(UnstartedCall call) {
    implementation_->enter();
    implementation_->ledger().not_started(std::move(call));
    implementation_->start_attendant();
}

ApprovalRequest PostgresStorage::end(std::string_view request_id, ApprovalStatus status, std::string_view reason) {
    implementation_->enter();
    return implementation_->ledger().end(request_id, status, reason);
}

void PostgresStorage::flush() {
    implementation_->enter();
    implementation_->flush();
}

ApprovalRequest PostgresStorage::decide(const Decision& decision) {
    implementation_->enter();
    return implementation_->ledger().decide(decision);
}

Stop PostgresStorage::stop(const StopOrder& order, std::string_view reviewer, std::string_view way) {
    implementation_->enter();
    return implementation_->ledger().stop(order, {std::string(reviewer), std::string(way)});
}

Stop PostgresStorage::resume(std::string_view stop_id, std::string_view reviewer, std::string_view way) {
    implementation_->enter();
    return implementation_->ledger().resume(std::string(stop_id), {std::string(reviewer), std::string(way)});
}

std::vector<Stop> PostgresStorage::stops(StopList which) {
    implementation_->enter();
    return implementation_->reader_.read([&](Tables& tables) { return tables.stops.list(which); });
}

std::int64_t PostgresStorage::used(const LimitUse& use) {
    implementation_->enter();
    return implementation_->reader_.snapshot(
        [&](Tables& tables) { return record::used_of(tables.uses, use, implementation_->clock_.estimate().now); });
}

std::optional<Stop> PostgresStorage::find_stop(std::string_view tool_name, std::string_view agent) {
    implementation_->enter();
    record::Ledger& ledger = implementation_->ledger();
    return implementation_->reader_.read([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return ledger.find_stop(of_record, tool_name, agent);
    });
}

Grant PostgresStorage::revoke(std::string_view grant_id, std::string_view reviewer, std::string_view way) {
    implementation_->enter();
    implementation_->ledger().revoke(std::string(grant_id), {std::string(reviewer), std::string(way)});
    if (auto grant = find_grant(grant_id)) return *std::move(grant);
    throw record::unreadable_grant(grant_id);
}

std::vector<Grant> PostgresStorage::grants(GrantList which) {
    implementation_->enter();
    const record::Moment now = implementation_->clock_.estimate();
    return implementation_->reader_.snapshot([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::list_grants(which, of_record, now, implementation_->known_grants());
    });
}

std::optional<Grant> PostgresStorage::find_grant(std::string_view grant_id) {
    implementation_->enter();
    return implementation_->reader_.snapshot([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::find_grant(grant_id, of_record, implementation_->known_grants());
    });
}

std::vector<GivenGrant> PostgresStorage::find_grants(std::string_view tool_name, std::string_view agent) {
    implementation_->enter();
    const record::Moment now = implementation_->clock_.estimate();
    return implementation_->reader_.snapshot([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::given_grants(tool_name, agent, of_record, now, {implementation_->known_grants()});
    });
}

Time PostgresStorage::now() {
    implementation_->enter();
    return implementation_->clock_.estimate().now;
}

std::optional<ApprovalRequest> PostgresStorage::find(std::string_view request_id) {
    implementation_->enter();
    const record::Moment now = implementation_->clock_.estimate();
    auto stored = implementation_->reader_.read([&](Tables& tables) {
        auto found = tables.requests.find(request_id);
        if (found) record::tell_votes(found->request, tables.of_record(), now.now);
        return found;
    });
    if (!stored) return std::nullopt;
    tell_times(*stored, now);
    return std::move(stored->request);
}

std::vector<std::string> PostgresStorage::find_ids(std::string_view prefix, std::size_t limit) {
    implementation_->enter();
    return implementation_->reader_.read([&](Tables& tables) { return tables.requests.find_ids(prefix, limit); });
}

std::optional<Decision> PostgresStorage::find_decision(std::string_view request_id) {
    implementation_->enter();
    auto stored = implementation_->reader_.read([&](Tables& tables) { return tables.decisions.find(request_id); });
    return stored ? std::optional(std::move(stored->decision)) : std::nullopt;
}

RequestPage PostgresStorage::list(const RequestQuery& query) {
    implementation_->enter();
    const record::Moment now = implementation_->clock_.estimate();
    return implementation_->reader_.read([&](Tables& tables) {
        const record::Tables of_record = tables.of_record();
        return tables.requests.list(
            query, now, [&](ApprovalRequest& request) { return record::tell_votes(request, of_record, now.now); });
    });
}

AuditPage PostgresStorage::audit(const AuditQuery& query) {
    implementation_->enter();
    return implementation_->reader_.read([&](Tables& tables) {
        AuditPage page = tables.audit.list(query);
        std::set<std::int64_t> numbers;
        for (const AuditEntry& entry : page.entries)
            numbers.insert(entry.session);
        for (const std::int64_t number : numbers) {
            if (const auto session = tables.sessions.find(number)) page.sessions.push_back(*session);
        }
        return page;
    });
}

std::size_t PostgresStorage::sweep() {
    implementation_->enter();
    return implementation_->sweep();
}

AuditReport PostgresStorage::verify_audit(const std::function<void(std::int64_t)>& progress, std::int64_t mark) {
    flush();
    record::RecordCheck check(mark);
    // In stretches, so that nothing is kept from being cleaned up for the whole of it.
    std::int64_t settled = 0;
    const auto some = [&](Tables& tables) {
        tables.audit.look_up_to(settled);
        record::Tables of_record = tables.of_record();
        return check.some(of_record);
    };
    do {
        settled = implementation_->reader_.read([](Tables& tables) { return tables.audit.settled_end(); });
        if (progress) progress(check.report().entries);
    } while (implementation_->reader_.snapshot(once(some)));
    AuditReport report = check.report();
    report.foreign_entries += implementation_->reader_.read([](Tables& tables) { return tables.audit.strangers(); });
    return report;
}

ArchiveResult PostgresStorage::archive(const ArchiveOrder& order) {
    implementation_->enter();
    refuse_lanes(implementation_->reader_, "archived");
    record::Archiving archiving(implementation_->ledger(), [this](const std::function<void(record::Tables&)>& look) {
        implementation_->reader_.snapshot(once([&](Tables& tables) {
            record::Tables of_record = tables.of_record();
            look(of_record);
            return true;
        }));
    });
    return archiving.run(order);
}

std::vector<ArchiveAnchor> PostgresStorage::archives() {
    implementation_->enter();
    return implementation_->reader_.read([](Tables& tables) { return tables.archives.all(); });
}

AuditStart PostgresStorage::audit_start() {
    implementation_->enter();
    return implementation_->reader_.read(
        [](Tables& tables) { return record::audit_start_of(tables.archives.start()); });
}

AuditHold PostgresStorage::hold(std::string_view subject, std::string_view reason, std::string_view reviewer,
                                std::string_view way) {
    implementation_->enter();
    return implementation_->ledger().hold(std::string(subject), std::string(reason),
                                          {std::string(reviewer), std::string(way)});
}

AuditHold PostgresStorage::release_hold(std::string_view subject, std::string_view reviewer, std::string_view way) {
    implementation_->enter();
    return implementation_->ledger().release_hold(std::string(subject), {std::string(reviewer), std::string(way)});
}

std::vector<AuditHold> PostgresStorage::holds(bool all) {
    implementation_->enter();
    const auto stored = implementation_->reader_.read([&](Tables& tables) { return tables.holds.list(all); });
    std::vector<AuditHold> holds;
    for (const record::StoredHold& one : stored)
        holds.push_back(one.hold);
    return holds;
}

AuditReport PostgresStorage::give_rows(const RowTaker& take) {
    implementation_->enter();
    refuse_lanes(implementation_->reader_, "copied");
    static_cast<void>(implementation_->sweep());
    return implementation_->reader_.snapshot(once([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::give_all_rows(of_record, take);
    }));
}

void PostgresStorage::take_rows(const RowGiver& give) {
    implementation_->enter();
    refuse_lanes(implementation_->reader_, "copied into");
    implementation_->ledger().move([&](record::UnitOfWork& unit) { record::take_all_rows(unit.tables, give); });
}

std::unique_ptr<Subscription> PostgresStorage::subscribe(std::shared_ptr<ChangeListener> listener) {
    implementation_->enter();
    return implementation_->subscribe(std::move(listener));
}

}  // namespace approvekit
