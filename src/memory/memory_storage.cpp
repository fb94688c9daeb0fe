#include "memory/memory_storage.hpp"

#include "approvekit/error.hpp"
#include "memory/tables.hpp"
#include "record/archive_file.hpp"
#include "record/grant_control.hpp"
#include "record/limit_book.hpp"
#include "record/record_check.hpp"
#include "record/start_window.hpp"
#include "record/voting.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <exception>
#include <set>
#include <utility>

namespace approvekit::memory {

namespace {

using record::StoredRequest;

Error not_a_cursor() {
    return Error(ErrorCode::invalid_option, "the cursor is not one that a page handed out; start without one");
}

/// Unique and in the order of time. The mark is one that URLs must encode.
std::string cursor_of(const ApprovalRequest& request) {
    return to_text(request.created_at) + "+" + request.id;
}

std::int64_t sequence_of(const std::string& cursor) {
    std::int64_t sequence = 0;
    const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), sequence);
    if (error != std::errc{} || end != cursor.data() + cursor.size()) throw not_a_cursor();
    return sequence;
}

/// Moves one page of `all`, which is in order, to `page`; returns whether there are more.
template <typename Value>
bool move_page(std::vector<Value>& all, std::size_t limit, std::vector<Value>& page) {
    const bool has_more = all.size() > limit;
    all.resize(std::min(all.size(), limit));
    page = std::move(all);
    return has_more;
}

std::vector<AgentSession> sessions_of(const State& state, const std::vector<AuditEntry>& entries) {
    std::set<std::int64_t> numbers;
    for (const AuditEntry& entry : entries)
        numbers.insert(entry.session);
    std::vector<AgentSession> sessions;
    for (const std::int64_t number : numbers) {
        const auto found = state.sessions.find(number);
        if (found == state.sessions.end()) continue;
        const auto ended_at = found->second.ended_at ? parse_time(*found->second.ended_at) : std::nullopt;
        sessions.push_back({number, parse_time(found->second.started_at).value_or(Time{}), ended_at});
    }
    return sessions;
}

}  // namespace

MemoryStorage::MemoryStorage(std::shared_ptr<Database> database)
    : database_(std::move(database)), engine_(database_), ledger_(engine_) {}

MemoryStorage::~MemoryStorage() {
    sweeper_ = {};
    if (is_dead_) return;
    try {
        end_session();
    } catch (const Error&) {
        // A destructor has nobody to tell. Whoever looks next ends what is left.
        stop_showing_life();
    }
}

void MemoryStorage::die() {
    if (is_dead_.exchange(true)) return;
    stop_sweeping();
    stop_showing_life();
}

void MemoryStorage::stop_sweeping() {
    // From here on no sweeper starts any more.
    std::call_once(sweeping_, [] {});
    sweeper_.request_stop();
    if (sweeper_.joinable() && sweeper_.get_id() != std::this_thread::get_id()) sweeper_.join();
}

void MemoryStorage::end_session() {
    ledger_.close();
    stop_showing_life();
}

void MemoryStorage::show_life() {
    database_->change([&](State& state) { state.living.insert(session_); });
}

void MemoryStorage::stop_showing_life() {
    database_->change([&](State& state) { state.living.erase(session_); });
}

void MemoryStorage::check_alive() const {
    if (is_dead_) throw StorageError(ErrorCode::storage_io, "the process of this storage is dead");
}

record::Ledger& MemoryStorage::ledger() {
    check_alive();
    return ledger_;
}

void MemoryStorage::ensure_session() {
    ledger().ensure_session([&](record::Transaction& transaction) {
        session_ = engine_.start_session(transaction);
        return session_.load();
    });
}

void MemoryStorage::submit(const ApprovalRequest& request) {
    ensure_session();
    ledger().submit(request);
}

std::string MemoryStorage::record_intent(const Intent& intent) {
    ensure_session();
    return ledger().record(intent, AuditEvent::approved);
}

KeyedAnswer MemoryStorage::submit(const ApprovalRequest& request, const KeyedCall& call) {
    ensure_session();
    return ledger().submit(request, call);
}

KeyedAnswer MemoryStorage::record_intent(const Intent& intent, const KeyedCall& call) {
    ensure_session();
    return ledger().record(intent, call);
}

void MemoryStorage::release(std::string_view request_id) {
    ledger().release(request_id);
}

