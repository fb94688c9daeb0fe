#include "record/use_check.hpp"

#include "approvekit/limit_use.hpp"
#include "approvekit/metadata_keys.hpp"
#include "record/uses_over.hpp"

#include <algorithm>
#include <optional>

namespace approvekit::record {

namespace {

/// What is told about a start, and the time of the start.
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

/// Returns nothing for a request that was not allowed to start. The entry that approved it tells what it takes. As long
/// as no entry records its end, only the data beside its row tells when it started.
std::optional<ToldUse> told_by_request(const std::string& id, Tables& tables) {
    const auto run = tables.bindings.run_of(id);
    if (!run || run->started_at.empty()) return std::nullopt;
    const auto approved = tables.entries.settlement(id);
    if (!approved || approved->event != AuditEvent::approved) return std::nullopt;
    return told_by(Json::parse(approved->metadata, nullptr, false), run->started_at);
}

/// Whether it was allowed to start, but did not in the end.
bool did_not_start(const StoredRun& run) {
    return !run.is_open && run.state == RunState::none;
}

/// A row that does not count any more is removed when a later one of its bucket is added, or by an archive of the
/// entries up to then.
bool may_be_gone(const LimitUse& use, std::int64_t at, Tables& tables) {
    const auto last = tables.uses.last(use.limit, use.bucket);
    if (last && is_use_over(use, at, last->at)) return true;
    const auto archive = tables.archives.last();
    return archive && is_use_over(use, at, archive->until.time_since_epoch().count());
}

std::string misfit_of_missing(const ToldUse& told, Tables& tables) {
    return may_be_gone(told.use, told.at, tables) ? "" : "what it took of a limit is gone";
}

std::string misfit_with(const ToldUse& told, const StoredUse& use) {
    if (use.limit != told.use.limit || use.bucket != told.use.bucket)
        return "it is of another limit than its entry says";
    return use.amount == (use.was_given_back ? 0 : told.use.amount) ? ""
                                                                    : "its amount is not the one that its entry says";
}

/// Whether a row counts from the right time although the one before it may be gone. If the clock had been set back, it
/// counts from later than its own start, as long as the row before it counts; that row is gone only when both may be
/// removed. So the last row of a bucket counts from its own start, or from a start before it.
bool is_time_of_first(const StoredUse& use, const ToldUse& told, Tables& tables) {
    return use.at == told.at || (use.at > told.at && may_be_gone(told.use, use.at, tables));
}

std::string misfit_with_before(const StoredUse& use, const ToldUse& told, Tables& tables) {
    constexpr const char* other_time = "it counts from another time than its start";
    const auto before = tables.uses.before(use);
    if (!before) return is_time_of_first(use, told, tables) ? "" : other_time;
    std::int64_t total = 0;
    const bool fits = !__builtin_add_overflow(before->total, use.amount, &total) && total == use.total;
    if (!fits) return "its total does not follow from the one before it";
    return use.at == std::max(told.at, before->at) ? "" : other_time;
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
        return use ? misfit_with(*told, *use) : misfit_of_missing(*told, tables);
    }
    return misfit_of_outcome(entry, tables.uses);
}

std::string UseCheck::misfit_of_outcome(const AuditRecord& outcome, Uses& uses) {
    if (!met_any_ || outcome.follows.empty()) return "";
    const auto use = uses.find(outcome.follows);
    if (!use) return "";
    const bool is_unstarted = outcome.event == AuditEvent::refused;
    if (is_unstarted) unstarted_.insert(outcome.follows);
    if (use->was_given_back == is_unstarted) return "";
    return use->was_given_back ? "what the call took of a limit was given back, and it started"
                               : "the call did not start, and still takes of a limit";
}

bool UseCheck::is_told_as_unstarted(const std::string& intent, Entries& entries) const {
    // An entry that was written after the entries were checked is looked up.
    return unstarted_.contains(intent) || !entries.is_open_intent(intent);
}

std::string UseCheck::misfit_of_request(const std::string& id, Tables& tables) {
    const auto told = told_by_request(id, tables);
    if (!told) return "";
    const auto use = tables.uses.find(id);
    if (!use) return misfit_of_missing(*told, tables);
    const std::string what = misfit_with(*told, *use);
    return what.empty() ? misfit_with_run(*use, *tables.bindings.run_of(id)) : what;
}

std::string UseCheck::misfit_of_row(const StoredUse& use, Tables& tables) const {
    const auto intent = tables.entries.find_intent(use.start);
    const auto told = intent ? told_by(*intent) : told_by_request(use.start, tables);
    if (!told) return "nothing records it";
    if (tables.uses.find(use.start)->number != use.number) return "it appears twice";
    if (std::string what = misfit_with(*told, use); !what.empty()) return what;
    if (intent && use.was_given_back && !is_told_as_unstarted(use.start, tables.entries)) {
        return "it was given back, and no entry records that the call did not start";
    }
    return misfit_with_before(use, *told, tables);
}

}  // namespace approvekit::record
