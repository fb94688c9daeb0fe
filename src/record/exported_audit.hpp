#pragma once

#include "approvekit/audit.hpp"
#include "record/audit_chain.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

/// One line of an export in JSON: an entry with all that the chain covers, in ASCII. Without its end.
[[nodiscard]] std::string export_line(const AuditEntry& entry);

/// Checks an export line by line: that each is written exactly as export_line writes it, and that its entries are
/// linked. So no byte of an entry that is ours can change unnoticed.
class ExportedAudit {
public:
    /// `mark` as for AuditChain.
    explicit ExportedAudit(std::int64_t mark = 0) : chain_(mark) {}

    /// The next line, without its end; false at a fault.
    bool follow(std::string_view line);

    /// Everything of `in`, behind `first`, the line that was read of it before, if any; stops at the first fault. `progress`
    /// is told the number of entries checked so far.
    [[nodiscard]] AuditReport read(std::istream& in, const std::function<void(std::int64_t)>& progress = {},
                                   const std::optional<std::string>& first = {});

    /// Its entries go on behind `start`.
    void begin_behind(const ChainStart& start) { chain_.begin_behind(start); }
    /// Nothing more is worth looking at; false.
    bool stop(const std::string& what);

    [[nodiscard]] const AuditReport& report() const noexcept { return chain_.report(); }
    /// The place of the last line's entry.
    [[nodiscard]] std::int64_t place() const noexcept { return chain_.sequence(); }
    /// The hash of the last line's entry, hexadecimal; empty where another program wrote it.
    [[nodiscard]] const std::string& last_hash() const noexcept { return last_hash_; }
    /// What the next ones follow from.
    [[nodiscard]] const ChainEnds& ends() const noexcept { return chain_.ends(); }

private:
    AuditChain chain_;
    std::string last_hash_;
    std::int64_t lines_ = 0;
};

}  // namespace approvekit::record
