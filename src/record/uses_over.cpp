#include "record/uses_over.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace approvekit::record {

namespace {

/// Returns what an entry says that the start took of a limit.
std::optional<LimitUse> told_use(Tables& tables, const std::string& start) {
    auto told = tables.entries.find_intent(start);
    if (!told) told = tables.entries.settlement(start);
    return told ? LimitUse::in(Json::parse(told->metadata, nullptr, false)) : std::nullopt;
}

}  // namespace

bool find_over_uses(Tables& tables, std::int64_t now, std::int64_t& from, OverBuckets& found) {
    std::vector<StoredUse> rows;
    const bool goes_on = tables.uses.each_of_stretch(from, [&](const StoredUse& use, const std::string&) {
        if (use.at <= now) rows.push_back(use);
        return true;
    });
    for (const StoredUse& row : rows) {
        const auto use = told_use(tables, row.start);
        if (!use || !is_use_over(*use, row.at, now)) continue;
        OverUses& over = found[{row.limit, row.bucket}];
        over.at = over.rows == 0 ? row.at : std::max(over.at, row.at);
        ++over.rows;
    }
    return goes_on;
}

}  // namespace approvekit::record
