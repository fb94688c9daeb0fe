#include "approvekit/record_storage.hpp"

#include "approvekit/error.hpp"
#include "record/archive_lines.hpp"
#include "record/archiving.hpp"
#include "record/copying.hpp"
#include "record/limit_book.hpp"
#include "record/open_record.hpp"
#include "record/record_check.hpp"
#include "record/start_window.hpp"
#include "record/voting.hpp"

#include <limits>
#include <set>
#include <type_traits>
#include <utility>

namespace approvekit {

using record::Moment;
using record::OpenRecord;

namespace {

/// Returns what `look` returns for the tables.
template <typename Look>
auto look_at(OpenRecord& opened, Look look) {
    std::optional<std::invoke_result_t<Look&, record::Tables&>> result;
    opened.read([&](record::Tables& tables) { result.emplace(look(tables)); });
    return *std::move(result);
}

/// The same, with the tables as they are at one moment.
template <typename Look>
auto look_at_moment(OpenRecord& opened, Look look) {
    std::optional<std::invoke_result_t<Look&, record::Tables&>> result;
    opened.snapshot([&](record::Tables& tables) { result.emplace(look(tables)); });
    return *std::move(result);
}

/// The same for a look that continues from what it saw before. It cannot start again when its connection is lost.
template <typename Look>
auto look_once(OpenRecord& opened, Look look) {
    return look_at_moment(opened, [&look, has_begun = false](record::Tables& tables) mutable {
        if (std::exchange(has_begun, true)) {
            throw StorageError(ErrorCode::storage_io, "the connection was lost while the record was looked through");
        }
        return look(tables);
    });
}

record::Author author(std::string_view reviewer, std::string_view way) {
    return {std::string(reviewer), std::string(way)};
}

}  // namespace

OpenRecord& RecordStorage::entered() {
    OpenRecord& ours = opened();
    ours.enter();
    return ours;
}

void RecordStorage::submit(const ApprovalRequest& request) {
    OpenRecord& ours = entered();
    ours.start_session();
    ours.ledger().submit(request);
}

std::string RecordStorage::record_intent(const Intent& intent) {
    OpenRecord& ours = entered();
    ours.start_session();
    return ours.ledger().record(intent, AuditEvent::approved);
}

KeyedAnswer RecordStorage::submit(const ApprovalRequest& request, const KeyedCall& call) {
    OpenRecord& ours = entered();
    ours.start_session();
    return ours.ledger().submit(request, call);
}

KeyedAnswer RecordStorage::record_intent(const Intent& intent, const KeyedCall& call) {
    OpenRecord& ours = entered();
    ours.start_session();
    return ours.ledger().record(intent, call);
}

void RecordStorage::release(std::string_view request_id) {
    entered().ledger().release(request_id);
}

void RecordStorage::record_denial(const Intent& denied) {
    OpenRecord& ours = entered();
    ours.start_session();
    static_cast<void>(ours.ledger().record(denied, AuditEvent::denied));
}

std::string RecordStorage::claim(const Claim& claim) {
    return entered().ledger().claim(claim);
}

void RecordStorage::finish(RunOutcome outcome) {
    OpenRecord& ours = entered();
    ours.ledger().finish(std::move(outcome));
    ours.start_attending();
}

void RecordStorage::not_started(UnstartedCall call) {
    OpenRecord& ours = entered();
    ours.ledger().not_started(std::move(call));
    ours.start_attending();
}

ApprovalRequest RecordStorage::end(std::string_view request_id, ApprovalStatus status, std::string_view reason) {
    return entered().ledger().end(request_id, status, reason);
}

void RecordStorage::flush() {
    entered().flush();
}

ApprovalRequest RecordStorage::decide(const Decision& decision) {
    return entered().ledger().decide(decision);
}

Stop RecordStorage::stop(const StopOrder& order, std::string_view reviewer, std::string_view way) {
    return entered().ledger().stop(order, author(reviewer, way));
}

Stop RecordStorage::resume(std::string_view stop_id, std::string_view reviewer, std::string_view way) {
    return entered().ledger().resume(std::string(stop_id), author(reviewer, way));
}

std::vector<Stop> RecordStorage::stops(StopList which) {
    return look_at(entered(), [&](record::Tables& tables) { return tables.stops.list(which); });
}

std::optional<Stop> RecordStorage::find_stop(std::string_view tool_name, std::string_view agent) {
    OpenRecord& ours = entered();
    record::Ledger& ledger = ours.ledger();
    return look_at(ours, [&](record::Tables& tables) { return ledger.find_stop(tables, tool_name, agent); });
}

std::int64_t RecordStorage::used(const LimitUse& use) {
    OpenRecord& ours = entered();
    return look_at_moment(ours,
                          [&](record::Tables& tables) { return record::used_of(tables.uses, use, ours.moment().now); });
}

Grant RecordStorage::revoke(std::string_view grant_id, std::string_view reviewer, std::string_view way) {
    entered().ledger().revoke(std::string(grant_id), author(reviewer, way));
    if (auto grant = find_grant(grant_id)) return *std::move(grant);
    throw record::unreadable_grant(grant_id);
}

std::vector<Grant> RecordStorage::grants(GrantList which) {
    OpenRecord& ours = entered();
    const Moment now = ours.moment();
    return look_at_moment(
        ours, [&](record::Tables& tables) { return record::list_grants(which, tables, now, ours.known_grants()); });
}

std::optional<Grant> RecordStorage::find_grant(std::string_view grant_id) {
    OpenRecord& ours = entered();
    return look_at_moment(
        ours, [&](record::Tables& tables) { return record::find_grant(grant_id, tables, ours.known_grants()); });
}

std::vector<GivenGrant> RecordStorage::find_grants(std::string_view tool_name, std::string_view agent) {
    OpenRecord& ours = entered();
    const Moment now = ours.moment();
    const record::Reading reading = ours.reading();
    return look_at_moment(
        ours, [&](record::Tables& tables) { return record::given_grants(tool_name, agent, tables, now, reading); });
}

Time RecordStorage::now() {
    return entered().moment().now;
}

std::optional<ApprovalRequest> RecordStorage::find(std::string_view request_id) {
    OpenRecord& ours = entered();
    const Moment now = ours.moment();
    auto stored = look_at(ours, [&](record::Tables& tables) {
        auto found = tables.requests.find(request_id);
        if (found) record::tell_votes(found->request, tables, now.now);
        return found;
    });
    if (!stored) return std::nullopt;
    tell_times(*stored, now);
    return std::move(stored->request);
}

std::vector<std::string> RecordStorage::find_ids(std::string_view prefix, std::size_t limit) {
    return look_at(entered(), [&](record::Tables& tables) { return tables.requests.find_ids(prefix, limit); });
}

std::optional<Decision> RecordStorage::find_decision(std::string_view request_id) {
    auto stored = look_at(entered(), [&](record::Tables& tables) { return tables.decisions.find(request_id); });
    return stored ? std::optional(std::move(stored->decision)) : std::nullopt;
}

RequestPage RecordStorage::list(const RequestQuery& query) {
    OpenRecord& ours = entered();
    const Moment now = ours.moment();
    return look_at(ours, [&](record::Tables& tables) {
        return tables.requests.list(
            query, now, [&](ApprovalRequest& request) { return record::tell_votes(request, tables, now.now); });
    });
}

AuditPage RecordStorage::audit(const AuditQuery& query) {
    OpenRecord& ours = entered();
    const std::int64_t end = query.settled ? ours.settled_end() : std::numeric_limits<std::int64_t>::max();
    return look_at(ours, [&](record::Tables& tables) {
        tables.entries.look_up_to(end);
        AuditPage page = tables.entries.list(query);
        std::set<std::int64_t> numbers;
        for (const AuditEntry& entry : page.entries)
            numbers.insert(entry.session);
        for (const std::int64_t number : numbers) {
            if (const auto session = tables.sessions.find(number)) page.sessions.push_back(*session);
        }
        return page;
    });
}

std::size_t RecordStorage::sweep() {
    return entered().sweep();
}

AuditReport RecordStorage::verify_audit(const std::function<void(std::int64_t)>& progress, std::int64_t mark) {
    OpenRecord& ours = entered();
    ours.flush();
    record::RecordCheck check(mark);
    look_at(ours, [&](record::Tables& tables) {
        check.begin(tables);
        return true;
    });
    check.look_up_to(ours.settled_end());
    // Done in parts, so that nobody waits for the whole check and cleaning up is not blocked.
    const auto check_some = [&] { return look_once(ours, [&](record::Tables& tables) { return check.some(tables); }); };
    while (check_some()) {
        if (progress) progress(check.report().entries);
    }
    AuditReport report = check.report();
    report.foreign_entries += look_at(ours, [](record::Tables& tables) { return tables.entries.strangers(); });
    return report;
}

ArchiveResult RecordStorage::archive(const ArchiveOrder& order) {
    OpenRecord& ours = entered();
    const auto look = [&ours](const std::function<void(record::Tables&)>& work) {
        look_once(ours, [&](record::Tables& tables) {
            work(tables);
            return true;
        });
    };
    return record::Archiving(ours.ledger(), look, [&ours] { return ours.settled_end(); }).run(order);
}

std::vector<ArchiveAnchor> RecordStorage::archives() {
    return look_at(entered(), [](record::Tables& tables) { return tables.archives.all(); });
}

AuditStart RecordStorage::audit_start() {
    return look_at(entered(), [](record::Tables& tables) { return record::audit_start_of(tables.archives.start()); });
}

AuditHold RecordStorage::hold(std::string_view subject, std::string_view reason, std::string_view reviewer,
                              std::string_view way) {
    return entered().ledger().hold(std::string(subject), std::string(reason), author(reviewer, way));
}

AuditHold RecordStorage::release_hold(std::string_view subject, std::string_view reviewer, std::string_view way) {
    return entered().ledger().release_hold(std::string(subject), author(reviewer, way));
}

std::vector<AuditHold> RecordStorage::holds(bool all) {
    const auto stored = look_at(entered(), [&](record::Tables& tables) { return tables.holds.list(all); });
    std::vector<AuditHold> holds;
    for (const record::StoredHold& one : stored)
        holds.push_back(one.hold);
    return holds;
}

AuditReport RecordStorage::give_rows(const RowTaker& take) {
    OpenRecord& ours = entered();
    static_cast<void>(ours.sweep());
    return look_once(ours, [&](record::Tables& tables) { return record::give_all_rows(tables, take); });
}

void RecordStorage::take_rows(const RowGiver& give) {
    OpenRecord& ours = entered();
    ours.ledger().move([&](record::UnitOfWork& unit) { record::take_all_rows(unit.tables, give); });
}

std::unique_ptr<Subscription> RecordStorage::subscribe(std::shared_ptr<ChangeListener> listener) {
    return entered().subscribe(std::move(listener));
}

}  // namespace approvekit