void MemoryStorage::record_denial(const Intent& denied) {
    ensure_session();
    static_cast<void>(ledger().record(denied, AuditEvent::denied));
}

std::string MemoryStorage::claim(const Claim& claim) {
    return ledger().claim(claim);
}

void MemoryStorage::finish(RunOutcome outcome) {
    ledger().finish(std::move(outcome));
}

void MemoryStorage::not_started(UnstartedCall call) {
    ledger().not_started(std::move(call));
}

ApprovalRequest MemoryStorage::end(std::string_view request_id, ApprovalStatus status, std::string_view reason) {
    return ledger().end(request_id, status, reason);
}

void MemoryStorage::flush() {
    ledger().flush();
}

ApprovalRequest MemoryStorage::decide(const Decision& decision) {
    return ledger().decide(decision);
}

Stop MemoryStorage::stop(const StopOrder& order, std::string_view reviewer, std::string_view way) {
    return ledger().stop(order, {std::string(reviewer), std::string(way)});
}

Stop MemoryStorage::resume(std::string_view stop_id, std::string_view reviewer, std::string_view way) {
    return ledger().resume(std::string(stop_id), {std::string(reviewer), std::string(way)});
}

std::vector<Stop> MemoryStorage::stops(StopList which) {
    check_alive();
    return database_->read([&](State& state) { return StopsTable(state).list(which); });
}

std::int64_t MemoryStorage::used(const LimitUse& use) {
    check_alive();
    return database_->read([&](State& state) {
        UsesTable uses(state);
        return record::used_of(uses, use, database_->clock().now());
    });
}

std::optional<Stop> MemoryStorage::find_stop(std::string_view tool_name, std::string_view agent) {
    record::Ledger& known = ledger();
    return database_->read([&](State& state) {
        Tables tables(state);
        record::Tables of_record = tables.of_record();
        return known.find_stop(of_record, tool_name, agent);
    });
}

Grant MemoryStorage::revoke(std::string_view grant_id, std::string_view reviewer, std::string_view way) {
    ledger().revoke(std::string(grant_id), {std::string(reviewer), std::string(way)});
    if (auto grant = find_grant(grant_id)) return *std::move(grant);
    throw record::unreadable_grant(grant_id);
}

std::vector<Grant> MemoryStorage::grants(GrantList which) {
    record::Ledger& ours = ledger();
    const record::Moment now = record::moment_of(database_->clock(), boot_id);
    return database_->read([&](State& state) {
        Tables tables(state);
        record::Tables of_record = tables.of_record();
        return record::list_grants(which, of_record, now, &ours.known_grants());
    });
}

std::optional<Grant> MemoryStorage::find_grant(std::string_view grant_id) {
    record::Ledger& ours = ledger();
    return database_->read([&](State& state) {
        Tables tables(state);
        record::Tables of_record = tables.of_record();
        return record::find_grant(grant_id, of_record, &ours.known_grants());
    });
}

std::vector<GivenGrant> MemoryStorage::find_grants(std::string_view tool_name, std::string_view agent) {
    record::Ledger& ours = ledger();
    const record::Moment now = record::moment_of(database_->clock(), boot_id);
    const record::Reading reading{&ours.known_grants(), ours.version()};
    return database_->read([&](State& state) {
        Tables tables(state);
        record::Tables of_record = tables.of_record();
        return record::given_grants(tool_name, agent, of_record, now, reading);
    });
}

Time MemoryStorage::now() {
    return database_->clock().now();
}

std::optional<ApprovalRequest> MemoryStorage::find(std::string_view request_id) {
    check_alive();
    const record::Moment now = record::moment_of(database_->clock(), boot_id);
    return database_->read([&](State& state) -> std::optional<ApprovalRequest> {
        auto stored = RequestsTable(state).find(request_id);
        if (!stored) return std::nullopt;
        tell_times(*stored, now);
        Tables tables(state);
        record::tell_votes(stored->request, tables.of_record(), now.now);
        return std::move(stored->request);
    });
}

std::vector<std::string> MemoryStorage::find_ids(std::string_view prefix, std::size_t limit) {
    check_alive();
    const std::string wanted = text::lower_case(prefix);
    return database_->read([&](State& state) {
        std::vector<std::string> ids;
        for (const auto& [id, row] : state.requests) {
            if (ids.size() < limit && text::lower_case(id).starts_with(wanted)) ids.push_back(id);
        }
        return ids;
    });
}

