#include "record/uses_over.hpp"

#include <optional>

namespace approvekit::record {

namespace {

/// What is told of the limit that the start took of.
std::optional<LimitUse> told_use(Tables& tables, const std::string& start) {
    auto told = tables.entries.find_intent(start);
    if (!told) told = tables.entries.settlement(start);
    return told ? LimitUse::in(Json::parse(told->metadata, nullptr, false)) : std::nullopt;
}

}  // namespace

bool find_over_uses(Tables& tables, std::int64_t now, std::int64_t& from, std::vector<OverUses>& found) {
    std::vector<StoredUse> rows;
    const bool goes_on = tables.uses.each_of_stretch(from, [&](const StoredUse& use, const std::string&) {
        if (use.at <= now) rows.push_back(use);
        return true;
    });
    for (const StoredUse& row : rows) {
        const auto use = told_use(tables, row.start);
        if (use && is_use_over(*use, row.at, now)) found.push_back({row.limit, row.bucket, row.at});
    }
    return goes_on;
}

}  // namespace approvekit::record
