#include "approvekit/copy_record.hpp"

#include <string_view>

namespace approvekit {

AuditReport copy_record(Storage& from, Storage& to, const std::function<void(std::int64_t)>& progress) {
    AuditReport report;
    to.take_rows([&](const RowTaker& take) {
        std::int64_t rows = 0;
        report = from.give_rows([&](std::string_view table, const StoredRow& row) {
            take(table, row);
            if (progress) progress(++rows);
        });
        return report;
    });
    return report;
}

}  // namespace approvekit
