#include "approvekit/sqlite_storage.hpp"

#include "record/archive_lines.hpp"
#include "record/archiving.hpp"
#include "record/copying.hpp"
#include "record/grant_control.hpp"
#include "record/limit_book.hpp"
#include "record/record_check.hpp"
#include "record/start_window.hpp"
#include "record/voting.hpp"
#include "sqlite/storage_implementation.hpp"

#include <optional>
#include <set>
#include <utility>

namespace approvekit {

using namespace sqlite;

SqliteStorage::SqliteStorage(const std::filesystem::path& path) : SqliteStorage(path, Options{}) {}

SqliteStorage::SqliteStorage(const std::filesystem::path& path, Options options)
    : implementation_(std::make_unique<Implementation>(path, std::move(options))) {}

SqliteStorage::~SqliteStorage() {
    if (implementation_->in_child()) {
        // Closing would run SQLite's clean-up on files that are the parent's.
        static_cast<void>(implementation_.release());
        return;
    }
    implementation_->close();
}

const std::filesystem::path& SqliteStorage::path() const noexcept {
    return implementation_->file_.path;
}

bool SqliteStorage::read_only() const noexcept {
    return implementation_->read_only_;
}

bool SqliteStorage::created() const noexcept {
    return implementation_->file_.created;
}

void SqliteStorage::submit(const ApprovalRequest& request) {
    implementation_->enter();
    // First, so that nothing can fail any more once the request is on record.
    implementation_->start_session();
    implementation_->ledger().submit(request);
}

std::string SqliteStorage::record_intent(const Intent& intent) {
    implementation_->enter();
    implementation_->start_session();
    return implementation_->ledger().record(intent, AuditEvent::approved);
}

KeyedAnswer SqliteStorage::submit(const ApprovalRequest& request, const KeyedCall& call) {
    implementation_->enter();
    implementation_->start_session();
    return implementation_->ledger().submit(request, call);
}

KeyedAnswer SqliteStorage::record_intent(const Intent& intent, const KeyedCall& call) {
    implementation_->enter();
    implementation_->start_session();
    return implementation_->ledger().record(intent, call);
}

void SqliteStorage::release(std::string_view request_id) {
    implementation_->enter();
    implementation_->ledger().release(request_id);
}

void SqliteStorage::record_denial(const Intent& denied) {
    implementation_->enter();
    implementation_->start_session();
    static_cast<void>(implementation_->ledger().record(denied, AuditEvent::denied));
}

std::string SqliteStorage::claim(const Claim& claim) {
    implementation_->enter();
    return implementation_->ledger().claim(claim);
}

void SqliteStorage::finish(RunOutcome outcome) {
    implementation_->enter();
    implementation_->ledger().finish(std::move(outcome));
    implementation_->start_watching();
}

void SqliteStorage::not_started(UnstartedCall call) {
    implementation_->enter();
    implementation_->ledger().not_started(std::move(call));
    implementation_->start_watching();
}

ApprovalRequest SqliteStorage::end(std::string_view request_id, ApprovalStatus status, std::string_view reason) {
    implementation_->enter();
    return implementation_->ledger().end(request_id, status, reason);
}

void SqliteStorage::flush() {
    implementation_->enter();
    implementation_->flush();
}

ApprovalRequest SqliteStorage::decide(const Decision& decision) {
    implementation_->enter();
    return implementation_->ledger().decide(decision);
}

Stop SqliteStorage::stop(const StopOrder& order, std::string_view reviewer, std::string_view way) {
    implementation_->enter();
    return implementation_->ledger().stop(order, {std::string(reviewer), std::string(way)});
}

Stop SqliteStorage::resume(std::string_view stop_id, std::string_view reviewer, std::string_view way) {
    implementation_->enter();
    return implementation_->ledger().resume(std::string(stop_id), {std::string(reviewer), std::string(way)});
}

std::vector<Stop> SqliteStorage::stops(StopList which) {
    implementation_->enter();
    return implementation_->reader_->read([&](Tables& tables) { return tables.stops.list(which); });
}

std::int64_t SqliteStorage::used(const LimitUse& use) {
    implementation_->enter();
    return implementation_->reader_->snapshot(
        [&](Tables& tables) { return record::used_of(tables.uses, use, implementation_->moment().now); });
}

std::optional<Stop> SqliteStorage::find_stop(std::string_view tool_name, std::string_view agent) {
    implementation_->enter();
    return implementation_->reader_->read([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return implementation_->ledger().find_stop(of_record, tool_name, agent);
    });
}

Grant SqliteStorage::revoke(std::string_view grant_id, std::string_view reviewer, std::string_view way) {
    implementation_->enter();
    implementation_->ledger().revoke(std::string(grant_id), {std::string(reviewer), std::string(way)});
    if (auto grant = find_grant(grant_id)) return *std::move(grant);
    throw record::unreadable_grant(grant_id);
}

std::vector<Grant> SqliteStorage::grants(GrantList which) {
    implementation_->enter();
    const record::Moment now = implementation_->moment();
    return implementation_->reader_->snapshot([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::list_grants(which, of_record, now, implementation_->known_grants());
    });
}

std::optional<Grant> SqliteStorage::find_grant(std::string_view grant_id) {
    implementation_->enter();
    return implementation_->reader_->snapshot([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::find_grant(grant_id, of_record, implementation_->known_grants());
    });
}

std::vector<GivenGrant> SqliteStorage::find_grants(std::string_view tool_name, std::string_view agent) {
    implementation_->enter();
    const record::Moment now = implementation_->moment();
    const record::Reading reading = implementation_->reading();
    return implementation_->reader_->snapshot([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::given_grants(tool_name, agent, of_record, now, reading);
    });
}

Time SqliteStorage::now() {
    return implementation_->options_.clock->now();
}

std::optional<ApprovalRequest> SqliteStorage::find(std::string_view request_id) {
    implementation_->enter();
    const record::Moment now = implementation_->moment();
    auto stored = implementation_->reader_->read([&](Tables& tables) {
        auto found = tables.requests.find(request_id);
        if (found) record::tell_votes(found->request, tables.of_record(), now.now);
        return found;
    });
    if (!stored) return std::nullopt;
    tell_times(*stored, now);
    return std::move(stored->request);
}

std::vector<std::string> SqliteStorage::find_ids(std::string_view prefix, std::size_t limit) {
    implementation_->enter();
    return implementation_->reader_->read([&](Tables& tables) { return tables.requests.find_ids(prefix, limit); });
}

std::optional<Decision> SqliteStorage::find_decision(std::string_view request_id) {
    implementation_->enter();
    auto stored = implementation_->reader_->read([&](Tables& tables) { return tables.decisions.find(request_id); });
    return stored ? std::optional(std::move(stored->decision)) : std::nullopt;
}

RequestPage SqliteStorage::list(const RequestQuery& query) {
    implementation_->enter();
    const record::Moment now = implementation_->moment();
    return implementation_->reader_->read([&](Tables& tables) {
        const record::Tables of_record = tables.of_record();
        return tables.requests.list(
            query, now, [&](ApprovalRequest& request) { return record::tell_votes(request, of_record, now.now); });
    });
}

AuditPage SqliteStorage::audit(const AuditQuery& query) {
    implementation_->enter();
    return implementation_->reader_->read([&](Tables& tables) {
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

std::size_t SqliteStorage::sweep() {
    implementation_->enter();
    return implementation_->sweep();
}

AuditReport SqliteStorage::verify_audit(const std::function<void(std::int64_t)>& progress, std::int64_t mark) {
    flush();
    record::RecordCheck check(mark);
    // In stretches, so that no writer waits for the whole of it.
    const auto some = [&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return check.some(of_record);
    };
    while (implementation_->reader_->snapshot(some)) {
        if (progress) progress(check.report().entries);
    }
    AuditReport report = check.report();
    report.foreign_entries += implementation_->reader_->read([](Tables& tables) { return tables.audit.strangers(); });
    return report;
}

ArchiveResult SqliteStorage::archive(const ArchiveOrder& order) {
    implementation_->enter();
    record::Archiving archiving(implementation_->ledger(), [this](const std::function<void(record::Tables&)>& look) {
        implementation_->reader_->snapshot([&](Tables& tables) {
            record::Tables of_record = tables.of_record();
            look(of_record);
            return true;
        });
    });
    return archiving.run(order);
}

std::vector<ArchiveAnchor> SqliteStorage::archives() {
    implementation_->enter();
    return implementation_->reader_->read([](Tables& tables) { return tables.archives.all(); });
}

AuditStart SqliteStorage::audit_start() {
    implementation_->enter();
    return implementation_->reader_->read(
        [](Tables& tables) { return record::audit_start_of(tables.archives.start()); });
}

AuditHold SqliteStorage::hold(std::string_view subject, std::string_view reason, std::string_view reviewer,
                              std::string_view way) {
    implementation_->enter();
    return implementation_->ledger().hold(std::string(subject), std::string(reason),
                                          {std::string(reviewer), std::string(way)});
}

AuditHold SqliteStorage::release_hold(std::string_view subject, std::string_view reviewer, std::string_view way) {
    implementation_->enter();
    return implementation_->ledger().release_hold(std::string(subject), {std::string(reviewer), std::string(way)});
}

std::vector<AuditHold> SqliteStorage::holds(bool all) {
    implementation_->enter();
    const auto stored = implementation_->reader_->read([&](Tables& tables) { return tables.holds.list(all); });
    std::vector<AuditHold> holds;
    for (const record::StoredHold& one : stored)
        holds.push_back(one.hold);
    return holds;
}

AuditReport SqliteStorage::give_rows(const RowTaker& take) {
    implementation_->enter();
    static_cast<void>(implementation_->sweep());
    return implementation_->reader_->snapshot([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::give_all_rows(of_record, take);
    });
}

void SqliteStorage::take_rows(const RowGiver& give) {
    implementation_->enter();
    implementation_->ledger().move([&](record::UnitOfWork& unit) { record::take_all_rows(unit.tables, give); });
}

std::unique_ptr<Subscription> SqliteStorage::subscribe(std::shared_ptr<ChangeListener> listener) {
    implementation_->enter();
    auto subscription = implementation_->listeners_->add(std::move(listener));
    implementation_->start_watching();
    return subscription;
}

}  // namespace approvekit
