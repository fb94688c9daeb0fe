#pragma once

#include "approvekit/storage.hpp"
#include "record/audit_chain.hpp"
#include "record/portable_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::testing {

/// Copies a record as if it came from a server where its entries had been written into that many lanes, in turn, and
/// places had been left out.
class LanedCopy {
public:
    LanedCopy(Storage& from, std::int64_t lanes) : from_(from) {
        AuditQuery query{.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = true};
        do {
            const AuditPage page = from.audit(query);
            for (const AuditEntry& entry : page.entries)
                put_into_lane(entry, entry.sequence % lanes);
            query.cursor = page.next;
        } while (!query.cursor.empty());
    }

    AuditReport into(Storage& to) {
        to.take_rows([&](const RowTaker& take) {
            AuditReport report = from_.give_rows([&](std::string_view table, const StoredRow& row) {
                take(table, table == "approvekit_audit" ? in_lane(row) : row);
            });
            report.head = record::hex_of(ends_.combined());
            report.first = first_;
            report.sequence = place_of(report.sequence);
            told_ = report;
            return report;
        });
        return told_;
    }

private:
    struct Place {
        std::int64_t lane = 0;
        std::string hash;
    };

    static std::int64_t place_of(std::int64_t sequence) { return 2 * sequence; }

    void put_into_lane(const AuditEntry& entry, std::int64_t lane) {
        record::AuditRecord record = record::record_of(entry);
        record.lane = lane;
        const std::int64_t place = place_of(entry.sequence);
        const std::string hash = record::link_hash(ends_.before(lane), place, record);
        ends_.pass(place, lane, hash);
        if (first_.empty()) first_ = record::hex_of(hash);
        places_[std::to_string(entry.sequence)] = {lane, hash};
    }

    [[nodiscard]] StoredRow in_lane(StoredRow row) const {
        const auto& columns = record::portable_table("approvekit_audit").columns;
        const Place& place = places_.at(*row.front());
        for (std::size_t index = 0; index < columns.size(); ++index) {
            if (columns[index].name == "seq") row[index] = std::to_string(place_of(std::stoll(*row[index])));
            if (columns[index].name == "hash") row[index] = place.hash;
            if (columns[index].name == "lane") row[index] = std::to_string(place.lane);
        }
        return row;
    }

    Storage& from_;
    record::ChainEnds ends_;
    std::string first_;
    std::map<std::string, Place> places_;  // by their places in the original record
    AuditReport told_;
};

}  // namespace approvekit::testing