std::optional<Decision> MemoryStorage::find_decision(std::string_view request_id) {
    check_alive();
    return database_->read([&](State& state) -> std::optional<Decision> {
        auto stored = DecisionsTable(state).find(request_id);
        return stored ? std::optional(std::move(stored->decision)) : std::nullopt;
    });
}

RequestPage MemoryStorage::list(const RequestQuery& query) {
    check_alive();
    if (!query.cursor.empty() && query.cursor.find('+') == std::string::npos) throw not_a_cursor();
    const bool oldest_first = query.status == ApprovalStatus::pending;
    const record::Moment now = record::moment_of(database_->clock(), boot_id);
    return database_->read([&](State& state) {
        RequestsTable requests(state);
        Tables tables(state);
        std::vector<ApprovalRequest> all;
        for (const auto& [id, row] : state.requests) {
            if (query.status && row.status != to_string(*query.status)) continue;
            StoredRequest stored = *requests.find(id);
            const std::string place = cursor_of(stored.request);
            const bool is_behind = oldest_first ? place > query.cursor : place < query.cursor;
            if (!query.cursor.empty() && !is_behind) continue;
            tell_times(stored, now);
            record::tell_votes(stored.request, tables.of_record(), now.now);
            all.push_back(std::move(stored.request));
        }
        std::sort(all.begin(), all.end(), [&](const ApprovalRequest& left, const ApprovalRequest& right) {
            return oldest_first ? cursor_of(left) < cursor_of(right) : cursor_of(right) < cursor_of(left);
        });
        RequestPage page;
        const bool has_more = move_page(all, query.limit, page.requests);
        if (has_more) page.next = cursor_of(page.requests.back());
        return page;
    });
}

AuditPage MemoryStorage::audit(const AuditQuery& query) {
    check_alive();
    const std::int64_t from = query.cursor.empty() ? -1 : sequence_of(query.cursor);
    return database_->read([&](State& state) {
        std::vector<AuditEntry> all;
        std::int64_t sequence = 0;
        for (const auto& row : state.entries) {
            ++sequence;
            const bool is_behind = query.oldest_first ? sequence > from : sequence < from;
            const bool is_wanted = query.request_id.empty() ||
                                   (row->record.request_id == query.request_id && query.request_id != auto_request_id);
            if (is_wanted && (from < 0 || is_behind)) all.push_back(record::entry_of(sequence, row->record, row->hash));
        }
        if (!query.oldest_first) std::reverse(all.begin(), all.end());
        AuditPage page;
        const bool has_more = move_page(all, query.limit, page.entries);
        if (has_more) page.next = std::to_string(page.entries.back().sequence);
        page.sessions = sessions_of(state, page.entries);
        return page;
    });
}

std::size_t MemoryStorage::sweep() {
    const auto gone = database_->read([&](State& state) {
        std::vector<std::int64_t> sessions;
        for (const auto& [number, row] : state.sessions) {
            if (!row.ended_at && number != session_ && !state.living.contains(number)) sessions.push_back(number);
        }
        return sessions;
    });
    return ledger().sweep(gone);
}

AuditReport MemoryStorage::verify_audit(const std::function<void(std::int64_t)>& progress, std::int64_t mark) {
    flush();
    record::RecordCheck check(mark);
    const auto some = [&](State& state) {
        Tables tables(state);
        record::Tables of_record = tables.of_record();
        return check.some(of_record);
    };
    while (database_->read(some)) {
        if (progress) progress(check.report().entries);
    }
    return check.report();
}

std::unique_ptr<Subscription> MemoryStorage::subscribe(std::shared_ptr<ChangeListener> listener) {
    check_alive();
    auto subscription = database_->subscribe(std::move(listener));
    std::call_once(sweeping_,
                   [this] { sweeper_ = std::jthread([this](const std::stop_token& stop) { keep_sweeping(stop); }); });
    return subscription;
}

void MemoryStorage::keep_sweeping(const std::stop_token& stop) {
    constexpr std::chrono::seconds period{1};
    std::unique_lock lock(resting_);
    while (!woken_.wait_for(lock, stop, period, [&] { return stop.stop_requested(); })) {
        try {
            sweep();
        } catch (const std::exception&) {
            // What cannot be written now is due again at the next round.
        }
    }
}

}  // namespace approvekit::memory
