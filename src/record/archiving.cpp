#include "record/archiving.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "keys/reviewer_name.hpp"
#include "record/archive_removal.hpp"
#include "record/archive_staging.hpp"
#include "record/audit_writer.hpp"
#include "record/uses_over.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace approvekit::record {

namespace {

constexpr int most_attempts = 3;
/// So few that everybody can wait until they are looked at.
constexpr std::int64_t few_places = 50;
constexpr int most_passes = 20;
/// So few that starts under a limit hardly wait; for each bucket, Uses::forget removes up to uses_forgotten_at_once.
constexpr std::size_t buckets_at_once = 10;
constexpr std::int64_t uses_forgotten_at_once = 100;

Error bad_order(const std::string& what) {
    return Error(ErrorCode::invalid_option, what);
}

void check_order(const ArchiveOrder& order) {
    keys::check_reviewer_name(order.reviewer);
    if (order.file.empty()) throw bad_order("an archive needs a file; name it with --out");
    std::error_code none;
    if (std::filesystem::exists(std::filesystem::symlink_status(order.file, none))) {
        throw bad_order(order.file.string() + ": is there already; name a new file with --out");
    }
}

ArchiveAnchor anchor_of(ArchivePlan& plan, ArchiveWriter& writer, const ArchiveOrder& order, Time now) {
    ArchiveAnchor anchor;
    anchor.id = random_uuid();
    anchor.file = std::filesystem::absolute(order.file).string();
    anchor.database = plan.first();
    anchor.from = plan.start().place + 1;
    anchor.before = plan.start().ends.text();
    anchor.place = plan.place();
    anchor.hash = plan.end();
    anchor.entries = writer.entries();
    anchor.rows = writer.rows();
    anchor.digest = writer.digest();
    anchor.kept = plan.kept_digest();
    anchor.until = order.before;
    anchor.time = now;
    if (order.signer != nullptr) anchor.sign_with(*order.signer);
    return anchor;
}

/// Gives others as much time as the work took.
class Turns {
public:
    void pass() {
        constexpr std::chrono::milliseconds longest{50};
        const auto now = std::chrono::steady_clock::now();
        std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(now - began_, longest));
        began_ = std::chrono::steady_clock::now();
    }

private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

ArchiveResult Archiving::run(const ArchiveOrder& order) {
    ArchiveResult result = finish_last(order);
    const bool is_repeated = result.anchor && result.anchor->file == std::filesystem::absolute(order.file).string();
    if (is_repeated) return result;
    result.anchor.reset();
    check_order(order);
    const Time now = time_of_record();
    if (order.before > now) throw bad_order("only what is past is archived; name an earlier time with --before");
    for (int attempt = 1; attempt <= most_attempts; ++attempt) {
        // The writer locks the file until the archive has its name, since replacing the file would lose what the record
        // says is in it.
        ArchiveWriter writer(std::filesystem::absolute(order.file), [&] { return is_left_at(order); });
        check_order(order);  // somebody else may have created it in the meantime
        const auto made = make(writer, order, now);
        if (!made) continue;
        if (made->anchor.entries == 0) return result;
        result.anchor = made->anchor;
        result.kept = made->kept;
        result.removed += finish_last(order).removed;
        return result;
    }
    throw StorageError(ErrorCode::storage_busy,
                       "somebody goes on with what is to be archived; nothing was archived, try it again");
}

Time Archiving::time_of_record() {
    Time now{};
    ledger_.move([&](UnitOfWork& unit) { now = unit.moment.now; });
    return now;
}

void Archiving::look_at_settled(const std::function<void(Tables&)>& look) {
    const std::int64_t settled = settled_end_();
    look_([&](Tables& tables) {
        tables.entries.look_up_to(settled);
        look(tables);
    });
}

bool Archiving::is_left_at(const ArchiveOrder& order) {
    bool is_left = false;
    look_([&](Tables& tables) {
        const auto last = tables.archives.last();
        is_left = last && is_anything_to_remove(tables) && last->file == std::filesystem::absolute(order.file).string();
    });
    return is_left;
}

std::optional<Archiving::Made> Archiving::make(ArchiveWriter& writer, const ArchiveOrder& order, Time now) {
    ArchivePlan plan(order.before);
    fill(plan, writer, order);
    if (writer.entries() == 0) return Made{};
    const ArchiveAnchor anchor = anchor_of(plan, writer, order, now);
    writer.finish(anchor);
    if (read_archive(writer.unfinished()).line() != anchor.line()) {
        throw StorageError(ErrorCode::storage_io,
                           order.file.string() + ": what was written cannot be read again; nothing was archived");
    }
    stage(plan, anchor.id, order);
    writer.leave();
    if (!put_on_record(anchor, plan, order)) {
        writer.take_back();
        return std::nullopt;
    }
    return Made{anchor, static_cast<std::int64_t>(plan.kept().size())};
}

void Archiving::fill(ArchivePlan& plan, ArchiveWriter& writer, const ArchiveOrder& order) {
    bool goes_on = true;
    const auto plan_some = [&](Tables& tables) { goes_on = plan.some(tables, writer); };
    look_at_settled(plan_some);
    if (order.progress) order.progress(plan.entries_seen());
    while (goes_on) {
        look_(plan_some);
        if (order.progress) order.progress(plan.entries_seen());
    }
}

void Archiving::stage(const ArchivePlan& plan, const std::string& id, const ArchiveOrder& order) {
    ArchiveStaging staging(plan, id);
    Turns turns;
    for (bool goes_on = true; goes_on;) {
        ledger_.move([&](UnitOfWork& unit) { staging.some(unit.tables); });
        goes_on = staging.go_on();
        if (order.progress) order.progress(plan.entries_seen());
        if (goes_on) turns.pass();
    }
}

bool Archiving::is_plan_outdated(const ArchivePlan& plan, std::int64_t& seen) {
    bool is_outdated = false;
    std::int64_t before = seen;
    for (int pass = 0; pass < most_passes && !is_outdated; ++pass) {
        look_at_settled([&](Tables& tables) { is_outdated = plan.is_outdated(tables, seen); });
        if (seen - before < few_places) break;
        before = seen;
    }
    return is_outdated;
}

bool Archiving::put_on_record(const ArchiveAnchor& anchor, const ArchivePlan& plan, const ArchiveOrder& order) {
    std::int64_t seen = plan.head();
    bool is_outdated = is_plan_outdated(plan, seen);
    if (is_outdated) return false;
    const Author author{order.reviewer, order.way, anchor.is_signed()};
    ledger_.move([&](UnitOfWork& unit) {
        Tables& tables = unit.tables;
        // Before the end of the audit is locked, since those who write a plan lock both in this order too.
        const bool is_staged = tables.archives.has_plan(anchor.id);
        tables.entries.own_end();
        const auto last = tables.archives.last();
        const bool is_first_to_come = is_staged && tables.archives.start().place == plan.start().place &&
                                      (last ? last->place : 0) == plan.start().place;
        std::int64_t seen_now = seen;  // the transaction may be run again
        is_outdated = !is_first_to_come || plan.is_outdated(tables, seen_now);
        if (is_outdated) return;
        tables.archives.settle_plan();
        tables.archives.insert(anchor);
        AuditWriter(unit).archive(anchor, author);
    });
    return !is_outdated;
}

ArchiveResult Archiving::finish_last(const ArchiveOrder& order) {
    ArchiveResult result;
    look_([&](Tables& tables) {
        if (is_anything_to_remove(tables)) result.anchor = tables.archives.last();
    });
    if (!result.anchor) return result;
    give_name(*result.anchor);
    forget_uses(result.anchor->until);
    Turns turns;
    for (bool goes_on = true; goes_on;) {
        std::int64_t more = 0;
        ledger_.move([&](UnitOfWork& unit) {
            ArchiveRemoval removal(unit);
            goes_on = removal.some();
            more = removal.removed();
        });
        result.removed += more;
        if (order.progress) order.progress(result.removed);
        if (goes_on) turns.pass();
    }
    return result;
}

void Archiving::forget_uses(Time until) {
    OverBuckets over;
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    for (bool goes_on = true; goes_on;) {
        look_([&](Tables& tables) { goes_on = find_over_uses(tables, until.time_since_epoch().count(), from, over); });
    }
    const std::vector<OverBuckets::value_type> buckets(over.begin(), over.end());
    for (std::size_t first = 0; first < buckets.size(); first += buckets_at_once)
        forget_uses_of(std::span(buckets).subspan(first, std::min(buckets_at_once, buckets.size() - first)));
}

void Archiving::forget_uses_of(std::span<const OverBuckets::value_type> buckets) {
    std::vector<std::pair<std::string, std::string>> names;
    std::int64_t most = 0;
    for (const auto& [name, over] : buckets) {
        names.push_back(name);
        most = std::max(most, over.rows);
    }
    Turns turns;
    for (std::int64_t forgotten = 0; forgotten < most; forgotten += uses_forgotten_at_once) {
        ledger_.move([&](UnitOfWork& unit) {
            unit.tables.uses.lock(names);
            for (const auto& [name, over] : buckets)
                unit.tables.uses.forget(name.first, name.second, over.at);
        });
        turns.pass();
    }
}

}  // namespace approvekit::record
