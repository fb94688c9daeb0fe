#include "record/use_check.hpp"

#include "approvekit/limit_use.hpp"
#include "approvekit/metadata_keys.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace approvekit::record {

namespace {

/// What is told of a start, and when that was.
struct ToldUse {
    LimitUse use;
    std::int64_t at = 0;
};

std::optional<std::int64_t> number_of(const std::string& time) {
    const auto parsed = parse_time(time);
    return parsed ? std::optional(parsed->time_since_epoch().count()) : std::nullopt;
}

std::optional<ToldUse> told_by(const Json& metadata, const std::string& time) {
    const auto use = LimitUse::in(metadata);
    const auto at = number_of(time);
    return use && at ? std::optional(ToldUse{*use, *at}) : std::nullopt;
}

std::optional<ToldUse> told_by(const AuditRecord& intent) {
    if (intent.metadata.find(limit_key) == std::string::npos) return std::nullopt;
    return told_by(Json::parse(intent.metadata, nullptr, false), intent.timestamp);
}

/// Nothing for one that was never let start.
std::optional<ToldUse> told_by_request(const std::string& id, Tables& tables) {
    const auto run = tables.bindings.run_of(id);
    if (!run || run->started_at.empty()) return std::nullopt;
    const auto submitted = tables.bindings.submitted(id);
    return submitted ? told_by(submitted->metadata, run->started_at) : std::nullopt;
}

/// Whether it was let start and did not, in the end.
bool did_not_start(const StoredRun& run) {
    return !run.is_open && run.state == RunState::none;
}

/// Rows are removed once they do not count any more, when a later one of their bucket is added.
std::string misfit_of_missing(const ToldUse& told, Uses& uses) {
    const auto last = uses.last(told.use.limit, told.use.bucket);
    const std::int64_t time = std::chrono::duration_cast<std::chrono::microseconds>(told.use.per).count();
    const bool may_be_gone = last && last->at - time >= told.at;
    return may_be_gone ? "" : "what it took of a limit is gone";
}

std::string misfit_with(const ToldUse& told, const StoredUse& use) {
    if (use.limit != told.use.limit || use.bucket != told.use.bucket) return "it is of another limit than is told";
    return use.amount == (use.was_given_back ? 0 : told.use.amount) ? "" : "its amount is not the one that is told";
}

std::string misfit_with_before(const StoredUse& use, std::int64_t told_at, Uses& uses) {
    const auto before = uses.before(use);
    if (!before) return use.at >= told_at ? "" : "it counts from another time than its start";
    std::int64_t total = 0;
    const bool fits = !__builtin_add_overflow(before->total, use.amount, &total) && total == use.total;
    if (!fits) return "its total does not follow from the one before it";
    return use.at == std::max(told_at, before->at) ? "" : "it counts from another time than its start";
}

std::string misfit_with_run(const StoredUse& use, const StoredRun& run) {
    if (use.was_given_back == did_not_start(run)) return "";
    return use.was_given_back ? "it was given back, and the call started" : "the call did not start, and it counts";
}

}  // namespace

std::string UseCheck::misfit_of_entry(const AuditRecord& entry, Tables& tables) {
    if (entry.request_id != auto_request_id) return "";
    if (entry.event == AuditEvent::approved) {
        const auto told = told_by(entry);
        if (!told) return "";
        met_any_ = true;
        const auto use = tables.uses.find(entry.entry_id);
        return use ? misfit_with(*told, *use) : misfit_of_missing(*told, tables.uses);
    }
    if (!met_any_ || entry.follows.empty()) return "";
    const auto use = tables.uses.find(entry.follows);
    if (!use || use->was_given_back == (entry.event == AuditEvent::refused)) return "";
    return use->was_given_back ? "what the call took of a limit was given back, and it started"
                               : "the call did not start, and still takes of a limit";
}

std::string UseCheck::misfit_of_request(const std::string& id, Tables& tables) {
    const auto told = told_by_request(id, tables);
    if (!told) return "";
    const auto use = tables.uses.find(id);
    if (!use) return misfit_of_missing(*told, tables.uses);
    const std::string what = misfit_with(*told, *use);
    return what.empty() ? misfit_with_run(*use, *tables.bindings.run_of(id)) : what;
}

std::string UseCheck::misfit_of_row(const StoredUse& use, Tables& tables) {
    const auto intent = tables.entries.find_intent(use.start);
    const auto told = intent ? told_by(*intent) : told_by_request(use.start, tables);
    if (!told) return "nothing tells of it";
    if (tables.uses.find(use.start)->number != use.number) return "it is there twice";
    if (std::string what = misfit_with(*told, use); !what.empty()) return what;
    if (intent && use.was_given_back && tables.entries.is_open_intent(use.start)) {
        return "it was given back, and no entry tells that the call did not start";
    }
    return misfit_with_before(use, told->at, tables.uses);
}

}  // namespace approvekit::record
